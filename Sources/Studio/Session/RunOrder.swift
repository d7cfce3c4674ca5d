public import Configuration
public import Core

/// Which of several answers to the same questions is wanted.
public enum Take: Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// Counts from 1.
    case number(Int)
    /// The first of which the workspace holds nothing yet.
    case next

    public init(integerLiteral number: Int) { self = .number(number) }
}

/// What is asked of a session: which loop, about what, and how.
public struct RunOrder: Sendable {
    public var loop: String
    /// What the writer wants to come of the run, which its first step reads as a note; nil for nothing in particular.
    public var goal: String?
    /// What the story is about; nil for the workspace's own brief.
    public var brief: String?
    /// How many sections to plan, and so scenes to draft; nil for ``Loop/defaultCount``.
    public var count: Int?
    /// Makes seeded providers repeatable; nil for none.
    public var seed: UInt64?
    public var take: Take
    /// Whether the cache's look-ups are skipped and its entries replaced.
    public var isFresh: Bool
    /// Runs only the steps of this role, on what an earlier run of the same order left, and where that take has nothing,
    /// the one before it; nil for all.
    public var role: RoleName?
    /// The only artifacts of the workspace that the run reads, by id; empty for all.
    public var inputs: Set<String>
    /// How many requests of a step are made at once; what they come to does not depend on it.
    public var jobs: Int
    /// Settings for this run alone, above every other.
    public var flags: RoleLayer
    /// Whether the run pauses where a limit refuses a request that will fit later, and goes on by itself then; without
    /// it, and with `on_limit: fail`, it ends there.
    public var pausesAtLimits: Bool
    /// Whether somebody is there to answer what a role asks; without it the first suggestion counts.
    public var asksWriter: Bool

    public init(
        loop: String = "story_spark", brief: String? = nil, count: Int? = nil, seed: UInt64? = nil, take: Take = 1,
        isFresh: Bool = false, role: RoleName? = nil, inputs: Set<String> = [], jobs: Int = 1,
        flags: RoleLayer = RoleLayer(), pausesAtLimits: Bool = false,
        asksWriter: Bool = false
    ) {
        self.loop = loop
        self.brief = brief
        self.count = count
        self.seed = seed
        self.take = take
        self.isFresh = isFresh
        self.role = role
        self.inputs = inputs
        self.jobs = jobs
        self.flags = flags
        self.pausesAtLimits = pausesAtLimits
        self.asksWriter = asksWriter
    }
}
