import Core
package import Workspace

/// An edit under way: its text lies in a file for somebody's editor until it is taken.
package struct OpenEdit: Hashable, Sendable {
    /// Why what was written could not be kept.
    package struct Failure: Error, Hashable, Sendable {
        /// It names the file where the text still is.
        package var message: String
        /// What keeps it from being written; nil where the text itself is what is wrong.
        package var cause: WorkspaceError?
    }

    package let edit: ArtifactEdit
    private let file: EditFile

    package var path: String { file.path }

    fileprivate init(_ edit: ArtifactEdit, in workspace: Workspace) throws(WorkspaceError) {
        self.edit = edit
        file = try EditFile(edit.text, for: edit.artifact.id, suffix: edit.suffix, in: workspace)
    }

    /// Ends an edit of which nothing comes; what to add to the reason: where the text is, if somebody wrote something.
    package func leave() -> String {
        guard let text = try? file.text(), text == edit.text else { return "; your text is in \(path)" }
        file.remove()
        return ""
    }

    /// The content that somebody made of it; nil when nothing was changed.
    fileprivate func data() throws(Failure) -> JSONValue? {
        let text: String
        do throws(WorkspaceError) { text = try file.text() } catch {
            throw Failure(message: error.message + leave(), cause: error)
        }
        guard text != edit.text else { return nil }
        do throws(ArtifactEdit.Problem) { return try edit.data(from: text) } catch {
            throw Failure(message: "\(edit.artifact.id.visible()) stays as it was: \(error)\(leave())", cause: nil)
        }
    }

    fileprivate func remove() { file.remove() }
}

extension Session {
    /// Begins an edit of work in progress.
    package func openEdit(_ id: String, isWhole: Bool = false) throws(WorkspaceError) -> OpenEdit {
        try OpenEdit(edit(id, isWhole: isWhole), in: workspace)
    }

    /// Keeps what a person made of the text as the artifact's next revision; the artifact as it was where nothing was
    /// changed. The file stays where the text cannot be kept.
    package func take(_ open: OpenEdit) throws(OpenEdit.Failure) -> Artifact {
        guard let data = try open.data() else {
            open.remove()
            return open.edit.artifact
        }
        do throws(WorkspaceError) {
            let artifact = try keep(open.edit, data: data)
            open.remove()
            return artifact
        } catch {
            throw OpenEdit.Failure(message: error.message + open.leave(), cause: error)
        }
    }
}
