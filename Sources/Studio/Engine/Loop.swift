public import Core

/// A loop: the steps through which roles turn some artifacts into others. Loops are data; one engine runs them all.
public struct Loop: Hashable, Sendable {
    /// One step of a loop.
    public struct Step: Hashable, Sendable {
        public var name: String
        /// The loop whose step it is: a loop made of other loops has steps of each.
        public var loop: String
        public var role: RoleName
        /// The roles that are asked first, each in a request of its own.
        public var consulted: [RoleName]
        /// The types of artifacts that the step reads; with none it reads what the loop has written so far.
        public var inputs: [String]
        /// The types of artifacts that the step writes; with none its answer is a working note of the run.
        public var outputs: [String]
        /// The earlier steps whose working notes the step reads.
        var notes: [String]
        /// The name of the form in which the role answers; nil when no model is asked.
        var form: String?
        /// What the step makes one request for each of; nil for one request in all.
        var each: Each?
        /// The earlier step whose artifact this one writes the next revision of.
        var revises: String?
        /// The earlier step whose working notes are kept in the artifact, under `entries`.
        var collects: String?
        /// What the program itself does, after the answer where a model is asked.
        var action: ActionName?
        /// What the answer has to keep to; `$count` stands for the number of sections that was ordered.
        var asks: [PromptLine]
        /// The most bytes that one prompt of the step may have.
        var promptCap: Int

        /// The step's name among the steps of all loops: `story_spark/draft_scenes`.
        var path: String { "\(loop)/\(name)" }
    }

    /// What a step makes one request for each of.
    enum Each: Hashable, Sendable {
        /// The sections of the briefs that it reads.
        case section
        /// The artifacts of these types that it reads.
        case artifact([String])
    }

    /// The steps of one loop within a loop that is made of several; every other loop is one part.
    struct Part: Hashable, Sendable {
        var loop: String
        var steps: Range<Int>
        /// The roles without which the part is left out, unless the configuration names them.
        var roles: [RoleName] = []
        /// Whether a gatecheck that blocks ends the run after this part.
        var isGated = false
        /// Whether the part also reads what earlier runs left in the workspace.
        var readsWorkspace = true
    }

    public var name: String
    /// The name as a person reads it: `Story spark`.
    public var title: String
    /// What it is good for, in one sentence.
    public var about: String
    public var steps: [Step]
    var parts: [Part]
    /// How many sections the loop plans when nothing else is asked for; nil when it plans none.
    public var count: Int?

    /// The loops that it is made of, in order; empty for a loop with steps of its own.
    public var madeOf: [String] { parts.count > 1 ? parts.map(\.loop) : [] }

    /// Every built-in loop of the studio, in the order in which lists show them.
    public static var all: [Loop] { Library.builtIn.loops }

    /// The built-in loop of that name; nil when there is none.
    public static func named(_ name: String) -> Loop? { all.first { $0.name == name } }

    /// How many sections, and so scenes, a loop plans when neither it nor the order says.
    public static let defaultCount = 4
    /// How many sections may be asked for.
    public static let countRange = 1...40
    /// How many artifacts one answer may make at most.
    static let itemLimit = 40
}
