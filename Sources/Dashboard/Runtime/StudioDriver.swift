package import Configuration
package import Core
package import Metering
package import ResponseCache
package import Studio
package import Workspace

/// What the dashboard needs of a session; ``Session`` is the one that does it.
package protocol StudioDriver: Sendable {
    /// The folder that holds the workspace.
    var workspaceRoot: String { get }
    /// Every event from now on, until the session is closed.
    func events() -> AsyncStream<SessionEventRecord>
    /// What happens in the sessions of other processes and machines that share the project, until the session is closed.
    func eventsElsewhere() -> AsyncStream<SessionEventRecord>
    func run(_ order: RunOrder) async -> RunReport
    /// Ends the run under way cleanly; does nothing when there is none.
    func cancel() async
    func status() async throws -> Status
    /// Every loop that may be ordered, the workspace's own included.
    func loops() async throws -> [Loop]
    /// nil when a model has no price.
    func mostItMayCost(_ order: RunOrder) async throws -> Money?
    func providerChoices(for role: RoleName, kind: ProviderKind) async throws -> ProviderChoices
    func offer(of provider: String, for role: RoleName, kind: ProviderKind) async throws -> ProviderOffer
    func quotes(
        of models: [String], on provider: String, for role: RoleName, kind: ProviderKind
    ) async throws -> [ModelQuote]
    func lookAtProvider(_ name: String, kind: ProviderKind) async throws -> ProviderHealth
    func lookAtProvidersInUse() async throws
    func switchRole(_ role: RoleName, kind: ProviderKind?, to provider: String, model: String?) async throws
    func resetRole(_ role: RoleName) async throws
    func prunePlan(_ filter: PruneFilter) async throws -> PruneResult
    func prune(_ filter: PruneFilter) async throws -> PruneResult
    func changeLimit(_ order: LimitOrder) async throws
    func cachedEntries(
        of provider: String?, sortedBy order: CacheOrder, from first: Int, atMost count: Int
    ) async throws -> [CachedEntry]
    func trustConfiguration() async throws
    func cachedAnswer(_ key: String) async throws -> CachedAnswer?
    func migrationPlan(to version: Int) async throws -> MigrationPlan
    /// The driver is over afterwards, as after ``restore(_:progress:)``.
    func migrate(
        to version: Int, progress: @escaping @Sendable (StateProgress) -> Void
    ) async throws -> MigrationResult
    func backUp(progress: @escaping @Sendable (StateProgress) -> Void) async throws -> Backup
    func restore(_ name: String, progress: @escaping @Sendable (StateProgress) -> Void) async throws -> Backup
    /// Takes over what a changed configuration says of the roles; false where the rest wants the workspace opened again.
    func reconfigure(_ configuration: Configuration) async -> Bool
    /// Keeps a theme for every dashboard of the workspace.
    func keepTheme(_ name: String) async throws
    func monthTallies() async throws -> [Tally]
    func close() async
}

extension Session: StudioDriver {
    package nonisolated var workspaceRoot: String { workspace.root }
}

extension GenerateOrder {
    var runOrder: RunOrder { RunOrder(loop: loop, brief: brief, count: count, pausesAtLimits: true) }
}
