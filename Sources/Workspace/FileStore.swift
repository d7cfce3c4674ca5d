public import Core
import Foundation

/// The workspace's work in progress: a JSON file for each artifact, in questfoundry-py's layout.
///
/// Writes are whole, durable when they return, and exclusive between processes. Reading changes nothing.
public struct FileStore: Sendable {
    /// What became of a draft.
    public enum Outcome: Hashable, Sendable {
        case written
        /// The same step had written the same content before, so nothing changed.
        case unchanged
        /// Somebody has changed the artifact since this program wrote it; it was left as it is.
        case editedOutside
    }

    private let workspace: Workspace
    private let time: any TimeSource

    public init(_ workspace: Workspace, time: any TimeSource) {
        self.workspace = workspace
        self.time = time
    }

    /// The artifact of that id; nil when there is none. Of several under one id the one that was modified last.
    public func artifact(_ id: String) throws(WorkspaceError) -> Artifact? {
        guard Self.isSafe(id) else { return nil }
        var newest: Artifact?
        for folder in Artifact.allFolders {
            guard try isInside(folder), let found = try read(path(of: id, in: folder)) else { continue }
            if newest.map({ Self.modified($0) < Self.modified(found) }) ?? true { newest = found }
        }
        return newest
    }

    /// Every artifact of a type, in the order of the ids.
    public func artifacts(ofType type: String) throws(WorkspaceError) -> [Artifact] {
        let folder = Artifact.folder(for: type)
        guard try isInside(folder) else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(workspace.paths.hot)/\(folder)")) ?? []
        var artifacts: [Artifact] = []
        for name in names where name.hasSuffix(".json") && !name.hasPrefix(".") {
            let artifact = try read(path(of: String(name.dropLast(5)), in: folder))
            if let artifact, artifact.type == type { artifacts.append(artifact) }
        }
        return artifacts.sorted { $0.id < $1.id }
    }

    /// Keeps a draft as the artifact's next revision, unless the step has written the same before, or somebody has
    /// changed the artifact meanwhile. The artifact that is there afterwards is durable.
    public func keep(_ draft: ArtifactDraft) throws(WorkspaceError) -> (artifact: Artifact, outcome: Outcome) {
        guard Self.isSafe(draft.id) else {
            throw WorkspaceError(.badName, draft.id, "\(draft.id.prefix(80).visible()) cannot be an artifact's id")
        }
        return try workspace.exclusively { () throws(WorkspaceError) -> (artifact: Artifact, outcome: Outcome) in
            let current = try artifact(draft.id)
            let hash = Artifact.contentHash(of: draft.data)
            if let current, current.hashWritten(by: draft.step) == hash { return (current, .unchanged) }
            if let current, current.isEditedOutside { return (current, .editedOutside) }
            let next = revision(of: draft, hash: hash, after: current)
            try write(next, to: Artifact.folder(for: draft.type))
            return (next, .written)
        } orThrow: {
            $0
        }
    }

    /// Where an artifact's file lies, relative to the workspace.
    public func relativePath(of artifact: Artifact) -> String {
        "\(WorkspacePaths.folderName)/hot/\(Artifact.folder(for: artifact.type))/\(artifact.id).json"
    }

    private func revision(of draft: ArtifactDraft, hash: String, after current: Artifact?) -> Artifact {
        let now = JSONValue(LocalTimestamp.text(of: time.now()))
        var metadata = current?.metadata ?? JSONObject([("id", JSONValue(draft.id)), ("created", now)])
        var written = metadata["written"]?.object ?? JSONObject()
        written[draft.step] = JSONValue(hash)
        metadata["modified"] = now
        metadata["author"] = JSONValue(draft.author)
        metadata["revision"] = JSONValue((current?.revision ?? 0) + 1)
        metadata["content_hash"] = JSONValue(hash)
        metadata["written"] = .object(written)
        metadata["provenance"] = .object(draft.provenance)
        metadata["needs_review"] = draft.needsReview.map { JSONValue($0) }
        var document = current?.document ?? JSONObject()
        document["type"] = JSONValue(draft.type)
        document["data"] = draft.data
        document["metadata"] = .object(metadata)
        return Artifact(document: document)
    }

    private func write(_ artifact: Artifact, to folder: String) throws(WorkspaceError) {
        for place in [workspace.paths.hot, "\(workspace.paths.hot)/\(folder)"] {
            guard mkdir(place, 0o700) == 0 || errno == EEXIST else { throw WorkspaceError(writing: place, errno) }
        }
        _ = try isInside(folder)
        let text = JSONValue.object(artifact.document).text(isPretty: true) + "\n"
        do {
            try DurableFile.write(Data(text.utf8), to: path(of: artifact.id, in: folder))
        } catch {
            throw WorkspaceError(error)
        }
    }

    /// Whether a folder below `hot` is there. Throws when it is a link that leads out of the workspace.
    private func isInside(_ folder: String) throws(WorkspaceError) -> Bool {
        let path = "\(workspace.paths.hot)/\(folder)"
        guard let real = StoredFile.realPath(path) else { return false }
        guard let root = StoredFile.realPath(workspace.root), real.hasPrefix(root == "/" ? root : root + "/") else {
            throw WorkspaceError(
                .badName, path, "\(path.visible()) leads out of the workspace to \(real.visible()); remove the link")
        }
        return true
    }

    private func read(_ path: String) throws(WorkspaceError) -> Artifact? {
        guard let bytes = try StoredFile.read(path) else { return nil }
        guard let document = (try? JSONValue(parsing: bytes))?.object else {
            throw WorkspaceError(
                .damaged, path, "\(path.visible()) is no JSON object; mend it, or move it out of the workspace")
        }
        return Artifact(document: document)
    }

    private func path(of id: String, in folder: String) -> String { "\(workspace.paths.hot)/\(folder)/\(id).json" }

    private static func modified(_ artifact: Artifact) -> String { artifact.metadata["modified"]?.string ?? "" }

    /// Whether a name can be a file's name and nothing else.
    private static func isSafe(_ id: String) -> Bool {
        (1...200).contains(id.utf8.count) && id.first != "."
            && id.unicodeScalars.allSatisfy { $0 != "/" && $0.value >= 0x20 && $0.value != 0x7F }
    }
}
