import Core
import Crypto
import Foundation

/// Writes the work in progress anew beside the present one, as a migration leaves it.
struct HotMigration: Sendable {
    /// What became of one file.
    struct Record: Sendable {
        /// Relative to `hot`.
        var path: String
        var before: FileDigest
        var after: FileDigest
        /// SHA-256 of the content's bytes; nil for what is no artifact.
        var content: SHA256.Digest?
        /// The file as it was when it was read.
        var stamp: FileStamp?
        /// Which of the steps changed it.
        var changes: [Bool]
    }

    let source: String
    let steps: [Migration.Step]

    private var entries: [FolderTree.Entry] {
        get throws(WorkspaceError) { try FolderTree.entries(below: source) }
    }

    /// Whether a file is in a place where artifacts are.
    private static func isArtifact(_ entry: FolderTree.Entry) -> Bool { Artifact.isPlace("hot/\(entry.path)") }

    /// How many records each step would change, and how many bytes would be written. Reads only.
    func plan(
        _ progress: @escaping @Sendable (StateProgress) -> Void
    ) async throws(WorkspaceError) -> (records: [Int], bytes: Int) {
        let files = try entries.filter { $0.kind == .file }
        let counter = ProgressCounter(.reading, of: files.count, progress)
        let results = try await inParallel(files) { entry throws(WorkspaceError) in
            defer { counter.count() }
            let path = "\(source)/\(entry.path)"
            guard Self.isArtifact(entry), let (bytes, _) = try StoredFile.contents(path) else {
                return (steps.map { _ in false }, FileStamp.size(of: path) ?? 0)
            }
            let (changed, changes, _) = change(bytes)
            return (changes, (changed ?? bytes).count)
        }
        let records = steps.indices.map { index in results.count { $0.0[index] } }
        return (records, results.reduce(0) { $0 + $1.1 })
    }

    /// Writes everything below `hot` to another place, every file that no step changes as it is.
    func write(
        to target: String, _ progress: @escaping @Sendable (StateProgress) -> Void
    ) async throws(WorkspaceError) -> [Record] {
        let entries = try entries
        try TreeCopy.makeFrame(of: entries, from: source, at: target)
        let files = entries.filter { $0.kind == .file }
        let counter = ProgressCounter(.writing, of: files.count, progress)
        return try await inParallel(files) { entry throws(WorkspaceError) in
            defer { counter.count() }
            return try write(entry, to: target)
        }
    }

    /// Whether everything was written as it should be, and the present files are still those that were read.
    func check(
        _ records: [Record], at target: String, _ progress: @escaping @Sendable (StateProgress) -> Void
    ) async throws(WorkspaceError) {
        let counter = ProgressCounter(.checking, of: records.count, progress)
        _ = try await inParallel(records) { record throws(WorkspaceError) in
            defer { counter.count() }
            try check(record, at: "\(target)/\(record.path)")
        }
        let counts = try [source, target].map { root throws(WorkspaceError) in
            try FolderTree.entries(below: root).count { $0.kind == .file }
        }
        guard counts == [records.count, records.count] else { throw Self.changedMeanwhile(source) }
    }

    private func check(_ record: Record, at path: String) throws(WorkspaceError) {
        guard record.stamp == FileStamp(of: "\(source)/\(record.path)") else {
            throw Self.changedMeanwhile("\(source)/\(record.path)")
        }
        guard let content = record.content else {
            guard try FileCopy.digest(of: path) == record.after else { throw Self.wrong(path) }
            return
        }
        guard let bytes = try StoredFile.read(path), FileDigest(of: bytes) == record.after,
            SHA256.hash(data: JSONMembers(in: bytes)?["data"].map { bytes[$0.value] } ?? []) == content
        else { throw Self.wrong(path) }
    }

    private func write(_ entry: FolderTree.Entry, to target: String) throws(WorkspaceError) -> Record {
        let (path, place) = ("\(source)/\(entry.path)", "\(target)/\(entry.path)")
        guard Self.isArtifact(entry), let (bytes, status) = try StoredFile.contents(path) else {
            let stamp = FileStamp(of: path)
            let digest = try FileCopy.copy(path, to: place)
            return Record(
                path: entry.path, before: digest, after: digest, stamp: stamp, changes: steps.map { _ in false })
        }
        let (changed, changes, content) = change(bytes)
        try FileCopy.write(changed ?? bytes, to: place, like: status)
        let before = FileDigest(of: bytes)
        return Record(
            path: entry.path, before: before, after: changed.map { FileDigest(of: $0) } ?? before, content: content,
            stamp: FileStamp(status), changes: changes)
    }

    /// What the steps make of a file, nil when it stays as it is; which of them change it; and the hash of its content,
    /// nil for what is no artifact.
    private func change(_ bytes: [UInt8]) -> (bytes: [UInt8]?, changes: [Bool], content: SHA256.Digest?) {
        var current: [UInt8]?
        var text = ArtifactText(bytes)
        let content = text.map { SHA256.hash(data: $0.content) }
        let changes = steps.map { step in
            guard let changed = text.flatMap(step.change.artifact) else { return false }
            current = changed
            if steps.count > 1 { text = ArtifactText(changed) }
            return true
        }
        return (current, changes, content)
    }

    static func changedMeanwhile(_ path: String) -> WorkspaceError {
        WorkspaceError(
            .conflict, path, "\(path.visible()) was changed while it was read: nothing was migrated; try again")
    }

    private static func wrong(_ path: String) -> WorkspaceError {
        WorkspaceError(.other, path, "\(path.visible()) came out otherwise than it was written: check the disk")
    }
}
