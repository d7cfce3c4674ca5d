import Core
import Foundation
import GRDB
import Synchronization

/// What lists show of the artifacts' files, so that a list reads only those that changed since the last one.
///
/// It is derived data in the user's cache folder, and known to fit a file by its size, its time of change and its inode.
/// Where it cannot be read or kept, the files are read instead.
final class ArtifactIndex: Sendable {
    typealias Found = (summaries: [ArtifactSummary], problems: [WorkspaceError])

    /// A file as it was when it was read.
    struct Mark: Hashable {
        var size: Int64
        var modifiedAt: Int64
        var inode: Int64

        /// nil when there is no file.
        init?(_ path: String) {
            var status = stat()
            guard lstat(path, &status) == 0 else { return nil }
            size = Int64(status.st_size)
            modifiedAt = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
            inode = Int64(bitPattern: UInt64(status.st_ino))
        }

        init(row: Row) {
            (size, modifiedAt, inode) = (row["size"] ?? 0, row["modified_at"] ?? 0, row["inode"] ?? 0)
        }
    }

    struct Place: Hashable {
        var folder: String
        var id: String
    }

    struct Entry {
        var mark: Mark
        var summary: ArtifactSummary
    }

    private let store: IndexFile
    /// nil until it is loaded.
    private let entries = Mutex<[Place: Entry]?>(nil)

    init(of paths: WorkspacePaths, environment: [String: String]) {
        store = IndexFile(of: paths, environment: environment)
    }

    /// What is known of every artifact, those of one type where it is named; of several under one id, the one that was
    /// modified last.
    func summaries(_ hot: HotFolder, ofType type: String?) -> Found {
        let (files, problems) = files(hot, ofType: type)
        return (files.map(\.summary), problems)
    }

    /// The same with where each lies.
    func files(
        _ hot: HotFolder, ofType type: String?
    ) -> (files: [(place: Place, summary: ArtifactSummary)], problems: [WorkspaceError]) {
        entries.withLock { entries in
            let known = entries ?? store.load()
            var current: [Place: Entry] = [:]
            var changed: [Place: Entry] = [:]
            var problems: [WorkspaceError] = []
            for folder in Artifact.allFolders {
                do throws(WorkspaceError) {
                    for id in try hot.ids(in: folder) {
                        let place = Place(folder: folder, id: id)
                        do throws(WorkspaceError) {
                            guard let (entry, isRead) = try Self.entry(place, known[place], in: hot) else { continue }
                            current[place] = entry
                            if isRead { changed[place] = entry }
                        } catch {
                            problems.append(error)
                        }
                    }
                } catch {
                    problems.append(error)
                }
            }
            let gone = known.keys.filter { current[$0] == nil }
            if !changed.isEmpty || !gone.isEmpty { store.save(changed.filter { Self.isSettled($1.mark) }, gone) }
            entries = current.filter { changed[$0] == nil || Self.isSettled($1.mark) }
            let files = Self.newest(current).filter { type == nil || $0.value.summary.type == type }
            return (files.map { ($0.key, $0.value.summary) }, problems)
        }
    }

    private static func entry(
        _ place: Place, _ known: Entry?, in hot: HotFolder
    ) throws(WorkspaceError) -> (Entry, isRead: Bool)? {
        let path = hot.path(of: place.id, in: place.folder)
        guard Artifact.isSafe(place.id) else {
            throw WorkspaceError(
                .badName, path, "\(path.visible()) has a name that no artifact can have; rename it, at most 200 bytes")
        }
        // The mark first: what changes after it is noticed the next time.
        guard let mark = Mark(path) else { return nil }
        if let known, known.mark == mark { return (known, false) }
        guard let document = try hot.document(place.id, in: place.folder) else { return nil }
        let summary = ArtifactSummary(Artifact(document: document, id: place.id), .hot)
        return (Entry(mark: mark, summary: summary), true)
    }

    /// Whether a file that is written again from now on gets another mark: file systems tell times apart by some
    /// milliseconds only.
    private static func isSettled(_ mark: Mark) -> Bool {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec) - mark.modifiedAt > 100_000_000
    }

    private static func newest(_ all: [Place: Entry]) -> [(key: Place, value: Entry)] {
        let files = all.map { ($0.key.id, $0) }
        return Array(
            Dictionary(files) { $0.value.summary.modified < $1.value.summary.modified ? $1 : $0 }.values)
    }
}

/// The file that an index is kept in between processes.
private struct IndexFile: Sendable {
    private static let format = 1
    /// nil where the environment names no cache folder and no home: nothing is kept then.
    private let path: String?

    init(of paths: WorkspacePaths, environment: [String: String]) {
        let named = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/.cache" : nil }
        let name = Artifact.contentHash(of: JSONValue(StoredFile.realPath(paths.root) ?? paths.root)).prefix(32)
        path = (named ?? home).map { "\($0)/questfoundry/index/\(name).db" }
    }

    /// What is kept; nothing where it cannot be read.
    func load() -> [ArtifactIndex.Place: ArtifactIndex.Entry] {
        guard let path, FileManager.default.fileExists(atPath: path) else { return [:] }
        let rows = try? Self.queue(path).read { try Row.fetchAll($0, sql: "SELECT * FROM files") }
        var entries: [ArtifactIndex.Place: ArtifactIndex.Entry] = [:]
        for row in rows ?? [] {
            guard let folder: String = row["folder"], let id: String = row["id"], let text: String = row["summary"],
                let stored = try? JSONValue(parsing: Array(text.utf8)),
                let summary = ArtifactSummary(stored: stored, .hot)
            else { continue }
            entries[ArtifactIndex.Place(folder: folder, id: id)] =
                ArtifactIndex.Entry(mark: ArtifactIndex.Mark(row: row), summary: summary)
        }
        return entries
    }

    /// Keeps what changed. What cannot be kept is read anew the next time.
    func save(_ changed: [ArtifactIndex.Place: ArtifactIndex.Entry], _ gone: [ArtifactIndex.Place]) {
        guard let path else { return }
        let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try? withFolderLocked(ofFile: path) {
            makePrivateFile(path)
            try Self.queue(path).write { database in
                try Self.makeTable(in: database)
                for place in gone {
                    try database.cachedStatement(sql: "DELETE FROM files WHERE folder = ? AND id = ?")
                        .execute(arguments: [place.folder, place.id])
                }
                for (place, entry) in changed {
                    try database.cachedStatement(sql: "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)")
                        .execute(arguments: [
                            place.folder, place.id, entry.mark.size, entry.mark.modifiedAt, entry.mark.inode,
                            entry.summary.stored.text(),
                        ])
                }
            }
        }
    }

    private static func makeTable(in database: Database) throws {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version")
        if found != format { try database.execute(sql: "DROP TABLE IF EXISTS files") }
        try database.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS files (
                    folder TEXT NOT NULL, id TEXT NOT NULL, size INTEGER NOT NULL, modified_at INTEGER NOT NULL,
                    inode INTEGER NOT NULL, summary TEXT NOT NULL, PRIMARY KEY (folder, id));
                PRAGMA user_version = \(format)
                """)
    }

    private static func queue(_ path: String) throws -> DatabaseQueue {
        var settings = GRDB.Configuration()
        settings.busyMode = .timeout(2)
        settings.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = OFF") }
        return try DatabaseQueue(path: path, configuration: settings)
    }
}
