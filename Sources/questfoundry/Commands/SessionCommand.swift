import ArgumentParser
import Core
import Metering
import Studio

/// `questfoundry session`.
struct SessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session", abstract: "List the sessions, and print what happened in one.",
        discussion: "Example: questfoundry session export --jsonl | jq 'select(.event == \"request_answered\")'",
        subcommands: [List.self, Export.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Every session that the journal tells of, the newest first.",
            discussion: "Example: questfoundry session list --json")

        @Flag
        var format: ListFormat?

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await Opening(options: options).withSession { session in
                let running = try session.sessionElsewhere()
                let lines = try session.sessions()
                if let format {
                    return format.print(lines.map { $0.json(isRunning: $0.id == running) })
                }
                let rows = lines.map { line in
                    let state = line.id == running ? "running" : line.state?.rawValue ?? "-"
                    return [
                        line.id.description, Words.time(line.startedAt), line.loop ?? "-", state, "\(line.runs)",
                        "\(line.events)",
                    ]
                }
                Output.result(Output.table(["session", "started", "loop", "state", "runs", "events"], rows))
            }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Every event of a session, oldest first.",
            discussion: """
                Texts in it were written by models. `state.keep_sessions` says of how many sessions events are kept.

                Example: questfoundry session export --jsonl > session.jsonl
                """)

        @Argument(help: "The session, as `session list` names it; the newest when left out.")
        var id: String?

        @Flag
        var format = ListFormat.json

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let session = try id.map { text throws(Failure) in
                guard let id = ULID(text) else {
                    throw Failure(.usage, kind: "usage", "\(text.visible()) names no session; see `session list`")
                }
                return id
            }
            let events = try await Opening(options: options).withSession { try $0.journal(of: session).map(\.json) }
            format.print(events)
        }
    }
}
