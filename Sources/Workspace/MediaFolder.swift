package import Core
import Foundation

/// The folder `media` of a workspace: pictures and sounds, each named by its artifact's id.
package struct MediaFolder: Sendable {
    private let path: String

    package init(_ workspace: Workspace) { path = workspace.paths.folder + "/media" }

    /// The picture or sound of an artifact; nil when there is none, or its bytes are of no known kind.
    package func medium(of id: String) throws(WorkspaceError) -> Media? {
        guard Artifact.isSafe(id) else { return nil }
        for ending in MediaType.allCases.map(\.fileExtension) + ["jpeg"] {
            guard let bytes = try StoredFile.read("\(path)/\(id).\(ending)") else { continue }
            let data = Data(bytes)
            if let type = MediaType(of: data) { return Media(bytes: data, type: type) }
        }
        return nil
    }

    /// Keeps a picture or sound under an artifact's id, durably; returns where, relative to the workspace's own folder.
    package func keep(_ media: Media, as id: String) throws(WorkspaceError) -> String {
        guard Artifact.isSafe(id) else { throw Artifact.badName(id) }
        let name = "\(id).\(media.type.fileExtension)"
        try FolderTree.make(path)
        do throws(DurableFile.Failure) {
            try DurableFile.write(media.bytes, to: "\(path)/\(name)")
        } catch {
            throw WorkspaceError(error)
        }
        return "media/\(name)"
    }
}
