import ArgumentParser
import Core
import Studio

/// `questfoundry resume`.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Go on with the last run, at the step in which it ended.",
        discussion: "Example: questfoundry resume. What the run has stored is neither asked for nor paid again.")

    @Flag(help: "Print one JSON document.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let session: Session
        do { session = try Opening(options: options).session() } catch { throw Failure(error) }
        try await RunningLoop(session, isQuiet: options.quiet, asJSON: json).run { await $0.resume() }
    }
}
