import Core
import Foundation

/// The folder `hot` of a workspace: a JSON file for each artifact, in a folder that follows its type.
struct HotFolder: Sendable {
    private let root: String
    private let hot: String
    /// The folders that lead from the root to ``hot``.
    private let own: [String]

    init(_ paths: WorkspacePaths) {
        root = paths.root
        hot = paths.hot
        own = [paths.folder, paths.hot]
    }

    // MARK: - Artifacts

    /// The artifact of that id; nil when there is none. Of several under one id the one that was modified last.
    func artifact(_ id: String) throws(WorkspaceError) -> Artifact? {
        var newest: Artifact?
        for folder in Artifact.allFolders {
            guard let document = try document(id, in: folder) else { continue }
            let found = Artifact(document: document, id: id)
            if newest.map({ $0.modified < found.modified }) ?? true { newest = found }
        }
        return newest
    }

    /// The files of that id, in whatever folders they are, the one that was modified last at the end.
    func files(of id: String) throws(WorkspaceError) -> [String] {
        var found: [(modified: String, path: String)] = []
        for folder in Artifact.allFolders {
            guard let document = try document(id, in: folder) else { continue }
            found.append((Artifact(document: document, id: id).modified, path(of: id, in: folder)))
        }
        return found.sorted { $0.modified < $1.modified }.map(\.path)
    }

    /// Writes an artifact to the folder of its type. One under the same id in another folder stays.
    func write(_ artifact: Artifact) throws(WorkspaceError) {
        try write(artifact.document, as: artifact.id, to: Artifact.folder(for: artifact.type))
    }

    /// Removes artifacts' files from every folder.
    func remove(_ ids: [String]) throws(WorkspaceError) {
        guard !ids.isEmpty else { return }
        for folder in Artifact.allFolders where try isInside(folder) { try remove(ids, from: folder) }
    }

    /// Removes the files that there are in a folder.
    func remove(_ ids: [String], from folder: String) throws(WorkspaceError) {
        var isChanged = false
        defer { if isChanged { DurableFile.synchronizeFolder("\(hot)/\(folder)") } }
        for id in ids {
            let path = path(of: id, in: folder)
            if unlink(path) == 0 {
                isChanged = true
            } else if errno != ENOENT {
                throw WorkspaceError(writing: path, errno)
            }
        }
    }

    // MARK: - Documents of any kind

    /// The JSON object of a file; nil when there is none, or the id cannot be a name.
    func document(_ id: String, in folder: String) throws(WorkspaceError) -> JSONObject? {
        guard Artifact.isSafe(id), try isInside(folder) else { return nil }
        let path = path(of: id, in: folder)
        guard let bytes = try StoredFile.read(path) else { return nil }
        guard let document = (try? JSONValue(parsing: bytes))?.object else {
            throw WorkspaceError(
                .damaged, path, "\(path.visible()) is no JSON object; mend it, or move it out of the workspace")
        }
        return document
    }

    /// Every document of a folder, in the order of the ids.
    func documents(in folder: String) throws(WorkspaceError) -> [JSONObject] {
        var documents: [JSONObject] = []
        for id in try ids(in: folder).sorted() {
            // One that was removed meanwhile is not there any more.
            if let document = try document(id, in: folder) { documents.append(document) }
        }
        return documents
    }

    /// The names of a folder's JSON files, in no order.
    func ids(in folder: String) throws(WorkspaceError) -> [String] {
        guard try isInside(folder) else { return [] }
        let path = "\(hot)/\(folder)"
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw WorkspaceError(
                .notPermitted, path, "\(path.visible()) cannot be listed; check what it is, its owner and permissions")
        }
        return names.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.map { String($0.dropLast(5)) }
    }

    func write(_ document: JSONObject, as id: String, to folder: String) throws(WorkspaceError) {
        for place in [hot, "\(hot)/\(folder)"] { try FolderTree.make(place) }
        _ = try isInside(folder)
        let bytes = JSONValue.object(document).bytes(isPretty: true) + "\n".utf8
        do {
            try DurableFile.write(bytes, to: path(of: id, in: folder))
        } catch {
            throw WorkspaceError(error)
        }
    }

    func path(of id: String, in folder: String) -> String { "\(hot)/\(folder)/\(id).json" }

    /// Whether a folder below `hot` is there. Throws when it is a link that leads out of the workspace.
    private func isInside(_ folder: String) throws(WorkspaceError) -> Bool {
        let path = "\(hot)/\(folder)"
        // Where nothing below the root is a link, nothing leads out: that is much the usual, and to follow a path takes long.
        switch StoredFile.kind(of: path) {
        case nil where errno == ENOENT: return false
        case S_IFDIR where own.allSatisfy { StoredFile.kind(of: $0) == S_IFDIR }: return true
        default: break
        }
        guard let real = StoredFile.realPath(path) else {
            guard errno == ENOENT else {
                throw WorkspaceError(
                    .badName, path,
                    "\(path.visible()) cannot be entered: \(String(cString: strerror(errno))); remove it")
            }
            return false
        }
        guard let root = StoredFile.realPath(root), real.hasPrefix(root == "/" ? root : root + "/") else {
            throw WorkspaceError(
                .badName, path, "\(path.visible()) leads out of the workspace to \(real.visible()); remove the link")
        }
        return true
    }
}
