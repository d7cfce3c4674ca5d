public import Core
import Foundation

extension Backups {
    /// Replaces the state by that of a backup: work in progress, finished artifacts, media and the project's facts. The
    /// writer's settings stay as they are. The workspace has to be found again afterwards.
    ///
    /// The present state becomes a backup, whose name is returned: restoring that one undoes it. Throws `missing` when
    /// there is no such backup, `damaged` when a file of it is not what was written, `inUse` while a session other than
    /// `session` runs; whatever is thrown, the state is as it was. Cancelling calls it off for as long as nothing was
    /// replaced.
    public func restore(
        _ name: String, session: ULID? = nil, progress: @escaping @Sendable (StateProgress) -> Void = { _ in }
    ) async throws(WorkspaceError) -> (restored: Backup, undo: Backup) {
        try await onOwnThreads { () async throws(WorkspaceError) in
            try await replace(by: name, session, progress)
        }
    }

    private func replace(
        by name: String, _ session: ULID?, _ progress: @escaping @Sendable (StateProgress) -> Void
    ) async throws(WorkspaceError) -> (restored: Backup, undo: Backup) {
        let lock = try workspace.lockForReplacing(besides: session)
        defer { lock.release() }
        let backup = try backup(named: name)
        let swap = StateSwap(workspace.paths)
        do {
            try swap.prepare()
            let own = try newName(for: .beforeRestore)
            try await write(backup, to: swap, progress)
            let undo = try await describePresent(own, in: swap)
            try FileCopy.synchronize(swap.staging)
            let parts = StateSwap.Part.allCases
            try swap.commit(
                replacing: parts.filter { FolderTree.kind(of: "\(swap.new)/\($0.rawValue)") != nil },
                removing: parts.filter { FolderTree.kind(of: "\(swap.new)/\($0.rawValue)") == nil },
                backup: own.text)
            trim(sparing: [own.text, backup.name])
            return (backup, undo)
        } catch {
            swap.discardUnlessDecided()
            throw error
        }
    }

    private func backup(named name: String) throws(WorkspaceError) -> Backup {
        let known = try all()
        let place = "\(folder)/\(name)"
        guard BackupName(name) != nil, let backup = try Backup(name: name, folder: place) else {
            let names = known.prefix(5).map(\.name).joined(separator: ", ")
            throw WorkspaceError(
                .missing, folder,
                "there is no backup called \(name.prefix(120).visible()); "
                    + (names.isEmpty ? "there is none yet" : "the newest are \(names)"))
        }
        guard backup.schemaVersion <= Migration.newestVersion else {
            throw WorkspaceError(
                .newerVersion, place,
                "the backup \(name) has schema version \(backup.schemaVersion), and this program knows up to "
                    + "\(Migration.newestVersion): update QuestFoundry to restore it")
        }
        return backup
    }

    /// Copies a backup's state to where the new one is written, and compares every file with the backup's list.
    private func write(
        _ backup: Backup, to swap: StateSwap, _ progress: @escaping @Sendable (StateProgress) -> Void
    ) async throws(WorkspaceError) {
        let source = "\(folder)/\(backup.name)"
        let list = try list(of: backup, at: source)
        let counter = ProgressCounter(.writing, of: list.hashes.count, progress)
        var copied: [(path: String, sha256: String)] = []
        for part in StateSwap.Part.allCases {
            let (from, to) = ("\(source)/\(part.rawValue)", "\(swap.new)/\(part.rawValue)")
            switch FolderTree.kind(of: from) {
            case .folder?:
                for (path, digest) in try await TreeCopy.copy(from, to: to, progress: { counter.count() }) {
                    copied.append(("\(part.rawValue)/\(path)", digest.hash))
                }
            case .file?: copied.append((part.rawValue, try FileCopy.copy(from, to: to).hash))
            default: break
            }
        }
        let expected = list.hashes.filter { StateSwap.Part(ofPath: $0.key) != nil }
        for (path, sha256) in copied where expected[path] != sha256 { throw damaged("\(source)/\(path)") }
        if let missing = Set(expected.keys).subtracting(copied.map(\.path)).min() {
            throw damaged("\(source)/\(missing)")
        }
    }

    func list(of backup: Backup, at source: String) throws(WorkspaceError) -> FileList {
        let path = "\(source)/\(Backup.listName)"
        guard let bytes = try StoredFile.read(path), FileDigest(of: bytes).hash == backup.listHash,
            let list = FileList(String(decoding: bytes, as: UTF8.self))
        else { throw damaged(path) }
        return list
    }

    /// Writes what makes the present state a backup: its parts are moved there.
    private func describePresent(_ name: BackupName, in swap: StateSwap) async throws(WorkspaceError) -> Backup {
        var draft = BackupDraft(of: workspace.paths, in: swap.old)
        for part in [StateSwap.Part.hot, .media] { try await draft.noteFolder(part.rawValue) }
        if FolderTree.kind(of: workspace.paths.metadata) == .file {
            draft.note(StateSwap.Part.metadata.rawValue, try FileCopy.digest(of: workspace.paths.metadata))
        }
        try draft.addProject(evenIfDamaged: true)
        try await draft.addSettings()
        return try draft.seal(
            as: name, at: time.now(), reason: .beforeRestore, schemaVersion: workspace.schemaVersion)
    }

    private func damaged(_ path: String) -> WorkspaceError {
        WorkspaceError(
            .damaged, path,
            "\(path.visible()) is not as it was written: nothing was restored; take another backup")
    }
}
