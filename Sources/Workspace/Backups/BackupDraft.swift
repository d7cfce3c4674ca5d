import Core
import Crypto
import Foundation

/// A backup that is being written to a folder of its own. It is none until ``seal(as:at:reason:schemaVersion:)``, and a
/// rename then.
struct BackupDraft {
    /// What a backup holds besides the state that is restored: what the writer has set up.
    private static let settings = ["config.yml", "overrides.yml"]
    private static let settingFolders = ["prompts", "loops"]

    private let paths: WorkspacePaths
    private let folder: String
    private var files: [(path: String, digest: FileDigest)] = []

    init(of paths: WorkspacePaths, in folder: String) {
        self.paths = paths
        self.folder = folder
    }

    /// Notes a file that is there already, or will be moved there.
    mutating func note(_ path: String, _ digest: FileDigest) { files.append((path, digest)) }

    /// Copies the writer's settings.
    mutating func addSettings() async throws(WorkspaceError) {
        for name in Self.settings { try addFile(name) }
        for name in Self.settingFolders { try await addFolder(name) }
    }

    /// Copies a file of the workspace, when it is there.
    mutating func addFile(_ name: String) throws(WorkspaceError) {
        let place = "\(paths.folder)/\(name)"
        guard FolderTree.kind(of: place) == .file else { return }
        note(name, try FileCopy.copy(place, to: "\(folder)/\(name)"))
    }

    /// Copies a folder of the workspace, when it is there.
    mutating func addFolder(
        _ name: String, progress: @escaping @Sendable () -> Void = {}
    ) async throws(WorkspaceError) {
        let copied = try await TreeCopy.copy("\(paths.folder)/\(name)", to: "\(folder)/\(name)", progress: progress)
        for (path, digest) in copied { note("\(name)/\(path)", digest) }
    }

    /// Notes the files of a folder of the workspace that will be moved here as it is.
    mutating func noteFolder(_ name: String) async throws(WorkspaceError) {
        let root = "\(paths.folder)/\(name)"
        let files = try FolderTree.entries(below: root).filter { $0.kind == .file }
        let digests = try await inParallel(files) { file throws(WorkspaceError) in
            try FileCopy.digest(of: "\(root)/\(file.path)")
        }
        for (file, digest) in zip(files, digests) { note("\(name)/\(file.path)", digest) }
    }

    /// Copies the project file as it stands at one moment, when it is there; byte for byte when it is so damaged that
    /// SQLite cannot, and that is allowed.
    mutating func addProject(evenIfDamaged: Bool = false) throws(WorkspaceError) {
        guard FolderTree.kind(of: paths.project) != nil else { return }
        let copy = "\(folder)/\(StateSwap.Part.project.rawValue)"
        do { try ProjectFile.copy(paths.project, to: copy) } catch {
            guard evenIfDamaged, error.code == .damaged else { throw error }
            try FolderTree.remove(copy)
            _ = try FileCopy.copy(paths.project, to: copy)
        }
        note(StateSwap.Part.project.rawValue, try FileCopy.digest(of: copy))
    }

    /// Writes the list of files and the manifest. The caller makes all of it durable.
    func seal(
        as name: BackupName, at moment: Moment, reason: Backup.Reason, schemaVersion: Int
    ) throws(WorkspaceError) -> Backup {
        let list = FileList(files.map { ($0.path, $0.digest.hash) })
        let text = Array(list.text.utf8)
        // What is damaged counts nothing, and is a backup all the same.
        let counts = try? StateCounts(
            project: "\(folder)/\(StateSwap.Part.project.rawValue)", files: files.map(\.path))
        let backup = Backup(
            name: name.text, createdAt: moment.wall, reason: reason, schemaVersion: schemaVersion,
            programVersion: ProgramVersion.text, files: files.count, bytes: files.reduce(0) { $0 + $1.digest.bytes },
            counts: counts ?? StateCounts(), listHash: SHA256.hash(data: text).hexadecimal)
        do {
            try DurableFile.write(text, to: "\(folder)/\(Backup.listName)")
            try DurableFile.write(
                Data((backup.manifest.text(isPretty: true) + "\n").utf8), to: "\(folder)/\(Backup.manifestName)")
        } catch {
            throw WorkspaceError(error)
        }
        return backup
    }
}
