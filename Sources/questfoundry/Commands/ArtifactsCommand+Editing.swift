import ArgumentParser
import Core
import Studio
import Workspace

extension ArtifactsCommand {
    struct Edit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open an artifact in $VISUAL or $EDITOR: its prose, else its content as JSON.",
            discussion: """
                What was edited becomes the next revision, written by you, and no loop replaces it. An edit that cannot be \
                taken stays in a file that is named.

                Example: EDITOR=nano questfoundry artifacts edit SCENE-7F3A21C09B
                """)

        @Argument(help: "The artifact's id.")
        var id: String

        @Flag(help: "All of the content as JSON, also where there is prose.")
        var data = false

        @OptionGroup var options: Options

        func run() async throws {
            let (before, after) = try await options.withSession { session in
                let edit = try await session.edit(id, isWhole: data)
                let file = try EditFile(edit.text, for: id, suffix: edit.suffix, in: session.workspace)
                return (edit.artifact, try await take(edit, from: file, session))
            }
            let document: JSONValue = [
                "id": JSONValue(id), "revision": JSONValue(after.revision), "changed": .bool(before != after),
            ]
            let words = before == after ? "nothing was changed" : "\(id.visible()) is revision \(after.revision) now"
            options.tell(document, words)
        }

        /// Lets the user edit the file, and keeps what comes of it. The file stays where that fails and something was written.
        private func take(_ edit: ArtifactEdit, from file: EditFile, _ session: Session) async throws(Failure)
            -> Artifact
        {
            do {
                try Editor.open(file.path)
                let text = try file.text()
                let isUnchanged = text == edit.text
                let data = try isUnchanged ? edit.artifact.data : edit.data(from: text)
                let artifact = isUnchanged ? edit.artifact : try await session.keep(edit, data: data)
                file.remove()
                return artifact
            } catch {
                var failure = Failure(error)
                if let problem = error as? ArtifactEdit.Problem {
                    failure = Failure(.badData, kind: "edit", "\(id.visible()) stays as it was: \(problem)")
                }
                guard let text = try? file.text(), text == edit.text else {
                    throw Failure(failure.code, kind: "edit", "\(failure.message); your text is in \(file.path)")
                }
                file.remove()
                throw failure
            }
        }
    }

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Choose a take: it counts, and the other takes of its piece do not.",
            discussion: "Example: questfoundry artifacts accept SCENE-7F3A21C09B")

        @Argument(help: "The take's id.")
        var id: String

        @OptionGroup var options: Options

        func run() async throws {
            let piece = try await options.withSession { try await $0.accept(id) }
            let document: JSONValue = [
                "accepted": JSONValue(id), "takes": .array(piece.takes.map { JSONValue($0.id) }),
            ]
            let others = piece.takes.count - 1
            let words = others > 0 ? " before \(others) other\(others == 1 ? "" : "s")" : ""
            options.tell(document, "\(id.visible()) is chosen" + words)
        }
    }
}
