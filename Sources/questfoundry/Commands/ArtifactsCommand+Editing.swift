import ArgumentParser
import Core
import Studio
import Workspace

extension ArtifactsCommand {
    struct Edit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "edit",
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
                let open = try await session.openEdit(id, isWhole: data)
                return (open.edit.artifact, try await take(open, session))
            }
            let document: JSONValue = [
                "id": JSONValue(id), "revision": JSONValue(after.revision), "changed": .bool(before != after),
            ]
            let words = before == after ? "nothing was changed" : "\(id.visible()) is revision \(after.revision) now"
            options.tell(document, words)
        }

        /// Lets the user edit the text, and keeps what comes of it.
        private func take(_ open: OpenEdit, _ session: Session) async throws(Failure) -> Artifact {
            do throws(Failure) { try Editor.open(open.path) } catch {
                throw Failure(error.code, kind: "edit", error.message + open.leave())
            }
            do throws(OpenEdit.Failure) { return try await session.take(open) } catch {
                throw Failure(error.cause.map { Failure($0).code } ?? .badData, kind: "edit", error.message)
            }
        }
    }

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "accept", abstract: "Choose a take: it counts, and the other takes of its piece do not.",
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
