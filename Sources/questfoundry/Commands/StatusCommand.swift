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
        do {
            let session = try Opening(options: options).session()
            let status = try await session.status()
            await session.close()
            Output.result(json ? status.json.text(isPretty: true) : StatusText.text(of: status))
        } catch { throw Failure(error) }
    }
}
