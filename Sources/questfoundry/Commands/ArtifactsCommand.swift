import ArgumentParser
import Core
import Studio
import Workspace

/// `questfoundry artifacts`.
struct ArtifactsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "artifacts", abstract: "List, read, edit, choose, delete and promote what was written.",
        discussion: "Example: questfoundry artifacts list --type scene",
        subcommands: [
            List.self, Show.self, Edit.self, Accept.self, Delete.self, Undelete.self, Promote.self, Demote.self,
        ],
        defaultSubcommand: List.self)

    /// Work in progress, or what has passed the gate.
    enum Shelf: String, EnumerableFlag {
        case hot, cold

        var temperature: Temperature { self == .hot ? .hot : .cold }

        static func help(for value: Shelf) -> ArgumentHelp? {
            value == .hot ? "Only work in progress." : "Only what has passed the gate."
        }
    }

    /// What every subcommand takes.
    struct Options: ParsableArguments {
        @Flag(help: "Print one JSON document.")
        var json = false

        @OptionGroup var global: GlobalOptions

        func withSession<Value>(_ body: (Session) async throws -> Value) async throws(Failure) -> Value {
            try await Opening(options: global).withSession(body)
        }

        /// Prints what came of it, as a document or in words.
        func tell(_ document: JSONValue, _ words: @autoclosure () -> String) {
            Output.result(json ? document.text(isPretty: true) : words())
        }
    }

    /// What a subcommand takes that does the same with some artifacts.
    struct Several: ParsableArguments {
        @Argument(help: "The artifacts' ids.")
        var ids: [String]

        @OptionGroup var options: Options
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Every artifact: its type, shelf, revision, and who wrote it last.",
            discussion: "Example: questfoundry artifacts list --type scene --hot")

        @Option(help: "Only artifacts of this type.")
        var type: String?

        @Flag(help: "Only one shelf.")
        var shelf: Shelf?

        @Flag(help: "Only answers that could not be read and are kept word for word.")
        var needsReview = false

        @Flag
        var format: ListFormat?

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let page = try await Opening(options: options).withSession { session in
                try session.store.artifacts(ArtifactQuery(temperature: shelf?.temperature, type: type))
            }
            let found = page.summaries.filter { !needsReview || $0.needsReview != nil }
            for problem in page.problems { Output.note(problem.message) }
            let document: JSONValue = [
                "artifacts": .array(found.map(\.json)),
                "problems": .array(
                    page.problems.map { ["path": JSONValue($0.path), "message": JSONValue($0.message)] }),
            ]
            if let format { return format.print(found.map(\.json), document: document) }
            Output.result(found.isEmpty ? "no artifacts" : table(found))
        }

        private func table(_ artifacts: [ArtifactSummary]) -> String {
            let rows = artifacts.map { artifact -> [String] in
                [
                    artifact.id, artifact.type, artifact.temperature.rawValue, "\(artifact.revision)",
                    String(artifact.modified.prefix(16)).replacing("T", with: " "),
                    Words.line(artifact.writer, atMost: 20),
                    (artifact.needsReview == nil ? "" : "needs review: ") + Words.line(artifact.title, atMost: 40),
                ]
            }
            return Output.table(["id", "type", "shelf", "rev", "modified", "author", "title"], rows)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "One artifact whole, its prose last.",
            discussion: "Example: questfoundry artifacts show SCENE-7F3A21C09B")

        @Argument(help: "The artifact's id.")
        var id: String

        @Flag(help: "On one shelf; else as work in progress where there is some.")
        var shelf: Shelf?

        @OptionGroup var options: Options

        func run() async throws {
            let shown = try await options.withSession { session in
                try await session.artifact(id, on: shelf?.temperature)
            }
            options.tell(shown.json, words(shown))
        }

        private func words(_ shown: Session.Shown) -> String {
            let artifact = shown.artifact
            let edit = ArtifactEdit(artifact)
            var fields = [
                ("id", artifact.id), ("type", artifact.type), ("title", artifact.title),
                ("shelf", shown.temperature.rawValue), ("revision", "\(artifact.revision)"),
                ("modified", artifact.modified), ("author", artifact.metadata["author"]?.string ?? "?"),
                ("place", shown.place),
            ]
            if shown.piece.takes.count > 1 {
                let isChosen = artifact == shown.piece.chosen
                fields.append(
                    ("take", "\(artifact.take), of \(shown.piece.takes.count)\(isChosen ? ", the chosen one" : "")"))
            }
            if let problem = artifact.needsReview { fields.append(("needs review", problem)) }
            if let rest = edit.besidesProse { fields.append(("content", rest.text())) }
            return fields.map { "\($0): \($1.visible())" }.joined(separator: "\n") + "\n\n"
                + edit.text.dropLast().visible(keepingLines: true)
        }
    }
}
