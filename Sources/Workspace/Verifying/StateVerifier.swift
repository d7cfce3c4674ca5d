import Core
import Foundation

/// Reads everything of a workspace's state and tells what is not as it should be. Changes nothing.
public struct StateVerifier: Sendable {
    let paths: WorkspacePaths

    public init(_ workspace: Workspace) { paths = workspace.paths }

    /// Everything that was found, problems first, by path. Ends soon after its task is cancelled, by throwing `cancelled`.
    public func findings(
        progress: @escaping @Sendable (StateProgress) -> Void = { _ in }
    ) async throws(WorkspaceError) -> [StateFinding] {
        let project = verifyProject()
        let found =
            verifyMetadata() + project.findings
            + (try await HotVerifier(paths: paths, snapshots: project.snapshots).findings(progress))
            + (try verifyOtherFiles()) + (try verifyBackups())
        return [StateFinding.Severity.problem, .information].flatMap { severity in
            found.filter { $0.severity == severity }.sorted { $0.path < $1.path }
        }
    }

    private func verifyMetadata() -> [StateFinding] {
        let name = "\(WorkspacePaths.folderName)/metadata.json"
        do throws(WorkspaceError) {
            guard let bytes = try StoredFile.read(paths.metadata) else {
                return [.information(name, "there is none: the project is called by its folder's name")]
            }
            guard (try? JSONValue(parsing: bytes))?.object == nil else { return [] }
            return [.problem(name, "is no JSON object", remedy: "mend it, or move it away to start with a new one")]
        } catch {
            return [.problem(name, error.message, remedy: "put a regular file there that its owner may read")]
        }
    }

    /// What the program, or questfoundry-py, keeps in `.questfoundry`.
    private static let known: Set = [
        "config.yml", "overrides.yml", ".gitignore", "metadata.json", "hot", "ledger.db", "ledger.db-wal",
        "ledger.db-shm", "cache", "media", "prompts", "loops", "bin", "edits", "run", "backups", "logs",
        "sessions", "messages",
    ]

    private func verifyOtherFiles() throws(WorkspaceError) -> [StateFinding] {
        try FolderTree.entries(in: paths.folder).compactMap { entry in
            let path = "\(WorkspacePaths.folderName)/\(entry.path)"
            if entry.kind == .link {
                return .problem(path, "is a link, which is not followed", remedy: "put the file or folder itself there")
            }
            return Self.known.contains(entry.path)
                ? nil : .information(path, "is nothing that this program knows; it stays as it is")
        }
    }

    private func verifyBackups() throws(WorkspaceError) -> [StateFinding] {
        try FolderTree.entries(in: paths.backups).compactMap { entry in
            let (place, path) = (
                "\(paths.backups)/\(entry.path)", "\(WorkspacePaths.folderName)/backups/\(entry.path)"
            )
            guard entry.kind == .folder, !entry.path.hasSuffix(".partial"), BackupName(entry.path) != nil else {
                return .information(path, "is no backup")
            }
            let remedy = "remove it and make another with questfoundry state backup"
            do throws(WorkspaceError) {
                guard let backup = try Backup(name: entry.path, folder: place) else {
                    return .problem(path, "has no \(Backup.manifestName), and is no whole backup", remedy: remedy)
                }
                guard try FileCopy.digest(of: "\(place)/\(Backup.listName)").hash == backup.listHash else {
                    return .problem(path, "its list of files is not as it was written", remedy: remedy)
                }
                return nil
            } catch {
                return .problem(path, error.message, remedy: remedy)
            }
        }
    }
}
