import ArgumentParser
import Core
import Foundation
import Studio

/// `questfoundry status`.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Who writes with what, what the cache saves, what is left, what it costs.",
        discussion: "Example: questfoundry status --json | jq .costs")

    @Flag(help: "Print one JSON document; with --watch one on a line each time.")
    var json = false

    @Flag(help: "Print it again whenever a figure has changed, until Ctrl-C.")
    var watch = false

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        guard watch else {
            let status = try await Opening(options: options).status()
            return Output.result(json ? status.json.text(isPretty: true) : StatusText.text(of: status))
        }
        try await Opening(options: options).withSession { session in
            var last: String?
            for await _ in session.changes() {
                let status = try await session.status()
                let text = json ? status.json.text() : StatusText.text(of: status)
                if text != last { show(text, isFirst: last == nil) }
                last = text
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// On a terminal each takes the place of the one before; elsewhere a blank line stands between them.
    private func show(_ text: String, isFirst: Bool) {
        if json { return Output.result(text) }
        let isScreen = isatty(STDOUT_FILENO) == 1
        Output.result((isScreen ? "\u{1B}[H\u{1B}[2J" : isFirst ? "" : "\n") + text)
    }
}
