import ArgumentParser
import Core
import Studio

/// `questfoundry resume`.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Go on: with the paused run of another process, else with the last run.",
        discussion: """
            A run that a process holds paused goes on there. One whose process has ended goes on here, at the step in which \
            it ended; what it has stored is neither asked for nor paid again, nor is what it asked you.

            Example: questfoundry resume
            """)

    @Flag(help: "Never ask; for scripts.")
    var batch = false

    @Flag(help: "Print one JSON document.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let session: Session
        do {
            session = try Opening(options: options).session()
            if let other = try session.sessionElsewhere() {
                try await session.steerElsewhere(.goOn, by: "command line")
                await session.close()
                return Output.result(
                    json
                        ? (["resumed": JSONValue(other.description)] as JSONValue).text(isPretty: true)
                        : "the run goes on")
            }
        } catch {
            throw Failure(error)
        }
        let loop = RunningLoop(session, isQuiet: options.quiet, asJSON: json, asksWriter: RunningLoop.canAsk && !batch)
        try await loop.run { await $0.resume(asksWriter: loop.asksWriter) }
    }
}
