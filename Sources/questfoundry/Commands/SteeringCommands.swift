import ArgumentParser
import Core
import Studio

/// Asks something of the run under way in another process, and says that it does it.
private func steer(_ order: SteeringOrder, _ options: GlobalOptions, saying text: String) async throws {
    try await Opening(options: options).withSession { session in
        try await session.steerElsewhere(order, by: "command line")
    }
    Output.result(text)
}

/// `questfoundry pause`.
struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Let the run under way stand still, in the dashboard or in `generate`.",
        discussion: """
            Requests that were sent come to their ends; `questfoundry resume` lets it go on. Ends with 64 when nothing runs.

            Example: questfoundry pause --after-step
            """)

    @Flag(help: "Only when the step under way is done.")
    var afterStep = false

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let text = afterStep ? "the run pauses after its step" : "the run is paused"
        try await steer(afterStep ? .pauseAfterStep : .pause, options, saying: text)
    }
}

/// `questfoundry cancel`.
struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "End the run under way; what it stored stays.",
        discussion: """
            `questfoundry resume` goes on with it later. Ends with 64 when nothing runs.

            Example: questfoundry cancel
            """)

    @Flag(help: "End only the step under way: the run stands still before it.")
    var step = false

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await steer(
            step ? .stopStep : .cancel, options,
            saying: step ? "the step is stopped; `questfoundry resume` goes on with it" : "the run is cancelled")
    }
}

/// `questfoundry note`.
struct NoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note", abstract: "Tell the next step of the run under way what to keep in mind.",
        discussion: "Example: questfoundry note \"The ferryman must not be named before the last scene.\"")

    @Argument(help: "The note: it stands in the prompts of the next step that asks a model.")
    var text: String

    @OptionGroup var options: GlobalOptions

    func run() async throws { try await steer(.note(text), options, saying: "the next step reads the note") }
}

/// `questfoundry redo`.
struct RedoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redo", abstract: "Have the last step of the run under way done once more, past the cache.",
        discussion: """
            Its new answers replace what it wrote, as new revisions, and are paid like any. A step under way is stopped for \
            it, and begins again afterwards.

            Example: questfoundry pause --after-step && questfoundry redo
            """)

    @OptionGroup var options: GlobalOptions

    func run() async throws { try await steer(.redo, options, saying: "the last step is done again") }
}
