import ArgumentParser
import Core
import Studio
import Workspace

extension ArtifactsCommand {
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete", abstract: "Move work in progress into the bin, which keeps it for 30 days.",
            discussion: "Example: questfoundry artifacts delete SCENE-7F3A21C09B")

        @OptionGroup var chosen: Several

        func run() async throws {
            try await chosen.options.withSession { try await $0.delete(chosen.ids) }
            let document: JSONValue = ["deleted": .array(chosen.ids.map { JSONValue($0) })]
            let words =
                "deleted \(chosen.ids.joined(separator: ", ").visible()); for \(Bin.keptDays) days `artifacts undelete` brings that back"
            chosen.options.tell(document, words)
        }
    }

    struct Undelete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "undelete",
            abstract: "Bring back what was deleted last under an id, or list what can be brought back.",
            discussion: "Example: questfoundry artifacts undelete --list")

        @Argument(help: "The artifact's id.")
        var id: String?

        @Flag(help: "Only list what is in the bin, what was deleted last first.")
        var list = false

        @Flag
        var format: ListFormat?

        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard (id != nil) != list else { throw ValidationError("Name an artifact, or list them with --list.") }
        }

        func run() async throws {
            if let id {
                let artifact = try await Opening(options: options).withSession { try await $0.undelete(id) }
                if let format { return format.print(["undeleted": JSONValue(artifact.id)]) }
                Output.result("\(artifact.id.visible()) is back")
            } else {
                let entries = try await Opening(options: options).withSession { try await $0.deleted() }
                let documents = entries.map(\.json)
                if let format { return format.print(documents, document: ["bin": .array(documents)]) }
                let rows = entries.map { [$0.id, Words.time($0.deletedAt), Words.time($0.keptUntil)] }
                Output.result(rows.isEmpty ? "the bin is empty" : Output.table(["id", "deleted", "kept until"], rows))
            }
        }
    }

    struct Promote: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "promote",
            abstract: "Freeze artifacts in a snapshot and make them cold, once the gate lets them through.",
            discussion: """
                The newest gatecheck that covers an artifact as it is decides. Cold artifacts do not change; promoting the \
                same id again makes a new version.

                Example: questfoundry artifacts promote SCENE-7F3A21C09B
                """)

        @OptionGroup var chosen: Several

        func run() async throws {
            let (artifacts, snapshot) = try await chosen.options.withSession {
                try await $0.promote(chosen.ids)
            }
            let document: JSONValue = [
                "snapshot": JSONValue(snapshot.id), "artifacts": .array(artifacts.map(\.named)),
            ]
            let words = "\(artifacts.map(\.id).joined(separator: ", ").visible()): cold, in the snapshot \(snapshot.id)"
            chosen.options.tell(document, words)
        }
    }

    struct Demote: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "demote", abstract: "Copy cold artifacts back into the work in progress; the cold ones stay.",
            discussion: "Example: questfoundry artifacts demote SCENE-7F3A21C09B")

        @OptionGroup var chosen: Several

        func run() async throws {
            let artifacts = try await chosen.options.withSession { try await $0.demote(chosen.ids) }
            let document: JSONValue = ["artifacts": .array(artifacts.map(\.named))]
            let names = artifacts.map(\.id).joined(separator: ", ").visible()
            let words = "\(names): in work again; the cold version stays"
            chosen.options.tell(document, words)
        }
    }
}

extension Artifact {
    /// Which revision of what it is.
    fileprivate var named: JSONValue {
        ["id": JSONValue(id), "type": JSONValue(type), "revision": JSONValue(revision)]
    }
}
