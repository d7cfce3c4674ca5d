import Configuration
import Core
public import Workspace

extension Session {
    /// For how long a look at the state is good, in microseconds: it reads the names of all files.
    private static let lookIsGoodFor: Int64 = 1_000_000

    /// How the project's state stands: what it consists of, its version, its backups, and what is wrong with it.
    func stateStanding() -> Status.State {
        let now = environment.time.now().sinceBoot
        if let knownState, (0..<Self.lookIsGoodFor).contains(now - knownState.at) { return knownState.standing }
        var standing = Status.State(
            backend: stateSettings.backend.rawValue, schemaVersion: workspace.schemaVersion,
            newestVersion: workspace.schemaVersion + workspace.pendingMigrations)
        do throws(WorkspaceError) { try look(&standing) } catch { standing.problem = error.message }
        let end = environment.time.now().sinceBoot
        standing.latency = max(0, end - now)
        knownState = (standing, end)
        return standing
    }

    private func look(_ standing: inout Status.State) throws(WorkspaceError) {
        let summary = try backups.summary()
        standing.backups = summary.backups
        standing.problem = workspace.readOnlyReason
        let isOfFiles = [.file, .sqlite].contains(stateSettings.backend)
        let counts = isOfFiles ? summary.counts : try StateCounts(of: store)
        standing.hotArtifacts = counts.hotArtifacts
        standing.coldArtifacts = counts.coldArtifacts
        standing.snapshots = counts.snapshots
        standing.units = counts.tus
    }

    /// What a migration to a version would do. Reads everything and changes nothing.
    public func migrationPlan(to version: Int) async throws -> MigrationPlan {
        try await manager.plan(to: version)
    }

    /// Migrates the workspace, and tells the progress of each record. Throws when a run is under way, or another session.
    ///
    /// The session is over afterwards: the workspace has to be opened again.
    public func migrate(
        to version: Int, progress: @escaping @Sendable (StateProgress) -> Void
    ) async throws -> MigrationResult {
        try checkIdle()
        return try await manager.migrate(to: version, progress: progress)
    }

    /// Makes a backup of the present state.
    public func backUp(progress: @escaping @Sendable (StateProgress) -> Void) async throws -> Backup {
        defer { knownState = nil }
        return try await backups.take(.manual, progress: progress)
    }

    /// Replaces the state by that of a backup; the present one becomes the backup that is returned. Throws when a run is
    /// under way, or another session. The session is over afterwards: the workspace has to be opened again.
    public func restore(
        _ name: String, progress: @escaping @Sendable (StateProgress) -> Void
    ) async throws -> Backup {
        try checkIdle()
        return try await backups.restore(name, session: id, progress: progress).undo
    }

    private func checkIdle() throws(RunError) {
        guard work == nil else {
            throw RunError(.order, "a run is under way; cancel it, or wait for its end")
        }
    }

    private var stateSettings: StateSettings { (try? live.current().state) ?? StateSettings() }

    private var backups: Backups { Backups(workspace, settings: stateSettings, time: environment.time) }

    private var manager: MigrationManager {
        MigrationManager(workspace, settings: stateSettings, time: environment.time, session: id)
    }
}
