public import Configuration
public import Core

/// What is asked of a session: which loop, about what, and how.
public struct RunOrder: Sendable {
    public var loop: String
    /// What the story is about; nil for the workspace's own brief.
    public var brief: String?
    /// How many sections to plan, and so scenes to draft; nil for ``Loop/defaultCount``.
    public var count: Int?
    /// Makes seeded providers repeatable; nil for none.
    public var seed: UInt64?
    /// Which of several answers to the same questions is wanted, from 1.
    public var take: Int
    /// Whether the cache's look-ups are skipped and its entries replaced.
    public var isFresh: Bool
    /// Runs only the steps of this role, on what an earlier run of the same order left; nil for all.
    public var role: RoleName?
    /// Settings for this run alone, above every other.
    public var flags: RoleLayer
    /// Whether the run pauses where a limit refuses a request that will fit later, and goes on by itself then; without
    /// it, and with `on_limit: fail`, it ends there.
    public var pausesAtLimits: Bool

    public init(
        loop: String = "story_spark", brief: String? = nil, count: Int? = nil, seed: UInt64? = nil, take: Int = 1,
        isFresh: Bool = false, role: RoleName? = nil, flags: RoleLayer = RoleLayer(), pausesAtLimits: Bool = false
    ) {
        self.loop = loop
        self.brief = brief
        self.count = count
        self.seed = seed
        self.take = take
        self.isFresh = isFresh
        self.role = role
        self.flags = flags
        self.pausesAtLimits = pausesAtLimits
    }
}
