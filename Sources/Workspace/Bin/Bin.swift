public import Core
import Foundation

/// What was deleted from the work in progress: a file for each artifact, kept for 30 days in the workspace's own folder, also
/// where a server keeps the state.
public struct Bin: Sendable {
    /// For how long what was deleted is kept, in days.
    public static let keptDays = 30
    private static let keptFor = Int64(keptDays) * 86_400_000_000

    private let workspace: Workspace
    private let time: any TimeSource
    private var folder: String { workspace.paths.bin }

    public init(_ workspace: Workspace, time: any TimeSource) {
        (self.workspace, self.time) = (workspace, time)
    }

    /// What lies in the bin, what was deleted last first. Files that nobody put there by deleting are left out.
    public func all() throws(WorkspaceError) -> [BinEntry] {
        try FolderTree.entries(in: folder).filter { $0.kind == .file }
            .compactMap { BinEntry(name: $0.path, keptFor: Self.keptFor) }
            .sorted { ($1.deletedAt, $0.id) < ($0.deletedAt, $1.id) }
    }

    /// The artifact that was deleted last under an id, as it was; nil when none is in the bin.
    public func newest(_ id: String) throws(WorkspaceError) -> (entry: BinEntry, artifact: Artifact)? {
        guard let entry = try all().first(where: { $0.id == id }) else { return nil }
        let path = path(of: entry)
        guard let bytes = try StoredFile.read(path) else { return nil }
        guard let document = (try? JSONValue(parsing: bytes))?.object else {
            throw WorkspaceError(.damaged, path, "\(path.visible()) is no JSON object: mend it, or move it away")
        }
        return (entry, Artifact(document: document, id: id))
    }

    /// Removes for good what was deleted more than ``keptDays`` ago.
    public func purge() throws(WorkspaceError) {
        let now = time.now().wall
        guard try all().contains(where: { $0.keptUntil <= now }) else { return }
        try exclusively { () throws(WorkspaceError) in
            for entry in try all() where entry.keptUntil <= now { try remove(entry) }
        }
    }

    /// Moves a file into the bin. Needs the workspace's lock.
    func move(_ path: String, of id: String) throws(WorkspaceError) {
        let entry = try newEntry(for: id)
        guard rename(path, self.path(of: entry)) == 0 else { throw WorkspaceError(writing: path, errno) }
        DurableFile.synchronizeFolder(folder)
        DurableFile.synchronizeFolder(URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false))
    }

    /// Adds a copy of an artifact, durably.
    func add(_ artifact: Artifact) throws(WorkspaceError) -> BinEntry {
        try exclusively { () throws(WorkspaceError) in
            let entry = try newEntry(for: artifact.id)
            let text = artifact.json.text(isPretty: true) + "\n"
            do throws(DurableFile.Failure) {
                try DurableFile.write(Data(text.utf8), to: path(of: entry))
            } catch {
                throw WorkspaceError(error)
            }
            return entry
        }
    }

    func remove(_ entry: BinEntry) throws(WorkspaceError) {
        let path = path(of: entry)
        guard unlink(path) == 0 || errno == ENOENT else { throw WorkspaceError(writing: path, errno) }
        DurableFile.synchronizeFolder(folder)
    }

    private func path(of entry: BinEntry) -> String { "\(folder)/\(entry.name)" }

    /// A name that no file in the bin has.
    private func newEntry(for id: String) throws(WorkspaceError) -> BinEntry {
        try FolderTree.make(folder)
        guard FolderTree.kind(of: folder) == .folder else {
            throw WorkspaceError(.badName, folder, "\(folder.visible()) is no folder, or a link; move it away")
        }
        var entry = BinEntry(id: id, deletedAt: time.now().wall, keptFor: Self.keptFor)
        while FolderTree.kind(of: path(of: entry)) != nil {
            entry = BinEntry(id: id, deletedAt: entry.deletedAt + 1, keptFor: Self.keptFor)
        }
        return entry
    }

    private func exclusively<Value>(_ body: () throws(WorkspaceError) -> Value) throws(WorkspaceError) -> Value {
        try workspace.exclusively(body) { $0 }
    }
}

/// One deleted artifact.
public struct BinEntry: Hashable, Sendable {
    public let id: String
    /// Wall time in microseconds.
    public let deletedAt: Int64
    /// Until when it can be brought back, as wall time in microseconds.
    public let keptUntil: Int64

    init(id: String, deletedAt: Int64, keptFor: Int64) {
        self.id = id
        self.deletedAt = deletedAt
        keptUntil = deletedAt.addingReportingOverflow(keptFor).partialValue
    }

    /// Reads a file's name, `1795521600000000-ID.json`; nil for any other.
    init?(name: String, keptFor: Int64) {
        guard name.hasSuffix(".json"), let dash = name.firstIndex(of: "-"), let moment = Int64(name[..<dash]),
            (0...Int64.max - keptFor).contains(moment)
        else { return nil }
        self.init(id: String(name[name.index(after: dash)...].dropLast(5)), deletedAt: moment, keptFor: keptFor)
        guard Artifact.isSafe(id), self.name == name else { return nil }
    }

    /// The file's name: when it was deleted, and what.
    var name: String { "\(deletedAt)-\(id).json" }
}
