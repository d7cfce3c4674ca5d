import Core
import Foundation

extension MigrationManager {
    /// What was written beside the present state.
    struct Work {
        /// The parts that are to be replaced, folders first.
        var parts: [StateSwap.Part] = []
        var hotRecords = 0
        var coldRecords = 0
    }

    /// Writes the new state, and what makes the present one a backup, makes both durable and checks the new one.
    func write(
        _ steps: [Migration.Step], name: BackupName, to swap: StateSwap,
        _ progress: @escaping @Sendable (StateProgress) -> Void
    ) async throws(WorkspaceError) -> Work {
        var work = Work()
        let hot = HotMigration(source: workspace.paths.hot, steps: steps)
        let newHot = "\(swap.new)/\(StateSwap.Part.hot.rawValue)"
        var records: [HotMigration.Record] = []
        if FolderTree.kind(of: workspace.paths.hot) != nil {
            records = try await hot.write(to: newHot, progress)
            work.parts.append(.hot)
            work.hotRecords = records.count { $0.changes.contains(true) }
        }
        try await describePresent(records, as: name, in: swap)
        // Reading a file that has a log may have written the log into it.
        let stamp = FileStamp(of: workspace.paths.project)
        work.coldRecords = try writeProject(steps, to: swap)
        work.parts.append(.project)
        try FileCopy.synchronize(swap.staging)
        try await hot.check(records, at: newHot, progress)
        try ProjectMigration(steps: steps).check(swap.newProject)
        guard stamp == FileStamp(of: workspace.paths.project) else {
            throw HotMigration.changedMeanwhile(workspace.paths.project)
        }
        return work
    }

    /// Writes what makes the present state a backup: its work in progress is moved there as it is.
    private func describePresent(
        _ records: [HotMigration.Record], as name: BackupName, in swap: StateSwap
    ) async throws(WorkspaceError) {
        var backup = BackupDraft(of: workspace.paths, in: swap.old)
        for record in records { backup.note("\(StateSwap.Part.hot.rawValue)/\(record.path)", record.before) }
        try backup.addProject()
        try backup.addFile(StateSwap.Part.metadata.rawValue)
        try await backup.addFolder(StateSwap.Part.media.rawValue)
        try await backup.addSettings()
        _ = try backup.seal(
            as: name, at: time.now(), reason: .beforeMigration, schemaVersion: workspace.schemaVersion)
    }

    private func writeProject(_ steps: [Migration.Step], to swap: StateSwap) throws(WorkspaceError) -> Int {
        if FolderTree.kind(of: swap.oldProject) != nil {
            _ = try FileCopy.copy(swap.oldProject, to: swap.newProject)
        } else {
            try ProjectFile.create(at: swap.newProject, info: workspace.info, version: workspace.schemaVersion)
        }
        return try ProjectMigration(steps: steps).migrate(swap.newProject).reduce(0, +)
    }
}
