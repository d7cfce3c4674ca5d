import Core
import Foundation

/// Puts a state that was written beside the present one in its place, and makes a backup of the present one.
///
/// `run/staging/new` holds the state to come, `run/staging/old` what the backup holds besides the parts that are moved
/// into it. The rename of `migration.json` into `run` decides: killed before it, a process leaves a copy that the next
/// opening removes; killed after it, renames that the next opening goes on with.
struct StateSwap {
    /// What a state consists of, each replaced by a rename. The folders come first: they are the ones that may refuse.
    enum Part: String, CaseIterable {
        case hot
        case media
        case metadata = "metadata.json"
        case project = "project.qfproj"

        func place(in paths: WorkspacePaths) -> String {
            self == .project ? paths.project : "\(paths.folder)/\(rawValue)"
        }

        /// The part that a file of a backup belongs to; nil when it is not restored.
        init?(ofPath path: String) { self.init(rawValue: String(path.prefix { $0 != "/" })) }
    }

    private let paths: WorkspacePaths

    init(_ paths: WorkspacePaths) { self.paths = paths }

    var staging: String { paths.run + "/staging" }
    var new: String { staging + "/new" }
    var old: String { staging + "/old" }
    var newProject: String { "\(new)/\(Part.project.rawValue)" }
    var oldProject: String { "\(old)/\(Part.project.rawValue)" }
    /// There from the decision to the end.
    private var journal: String { paths.run + "/migration.json" }

    /// Makes the folders that the new state and the backup are written to. The caller has the workspace's lock.
    func prepare() throws(WorkspaceError) {
        try FolderTree.make(paths.run)
        try FolderTree.remove(staging)
        for folder in [staging, new, old] { try FolderTree.make(folder) }
        for part in Part.allCases { try checkMovable(part.place(in: paths)) }
    }

    /// Removes what was written, unless it was decided that it takes the place of the present state.
    func discardUnlessDecided() { if FolderTree.kind(of: journal) == nil { discard() } }

    // What cannot be removed now is the next time.
    private func discard() { try? FolderTree.remove(staging) }

    /// Replaces parts of the state, durably: `removing` those that the new one does not have. When this throws, the
    /// present state is whole and nothing was moved, or the next opening goes on.
    func commit(replacing replaced: [Part], removing removed: [Part], backup: String) throws(WorkspaceError) {
        let order = Order(replaced: replaced, removed: removed, backup: backup)
        let draft = staging + "/migration.json"
        do { try DurableFile.write(order.json.bytes(isPretty: true), to: draft) } catch {
            throw WorkspaceError(error)
        }
        guard rename(draft, journal) == 0 else { throw WorkspaceError(writing: journal, errno) }
        DurableFile.synchronizeFolder(paths.run)
        do { try finish(order) } catch {
            // Where the first rename was refused nothing has happened yet, and the decision can be taken back.
            if let first = replaced.first?.rawValue, FolderTree.kind(of: "\(new)/\(first)") != nil,
                FolderTree.kind(of: "\(old)/\(first)") == nil
            {
                unlink(journal)
            }
            throw error
        }
    }

    /// Brings what a killed process left to its end; does nothing, and changes nothing, when there is nothing of it.
    func recover() throws(WorkspaceError) {
        let isDecided = FolderTree.kind(of: journal) != nil
        guard isDecided || FolderTree.kind(of: staging) != nil else { return }
        // An undecided copy whose writer has the lock is being written now; one that may not be removed disturbs nobody.
        let taken = isDecided ? try FileLock(paths.lock) : (try? FileLock(ifFree: paths.lock)) ?? nil
        guard let lock = taken else { return }
        defer { lock.release() }
        guard FolderTree.kind(of: journal) != nil else { return discard() }
        try finish(Order(reading: journal))
    }

    // MARK: - After the decision

    private func finish(_ order: Order) throws(WorkspaceError) {
        for part in order.replaced { try replace(part) }
        for part in order.removed { try remove(part) }
        if FolderTree.kind(of: old) != nil {
            try FolderTree.make(paths.backups)
            try move(old, to: "\(paths.backups)/\(order.backup)")
        }
        try FileCopy.synchronize(paths.folder)
        try FileCopy.synchronize(paths.root)
        guard unlink(journal) == 0 || errno == ENOENT else { throw WorkspaceError(writing: journal, errno) }
        DurableFile.synchronizeFolder(paths.run)
        discard()
    }

    private func replace(_ part: Part) throws(WorkspaceError) {
        let place = part.place(in: paths)
        let (new, old) = ("\(new)/\(part.rawValue)", "\(old)/\(part.rawValue)")
        guard FolderTree.kind(of: new) != nil else { return }
        if FolderTree.kind(of: place) != nil, FolderTree.kind(of: old) == nil { try move(place, to: old) }
        if part == .project { try removeLogs() }
        try move(new, to: place)
    }

    private func remove(_ part: Part) throws(WorkspaceError) {
        let place = part.place(in: paths)
        let old = "\(old)/\(part.rawValue)"
        guard FolderTree.kind(of: place) != nil else { return }
        guard part == .project else { return try move(place, to: old) }
        // The backup has a copy of its own, which no log belongs to.
        try removeLogs()
        try FolderTree.remove(place)
    }

    /// What SQLite keeps beside a project file would be taken for a part of the next one.
    private func removeLogs() throws(WorkspaceError) {
        for suffix in ["-wal", "-shm", "-journal"] { try FolderTree.remove(paths.project + suffix) }
    }

    private func move(_ path: String, to place: String) throws(WorkspaceError) {
        guard rename(path, place) == 0 else { throw WorkspaceError(writing: path, errno) }
    }

    /// A part that is a link, or on another disk, cannot be moved.
    private func checkMovable(_ place: String) throws(WorkspaceError) {
        var status = stat()
        var own = stat()
        guard lstat(place, &status) == 0, stat(staging, &own) == 0 else { return }
        guard status.st_mode & S_IFMT != S_IFLNK, status.st_dev == own.st_dev else {
            throw WorkspaceError(
                .badName, place,
                "\(place.visible()) is a link, or lies on another disk than \(paths.folder.visible()): put the file or "
                    + "the folder itself there")
        }
    }
}

extension StateSwap {
    /// What `migration.json` holds.
    fileprivate struct Order {
        var replaced: [Part]
        var removed: [Part]
        var backup: String

        init(replaced: [Part], removed: [Part], backup: String) {
            self.replaced = replaced
            self.removed = removed
            self.backup = backup
        }

        init(reading path: String) throws(WorkspaceError) {
            let document = try StoredFile.read(path).flatMap { try? JSONValue(parsing: $0) }
            guard let replaced = Self.parts(document?["replaced"]), let removed = Self.parts(document?["removed"]),
                let backup = document?["backup"]?.string, BackupName(backup) != nil
            else {
                throw WorkspaceError(
                    .damaged, path,
                    "\(path.visible()) is damaged, so that a migration cannot be brought to its end: copy the whole "
                        + "workspace to a safe place first; the state before lies in staging/old beside it, the new one "
                        + "in staging/new")
            }
            self.init(replaced: replaced, removed: removed, backup: backup)
        }

        var json: JSONValue {
            [
                "replaced": .array(replaced.map { JSONValue($0.rawValue) }),
                "removed": .array(removed.map { JSONValue($0.rawValue) }), "backup": JSONValue(backup),
            ]
        }

        private static func parts(_ value: JSONValue?) -> [Part]? {
            guard let names = value?.array else { return nil }
            let parts = names.compactMap { $0.string.flatMap { Part(rawValue: $0) } }
            return parts.count == names.count ? parts : nil
        }
    }
}
