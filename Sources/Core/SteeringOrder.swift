/// What somebody asks of a run under way, from the dashboard, from another process or from the library.
public enum SteeringOrder: Hashable, Codable, Sendable {
    /// Stand still now: requests that were sent come to their ends, no other is made.
    case pause
    /// Stand still when the step under way is done.
    case pauseAfterStep
    /// Go on, and forget a pause that has not come yet.
    case goOn
    /// End the step under way and stand still before it: what it stored stays, and a call that was sent is charged.
    case stopStep
    /// End the run cleanly.
    case cancel
    /// Put words into the prompts of the next step that asks a model.
    case note(String)
    /// Do the last step once more with answers of its own, which replace what it wrote; what is under way is stopped.
    case redo
    /// Answer what a role asked.
    case answer(question: ULID, text: String)

    /// The most bytes of a note, and of an answer.
    public static let mostBytes = 2_000
}

/// What a role wants to know from the writer before it goes on.
public struct WriterQuestion: Hashable, Codable, Sendable {
    public var id: ULID
    public var role: RoleName
    public var step: String
    public var text: String
    /// What the role would choose from, the best first; may be empty.
    public var suggestions: [String]

    public init(id: ULID, role: RoleName, step: String, text: String, suggestions: [String]) {
        self.id = id
        self.role = role
        self.step = step
        self.text = text
        self.suggestions = suggestions
    }
}
