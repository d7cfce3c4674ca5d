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
            abstract: "Every session that the journal tells of, the newest first.",
            discussion: "Example: questfoundry session list --json")

        @OptionGroup var form: ListForm
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await Opening(options: options).withSession { session in
                let running = try session.sessionElsewhere()
                let lines = try session.sessions()
                let documents = lines.map { $0.json(isRunning: $0.id == running) }
                form.print(documents) {
                    let rows = lines.map { line in
                        [
                            line.id.description, Words.time(line.startedAt), line.loop ?? "-",
                            line.id == running ? "running" : line.state?.rawValue ?? "-", "\(line.runs)",
                            "\(line.events)",
                        ]
                    }
                    return Output.table(["session", "started", "loop", "state", "runs", "events"], rows)
                }
            }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every event of a session, oldest first.",
            discussion: """
                Texts in it were written by models. `state.keep_sessions` says of how many sessions events are kept.

                Example: questfoundry session export --jsonl > session.jsonl
                """)

        @Argument(help: "The session, as `session list` names it; the newest when left out.")
        var id: String?

        @Flag(help: "Print one JSON object per line.")
        var jsonl = false

        @Flag(help: "Print one JSON document; the default.")
        var json = false

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let session = try id.map { text throws(Failure) in
                guard let id = ULID(text) else {
                    throw Failure(.usage, kind: "usage", "\(text.visible()) names no session; see `session list`")
                }
                return id
            }
            let events = try await Opening(options: options).withSession { try $0.journal(of: session).map(\.json) }
            guard jsonl else { return Output.result(JSONValue.array(events).text(isPretty: true)) }
            for event in events { Output.result(event.text()) }
        }
    }
}

/// How a list is printed.
struct ListForm: ParsableArguments {
    @Flag(help: "Print one JSON document.")
    var json = false

    @Flag(help: "Print one JSON object per line.")
    var jsonl = false

    /// `words` is what people read.
    func print(_ entries: [JSONValue], _ words: () -> String) {
        if jsonl {
            for entry in entries { Output.result(entry.text()) }
        } else {
            Output.result(json ? JSONValue.array(entries).text(isPretty: true) : words())
        }
    }
}
