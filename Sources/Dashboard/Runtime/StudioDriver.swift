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
    /// Steers the run under way here; of another session where one is named.
    func steer(_ order: SteeringOrder, in session: ULID?) async throws
    /// The most that a step of a run may cost when it is done again; nil when a model has no price.
    func mostRedoMayCost(of run: ULID, step index: Int) async throws -> Money?
    func status() async throws -> Status
    /// Every loop that may be ordered, the workspace's own included.
    func loops() async throws -> [Loop]
    func costEstimate(_ order: RunOrder) async throws -> CostEstimate
    /// Has the showrunner pick the loop that serves a goal.
    func chooseLoop(for goal: String) async throws -> LoopChoice
    /// Takes the last provider switch or change of a limit back; returns what it undid, in words.
    func undo() async throws -> String
    func providerChoices(for role: RoleName, kind: ProviderKind) async throws -> ProviderChoices
    func offer(of provider: String, for role: RoleName, kind: ProviderKind) async throws -> ProviderOffer
    func quotes(
        of models: [String], on provider: String, for role: RoleName, kind: ProviderKind
    ) async throws -> [ModelQuote]
    func lookAtProvider(_ name: String, kind: ProviderKind, for role: RoleName?) async throws -> ProviderHealth
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
    /// The last events of all sessions up to a wall time, oldest first, without the pieces of texts.
    func events(upTo wall: Int64, last count: Int) async throws -> [SessionEventRecord]
    func card(of request: ULID) async throws -> RequestCard
    func card(of role: RoleName, kind: ProviderKind) async throws -> RoleCard
    func costBars(of length: CostBar.Length, count: Int) async throws -> [CostBar]
    func shelves() async throws -> Shelves
    /// Every artifact of the workspace in short, what was modified last first.
    func artifactList() async throws -> ArtifactPage
    func shown(_ stop: Reader.Stop) async throws -> Session.Shown
    func accept(_ id: String) async throws -> Piece
    func delete(_ ids: [String]) async throws
    func openEdit(_ id: String, isWhole: Bool) async throws -> OpenEdit
    func take(_ edit: OpenEdit) async throws -> Artifact
    func close() async
}

extension Session: StudioDriver {
    package nonisolated var workspaceRoot: String { workspace.root }

    package func chooseLoop(for goal: String) async throws -> LoopChoice {
        try await chooseLoop(for: goal, flags: RoleLayer())
    }

    package func steer(_ order: SteeringOrder, in session: ULID?) async throws {
        guard let session else { return try steer(order, by: "dashboard") }
        try await steer(order, in: session, by: "dashboard")
    }

    package func artifactList() throws -> ArtifactPage { try store.artifacts(ArtifactQuery(order: .modified)) }

    package func shelves() throws -> Shelves {
        Shelves(snapshots: try store.snapshots(), units: try store.units())
    }

    package func shown(_ stop: Reader.Stop) throws -> Shown {
        stop.isPiece ? try piece(stop.id, on: stop.shelf) : try artifact(stop.id, on: stop.shelf)
    }
}

extension GenerateOrder {
    var runOrder: RunOrder {
        var order = RunOrder(loop: loop, brief: brief, count: count, pausesAtLimits: true, asksWriter: true)
        order.goal = goal
        return order
    }
}
