public import Core

/// A loop: the steps through which roles turn some artifacts into others. Loops are data; one engine runs them all.
public struct Loop: Hashable, Sendable {
    /// One step of a loop.
    public struct Step: Hashable, Sendable {
        public var name: String
        public var role: RoleName
        /// The roles that are asked first, each in a request of its own.
        public var consulted: [RoleName]
        /// The types of artifacts that the step reads.
        public var inputs: [String]
        /// The types of artifacts that the step writes.
        public var outputs: [String]
        /// The name of the form in which the role answers.
        var form: String
        /// Whether the step makes one request for every section of the brief instead of one for all.
        var isPerSection: Bool
        /// The earlier step whose artifact this one writes the next revision of.
        var revises: String?
        /// What the answer has to keep to; `$count` stands for the number of sections that was ordered.
        var asks: [PromptLine]
        /// The most bytes that one prompt of the step may have.
        var promptCap: Int
    }

    public var name: String
    /// The name as a person reads it: `Story spark`.
    public var title: String
    public var steps: [Step]
    /// Whether the loop also reads what earlier runs left in the workspace.
    var readsWorkspace: Bool

    /// Every loop of the studio, in the order in which lists show them.
    public static var all: [Loop] { Library.builtIn.loops }

    /// The loop of that name; nil when there is none.
    public static func named(_ name: String) -> Loop? { all.first { $0.name == name } }

    /// How many sections, and so scenes, a loop plans when nothing else is asked for.
    public static let defaultCount = 4
    /// How many sections may be asked for.
    public static let countRange = 1...40
}
