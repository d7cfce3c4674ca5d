import Core
import Foundation

/// A text on its way through somebody's editor: a file in the workspace, which stays until the edit is taken.
public struct EditFile: Hashable, Sendable {
    public let path: String

    /// Writes a text to a file of its own. Throws, and leaves nothing, when it cannot be written.
    public init(_ text: String, for id: String, suffix: String, in workspace: Workspace) throws(WorkspaceError) {
        guard Artifact.isSafe(id) else { throw Artifact.badName(id) }
        let folder = workspace.paths.edits
        let number = String(UInt32.random(in: .min ... .max), radix: 36)
        path = "\(folder)/\(id).\(number).\(suffix)"
        try workspace.exclusively { () throws(WorkspaceError) in
            try FolderTree.make(folder)
            guard FolderTree.kind(of: folder) == .folder else {
                throw WorkspaceError(.badName, folder, "\(folder.visible()) is no folder, or a link; move it away")
            }
            do throws(DurableFile.Failure) { try DurableFile.write(Data(text.utf8), to: path) } catch {
                throw WorkspaceError(error)
            }
        } orThrow: {
            $0
        }
    }

    /// What the file holds now. Throws when it is gone, or no text in UTF-8.
    public func text() throws(WorkspaceError) -> String {
        guard let bytes = try StoredFile.read(path) else {
            throw WorkspaceError(.missing, path, "\(path.visible()) is gone, so nothing was changed")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw WorkspaceError(.damaged, path, "\(path.visible()) is no text in UTF-8")
        }
        return text
    }

    /// Removes the file: what it held is kept elsewhere, or nobody wants it.
    public func remove() { unlink(path) }
}
