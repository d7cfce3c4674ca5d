public import Configuration
public import Core
public import Foundation

/// A project's folder, as it was found or made.
public struct Workspace: Sendable {
    public let paths: WorkspacePaths
    public let info: ProjectInfo
    /// The version of the form in which its state is kept.
    public let schemaVersion: Int
    /// Which project file it had when it was opened: a migration, and a restored backup, bring another.
    let projectFile: FileIdentity?

    public var root: String { paths.root }
    public var name: String { info.name }
    /// How many migrations to the newest form are open.
    public var pendingMigrations: Int { max(0, Migration.newestVersion - schemaVersion) }

    /// The workspace at or around a folder, found by walking up as git does; nil when there is none.
    ///
    /// Changes nothing, but for a migration or a restoration that was killed: what it left is brought to its end, or
    /// removed. Throws when the workspace cannot be read. One that a newer version of the program wrote can only be read.
    ///
    /// With `evenIfDamaged`, one is found too whose project file or `metadata.json` cannot be read, as version 1 and by
    /// its folder's name: for looking at the damage, and restoring a backup.
    public static func find(
        from folder: String, evenIfDamaged: Bool = false
    ) throws(WorkspaceError) -> Workspace? {
        var place = URL(filePath: folder, directoryHint: .isDirectory).standardizedFileURL
        while true {
            let paths = WorkspacePaths(root: place.withoutTrailingSlash)
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: paths.folder, isDirectory: &isFolder), isFolder.boolValue {
                return try Workspace(paths, evenIfDamaged: evenIfDamaged)
            }
            let parent = place.deletingLastPathComponent().standardizedFileURL
            guard parent.pathComponents.count < place.pathComponents.count else { return nil }
            place = parent
        }
    }

    /// Makes a workspace in a folder, and the folder where it is missing; what else is there stays as it is.
    ///
    /// Everything is made beside its place and moved there at the end, so that a kill leaves a whole workspace or none.
    /// Throws `exists` when the folder holds one, or a part of one, and changes nothing then.
    public static func create(
        at root: String, name: String, brief: String, configYAML: String, time: any TimeSource
    ) throws(WorkspaceError) -> Workspace {
        let paths = WorkspacePaths(root: URL(filePath: root).standardizedFileURL.withoutTrailingSlash)
        for path in [paths.folder, paths.project] where FileManager.default.fileExists(atPath: path) {
            throw WorkspaceError(
                .exists, path, "\(path.visible()) exists already: open the workspace there, or choose another folder")
        }
        let draft = WorkspacePaths(root: "\(paths.root)/.questfoundry-\(UInt32.random(in: .min ... .max))")
        do {
            try makeFolder(paths.root, mode: 0o777)
            for folder in [draft.root, draft.folder, draft.hot, draft.run] { try makeFolder(folder, mode: 0o700) }
            let info = ProjectInfo(name: name, brief: brief, at: time.now())
            try write(JSONValue.object(info.document).text(isPretty: true) + "\n", to: draft.metadata)
            try write(configYAML, to: draft.config)
            try write(ignoredFiles, to: draft.ignore)
            try ProjectFile.create(at: draft.project, info: info)
            try move(draft.project, to: paths.project, isFolder: false)
            try move(draft.folder, to: paths.folder, isFolder: true)
        } catch {
            try? FileManager.default.removeItem(atPath: draft.root)
            throw error
        }
        rmdir(draft.root)
        DurableFile.synchronizeFolder(paths.root)
        return try Workspace(paths)
    }

    private init(_ paths: WorkspacePaths, evenIfDamaged: Bool = false) throws(WorkspaceError) {
        try StateSwap(paths).recover()
        self.paths = paths
        projectFile = FileIdentity(of: paths.project)
        (schemaVersion, info) = try Self.read(paths, evenIfDamaged: evenIfDamaged)
    }

    /// Where the project's state is kept, as the configuration says. `environment` says where the user's cache folder is.
    public func store(
        _ backend: StateSettings.Backend, time: any TimeSource,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> any StateStore {
        switch backend {
        case .sqlite: SQLiteStore(self, time: time)
        case .memory: MemoryStore(info, time: time)
        case .file, .redis: FileStore(self, time: time, environment: environment)
        }
    }

    private static func read(
        _ paths: WorkspacePaths, evenIfDamaged: Bool
    ) throws(WorkspaceError) -> (version: Int, info: ProjectInfo) {
        do throws(WorkspaceError) {
            return (try ProjectFile.version(at: paths.project), try ProjectInfo.read(paths))
        } catch {
            guard evenIfDamaged, error.code == .damaged else { throw error }
            let info = (try? ProjectInfo.read(paths)) ?? ProjectInfo(unnamedAt: paths.root)
            return ((try? ProjectFile.version(at: paths.project)) ?? 1, info)
        }
    }

    private static let ignoredFiles = """
        *
        !.gitignore
        !config.yml
        !metadata.json
        !hot/
        !hot/**
        !media/
        !media/**
        !prompts/
        !prompts/**
        !loops/
        !loops/**

        """

    private static func makeFolder(_ path: String, mode: mode_t) throws(WorkspaceError) {
        if mkdir(path, mode) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, path.count > 1 else { throw WorkspaceError(writing: path, errno) }
        try makeFolder(URL(filePath: path).deletingLastPathComponent().withoutTrailingSlash, mode: mode)
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw WorkspaceError(writing: path, errno) }
    }

    private static func write(_ text: String, to path: String) throws(WorkspaceError) {
        do { try DurableFile.write(Data(text.utf8), to: path) } catch { throw WorkspaceError(error) }
    }

    /// Moves a file or a folder to a place where nothing is: neither call replaces what somebody else made meanwhile.
    private static func move(_ path: String, to place: String, isFolder: Bool) throws(WorkspaceError) {
        guard (isFolder ? rename(path, place) : link(path, place)) == 0 else {
            guard errno != EEXIST, errno != ENOTEMPTY else {
                throw WorkspaceError(.exists, place, "\(place.visible()) was made by somebody else just now; open it")
            }
            throw WorkspaceError(writing: place, errno)
        }
        if !isFolder { unlink(path) }
    }
}

extension URL {
    /// The path without a slash at its end, but for the root's.
    fileprivate var withoutTrailingSlash: String {
        let path = path(percentEncoded: false)
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}
