public import Configuration
public import Core
import Foundation

/// The backups of a workspace: makes them, lists them, restores them, and keeps the newest ones.
public struct Backups: Sendable {
    let workspace: Workspace
    let settings: StateSettings
    let time: any TimeSource

    public init(_ workspace: Workspace, settings: StateSettings, time: any TimeSource) {
        self.workspace = workspace
        self.settings = settings
        self.time = time
    }

    var folder: String { workspace.paths.backups }

    /// Every whole backup, the newest first. Changes nothing. One whose manifest is damaged is left out.
    public func all() throws(WorkspaceError) -> [Backup] {
        var found: [Backup] = []
        for entry in try FolderTree.entries(in: folder) where entry.kind == .folder {
            guard BackupName(entry.path) != nil else { continue }
            if let backup = try? Backup(name: entry.path, folder: "\(folder)/\(entry.path)") { found.append(backup) }
        }
        return found.reversed()
    }

    /// Makes a backup of the present state, and removes the oldest ones beyond those that are kept.
    ///
    /// Others wait until it is made before they change anything. Cancelling the task calls it off, by throwing
    /// `cancelled`; whatever is thrown, nothing of it is left.
    public func take(
        _ reason: Backup.Reason = .manual, progress: @escaping @Sendable (StateProgress) -> Void = { _ in }
    ) async throws(WorkspaceError) -> Backup {
        try await onOwnThreads { () async throws(WorkspaceError) in try await make(reason, progress) }
    }

    private func make(
        _ reason: Backup.Reason, _ progress: @escaping @Sendable (StateProgress) -> Void
    ) async throws(WorkspaceError) -> Backup {
        let lock = try workspace.lock()
        defer { lock.release() }
        try FolderTree.make(folder)
        removeUnfinished()
        let name = try newName(for: reason)
        let draft = "\(folder)/.\(name.text).partial"
        do throws(WorkspaceError) {
            let backup = try await write(name, reason, to: draft, progress)
            guard rename(draft, "\(folder)/\(name.text)") == 0 else { throw WorkspaceError(writing: draft, errno) }
            DurableFile.synchronizeFolder(folder)
            trim(sparing: [name.text])
            return backup
        } catch {
            try? FolderTree.remove(draft)
            throw error
        }
    }

    /// Makes a backup when the last one is older than `backup_interval_hours`; nil when none is due.
    public func takeIfDue() async throws(WorkspaceError) -> Backup? { try isDue() ? try await take(.scheduled) : nil }

    private func isDue() throws(WorkspaceError) -> Bool {
        let interval = Int64(min(settings.backupIntervalHours, 1_000_000)) * 3_600_000_000
        let now = time.now().wall
        guard interval > 0, workspace.readOnlyReason == nil else { return false }
        // One from the future, by a clock that was set back, does not keep others from being made.
        guard try !all().contains(where: { (0..<interval).contains(now - $0.createdAt) }) else { return false }
        // Where there is nothing yet, nothing can be lost.
        return try counts() != StateCounts()
    }

    private func write(
        _ name: BackupName, _ reason: Backup.Reason, to folder: String,
        _ progress: @escaping @Sendable (StateProgress) -> Void
    ) async throws(WorkspaceError) -> Backup {
        try FolderTree.make(folder)
        let total = try FolderTree.entries(below: workspace.paths.hot).count { $0.kind == .file }
        let counter = ProgressCounter(.writing, of: total, progress)
        var draft = BackupDraft(of: workspace.paths, in: folder)
        try draft.addFile("metadata.json")
        try await draft.addFolder("hot") { counter.count() }
        try draft.addProject()
        try await draft.addFolder("media")
        try await draft.addSettings()
        let backup = try draft.seal(
            as: name, at: time.now(), reason: reason, schemaVersion: workspace.schemaVersion)
        try FileCopy.synchronize(folder)
        return backup
    }

    // MARK: - What is kept

    func newName(for reason: Backup.Reason) throws(WorkspaceError) -> BackupName {
        BackupName(at: time.now(), reason: reason, besides: Set(try FolderTree.entries(in: folder).map(\.path)))
    }

    /// Removes the oldest backups beyond `keep_backups`, but for those that are in use. The caller has the lock.
    func trim(sparing names: [String]) {
        // What cannot be removed now is the next time.
        let old = ((try? all()) ?? []).dropFirst(max(1, settings.keepBackups))
        for backup in old where !names.contains(backup.name) { remove(backup.name) }
        removeUnfinished()
    }

    private func remove(_ name: String) {
        // Half removed, it must not look whole.
        let place = "\(folder)/.\(name).partial"
        guard rename("\(folder)/\(name)", place) == 0 else { return }
        try? FolderTree.remove(place)
    }

    /// Removes what a killed process left. The caller has the lock, so that nobody is writing any.
    private func removeUnfinished() {
        for entry in (try? FolderTree.entries(in: folder)) ?? [] {
            guard entry.path.hasPrefix("."), entry.path.hasSuffix(".partial") else { continue }
            try? FolderTree.remove("\(folder)/\(entry.path)")
        }
    }
}
