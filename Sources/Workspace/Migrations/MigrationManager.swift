public import Configuration
public import Core
import Foundation

/// Brings a workspace's state from one version of its form to another, up or down.
///
/// The new state is written beside the present one and takes its place by renames: killed at any point, the workspace
/// opens in the old version or in the new one, whole. The present state becomes a backup.
public struct MigrationManager: Sendable {
    let workspace: Workspace
    private let settings: StateSettings
    let time: any TimeSource
    private let session: ULID?
    private let migrations: [Migration]

    /// Works on a workspace that was just opened. `session` is one of this process, which may be open meanwhile and is
    /// over afterwards; any other session that runs makes a migration throw `inUse`.
    public init(_ workspace: Workspace, settings: StateSettings, time: any TimeSource, session: ULID? = nil) {
        self.workspace = workspace
        self.settings = settings
        self.time = time
        self.session = session
        migrations = Migration.all
    }

    /// What ``migrate(to:progress:)`` would do. Reads everything and changes nothing; ends soon after its task is
    /// cancelled, by throwing `cancelled`.
    public func plan(
        to version: Int, progress: @escaping @Sendable (StateProgress) -> Void = { _ in }
    ) async throws(WorkspaceError) -> MigrationPlan {
        let steps = try steps(to: version)
        var plan = MigrationPlan(from: workspace.schemaVersion, to: version, steps: [], bytes: 0)
        guard !steps.isEmpty else { return plan }
        let hot = try await onOwnThreads { [workspace] () async throws(WorkspaceError) in
            try await HotMigration(source: workspace.paths.hot, steps: steps).plan(progress)
        }
        let cold = try ProjectMigration(steps: steps).plan(workspace.paths.project)
        plan.bytes = hot.bytes + 2 * (FileStamp.size(of: workspace.paths.project) ?? 0)
        plan.steps = steps.enumerated().map { index, step in
            MigrationPlan.Step(
                version: step.version, name: step.migration.name, summary: step.migration.summary,
                isDowngrade: step.version < step.migration.version, hotRecords: hot.records[index],
                coldRecords: cold[index].records, losses: cold[index].losses)
        }
        return plan
    }

    /// Migrates, and tells the progress of each record. The workspace has to be found again afterwards.
    ///
    /// Cancelling the task calls it off, by throwing `cancelled`, for as long as nothing was replaced. Throws `inUse`
    /// while a session runs or somebody else replaces the state; whatever is thrown, the state is as it was.
    public func migrate(
        to version: Int, progress: @escaping @Sendable (StateProgress) -> Void = { _ in }
    ) async throws(WorkspaceError) -> MigrationResult {
        let steps = try steps(to: version)
        return try await onOwnThreads { () async throws(WorkspaceError) in
            try await migrate(steps, to: version, progress)
        }
    }

    private func migrate(
        _ steps: [Migration.Step], to version: Int, _ progress: @escaping @Sendable (StateProgress) -> Void
    ) async throws(WorkspaceError) -> MigrationResult {
        let from = workspace.schemaVersion
        guard !steps.isEmpty else {
            return MigrationResult(from: from, to: version, hotRecords: 0, coldRecords: 0, backup: nil)
        }
        let lock = try workspace.lockForReplacing(besides: session)
        defer { lock.release() }
        let swap = StateSwap(workspace.paths)
        let backups = Backups(workspace, settings: settings, time: time)
        do {
            try swap.prepare()
            let name = try backups.newName(for: .beforeMigration)
            let work = try await write(steps, name: name, to: swap, progress)
            try swap.commit(replacing: work.parts, removing: [], backup: name.text)
            backups.trim(sparing: [name.text])
            return MigrationResult(
                from: from, to: version, hotRecords: work.hotRecords, coldRecords: work.coldRecords, backup: name.text)
        } catch {
            swap.discardUnlessDecided()
            throw error
        }
    }

    private func steps(to version: Int) throws(WorkspaceError) -> [Migration.Step] {
        try Migration.check(migrations)
        if let reason = workspace.readOnlyReason {
            throw WorkspaceError(.newerVersion, workspace.paths.project, reason)
        }
        let newest = migrations.last?.version ?? 1
        guard (1...newest).contains(version) else {
            throw WorkspaceError(
                .missing, workspace.paths.project,
                "there is no version \(version) of the workspace's form: this program knows 1 to \(newest)")
        }
        return Migration.steps(from: workspace.schemaVersion, to: version, in: migrations)
    }
}
