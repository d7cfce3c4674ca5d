import Configuration
import Core
public import Workspace

extension Session {
    /// For how long a look at the state is good, in microseconds: it reads the names of all files.
    private static let lookIsGoodFor: Int64 = 1_000_000

    /// How the project's state stands, where somebody has looked just now; nil where it is time to look again.
    var knownStanding: Status.State? {
        let now = environment.time.now().sinceBoot
        return knownState.flatMap { (0..<Self.lookIsGoodFor).contains(now - $0.at) ? $0.standing : nil }
    }

    /// Notes what a look has found that began when ``stateLooks`` was so many.
    func note(_ standing: Status.State, since looks: Int) {
        if stateLooks == looks { knownState = (standing, environment.time.now().sinceBoot) }
    }

    /// How the project's state stands: what it consists of, its version, its backups, and what is wrong with it. The session
    /// goes on meanwhile.
    nonisolated func look() -> Status.State {
        let start = environment.time.now().sinceBoot
        var standing = Status.State(
            backend: stateSettings.backend.rawValue, schemaVersion: workspace.schemaVersion,
            newestVersion: workspace.schemaVersion + workspace.pendingMigrations)
        do throws(WorkspaceError) { try look(&standing) } catch { standing.problem = error.message }
        standing.latency = max(0, environment.time.now().sinceBoot - start)
        return standing
    }

    private nonisolated func look(_ standing: inout Status.State) throws(WorkspaceError) {
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

    private nonisolated var stateSettings: StateSettings { (try? live.current().state) ?? StateSettings() }

    private nonisolated var backups: Backups { Backups(workspace, settings: stateSettings, time: environment.time) }

    private var manager: MigrationManager {
        MigrationManager(workspace, settings: stateSettings, time: environment.time, session: id)
    }
}
