import ArgumentParser
import Core
import Studio

/// `questfoundry status`.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Who writes with what, what the cache saves, what is left, what it costs.",
        discussion: "Example: questfoundry status --json | jq .costs")

    @Flag(help: "Print one JSON document.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Opening(options: options).report(asJSON: json) {
            $0
        } _: {
            StatusText.text(of: $0)
        }
    }
}
