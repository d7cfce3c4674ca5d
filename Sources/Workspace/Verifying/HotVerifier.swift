import Core
import Foundation

/// Reads everything below `hot`.
struct HotVerifier: Sendable {
    let paths: WorkspacePaths
    /// The snapshots that the project file knows.
    let snapshots: Set<String>

    /// What one file is and what is wrong with it.
    private struct Reading: Sendable {
        var path: String
        var id: String?
        var findings: [StateFinding]
    }

    private static let otherFolders: Set = ["tus", "snapshots"]

    func findings(_ progress: @escaping @Sendable (StateProgress) -> Void) async throws(WorkspaceError)
        -> [StateFinding]
    {
        let entries = try FolderTree.entries(below: paths.hot)
        let files = entries.filter { $0.kind == .file }
        let counter = ProgressCounter(.reading, of: files.count, progress)
        let readings = try await inParallel(files) { entry throws(WorkspaceError) in
            defer { counter.count() }
            return read(entry)
        }
        return entries.compactMap(placeFinding) + readings.flatMap(\.findings) + repeated(readings)
    }

    private func relative(_ path: String) -> String { "\(WorkspacePaths.folderName)/hot/\(path)" }

    private func placeFinding(_ entry: FolderTree.Entry) -> StateFinding? {
        let path = relative(entry.path)
        switch entry.kind {
        case .file: return nil
        case .link:
            return .problem(path, "is a link, which is not followed", remedy: "put the file or folder itself there")
        case .other: return .problem(path, "is neither a file nor a folder", remedy: "remove it")
        case .folder:
            let isKnown = Artifact.allFolders.contains(entry.path) || Self.otherFolders.contains(entry.path)
            return isKnown ? nil : .information(path, "is no folder of artifacts; it stays as it is")
        }
    }

    private func read(_ entry: FolderTree.Entry) -> Reading {
        let path = relative(entry.path)
        let folder = entry.path.split(separator: "/").first.map(String.init) ?? ""
        let isOther = Self.otherFolders.contains(folder) && entry.path.hasSuffix(".json")
        guard isOther || Artifact.isPlace("hot/\(entry.path)") else {
            return Reading(path: path, findings: [.information(path, "is no artifact; it stays as it is")])
        }
        do throws(WorkspaceError) {
            guard let bytes = try StoredFile.read("\(paths.hot)/\(entry.path)"),
                let document = (try? JSONValue(parsing: bytes))?.object
            else {
                return Reading(
                    path: path,
                    findings: [.problem(path, "is no JSON object", remedy: "mend it, or restore it from a backup")])
            }
            if isOther { return Reading(path: path, findings: danglingSnapshot(document, path)) }
            let artifact = Artifact(document: document)
            return Reading(path: path, id: artifact.id, findings: check(artifact, entry, in: folder))
        } catch {
            return Reading(
                path: path, findings: [.problem(path, error.message, remedy: "check its owner and permissions")])
        }
    }

    private func check(_ artifact: Artifact, _ entry: FolderTree.Entry, in folder: String) -> [StateFinding] {
        let path = relative(entry.path)
        guard artifact.document["metadata"]?.object != nil, artifact.document["type"]?.string != nil else {
            return [.problem(path, "has no type or no metadata", remedy: "add them, or move it out of hot/")]
        }
        var found: [StateFinding] = []
        let due = Artifact.folder(for: artifact.type)
        if due != folder {
            found.append(
                .problem(
                    path, "is a \(artifact.type), whose folder is hot/\(due)", remedy: "move it to hot/\(due)"))
        }
        if artifact.id != entry.name.dropLast(5) {
            found.append(
                .problem(
                    path, "has the id \(artifact.id), and another file name",
                    remedy: "name it \(artifact.id).json, or change its metadata.id"))
        }
        if artifact.metadata["content_hash"] != nil, artifact.isEditedOutside {
            found.append(.information(path, "was edited outside this program"))
        }
        return found
    }

    private func danglingSnapshot(_ document: JSONObject, _ path: String) -> [StateFinding] {
        guard document["tu_id"] != nil, let snapshot = document["snapshot_id"]?.string, !snapshots.contains(snapshot),
            snapshot.contains("/") || FolderTree.kind(of: "\(paths.hot)/snapshots/\(snapshot).json") == nil
        else { return [] }
        return [
            .problem(
                path, "names the snapshot \(snapshot), which is not there",
                remedy: "restore a backup that has the snapshot, or set snapshot_id to null")
        ]
    }

    /// Ids that are there more than once, or differ in nothing but capital letters.
    private func repeated(_ readings: [Reading]) -> [StateFinding] {
        let known = readings.filter { $0.id?.isEmpty == false }
        let groups = Dictionary(grouping: known) { $0.id?.lowercased() ?? "" }.filter { $0.value.count > 1 }
        return groups.sorted { $0.key < $1.key }.flatMap { _, same in
            same.map { reading in
                let others = same.filter { $0.path != reading.path }
                let isSame = others.contains { $0.id == reading.id }
                let places = others.map(\.path).joined(separator: ", ")
                return .problem(
                    reading.path,
                    isSame
                        ? "has the same id as \(places); the one modified last counts"
                        : "has an id that differs from that of \(places) in capital letters only",
                    remedy: isSame ? "move the older one out of hot/" : "give one of them another id")
            }
        }
    }
}
