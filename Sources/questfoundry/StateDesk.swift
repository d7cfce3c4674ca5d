import Configuration
import Core
import Foundation
import RedisStores
import Synchronization
import Workspace

/// What the commands of `state` work with.
struct StateDesk {
    let workspace: Workspace
    let settings: StateSettings
    private let configuration: Configuration?
    private let isQuiet: Bool

    init(_ options: GlobalOptions, evenIfDamaged: Bool = false) throws {
        let opening = Opening(options: options)
        workspace = try opening.workspace(evenIfDamaged: evenIfDamaged)
        isQuiet = options.quiet
        guard let loaded = opening.load(for: workspace).configuration else {
            // A configuration that cannot be read keeps nobody from a backup, and lets none be removed.
            var unknown = StateSettings()
            unknown.keepBackups = .max
            (configuration, settings) = (nil, unknown)
            return
        }
        configuration = try opening.trusting(loaded, of: workspace)
        settings = loaded.state
    }

    var backups: Backups { Backups(workspace, settings: settings, time: SystemTime()) }
    var manager: MigrationManager { MigrationManager(workspace, settings: settings, time: SystemTime()) }
    var newestVersion: Int { workspace.schemaVersion + workspace.pendingMigrations }

    /// Where the configuration says that the state is kept.
    func store() throws -> any StateStore {
        let time = SystemTime()
        if let configuration, settings.backend == .redis,
            let state = try RedisShare.open(configuration, project: workspace.name)?.state(
                workspace.info, time: time)
        {
            return state
        }
        return workspace.store(settings.backend, time: time)
    }

    /// What the state consists of, wherever it is kept.
    func summary() throws -> StateSummary {
        var summary = try backups.summary()
        if settings.backend == .redis { summary.counts = try StateCounts(of: store()) }
        return summary
    }

    func note(_ text: String) { if !isQuiet { Output.note(text) } }

    func plan(to version: Int?) async throws -> MigrationPlan {
        try await work { progress in try await manager.plan(to: version ?? newestVersion, progress: progress) }
    }

    /// Does work that a signal calls off, and tells its progress on standard error.
    func work<Value: Sendable>(
        _ work: @escaping @Sendable (@escaping @Sendable (StateProgress) -> Void) async throws -> Value
    ) async throws -> Value {
        let notes = ProgressNotes(isQuiet: isQuiet)
        let task = Task { try await work { notes.tell($0) } }
        let stop = StopSignals { task.cancel() }
        defer { stop.cancel() }
        return try await task.value
    }
}

/// Tells every tenth of a stage that has many records.
private final class ProgressNotes: Sendable {
    private static let fewest = 500
    private let told = Mutex<(stage: StateProgress.Stage, tenth: Int)?>(nil)
    private let isQuiet: Bool

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    func tell(_ progress: StateProgress) {
        guard !isQuiet, progress.total >= Self.fewest else { return }
        let tenth = progress.done * 10 / progress.total
        let isNews = told.withLock { told in
            if let told, told.stage == progress.stage, told.tenth >= tenth { return false }
            told = (progress.stage, tenth)
            return true
        }
        if isNews { Output.note("\(progress.stage.rawValue) \(progress.done) of \(progress.total)") }
    }
}
