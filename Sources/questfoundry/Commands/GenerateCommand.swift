import ArgumentParser
import Configuration
import Core
import Dispatch
import Foundation
import Studio

/// `questfoundry generate`.
struct GenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Run a loop; progress on standard error, the result on standard output.",
        discussion: "Example: questfoundry generate story_spark --brief \"A lighthouse that lies\" --count 3 --seed 7")

    @Argument(help: "The loop to run; story_spark when neither it nor a goal is given.")
    var loop: String?

    @Option(
        help: ArgumentHelp(
            "What you want to come of it: the showrunner picks the loop, and the first step reads it.",
            valueName: "text"))
    var goal: String?

    @Option(help: "What the story is about; the project's own brief when left out.")
    var brief: String?

    @Option(help: "How many scenes to draft.")
    var count: Int?

    @Option(help: "Read only this artifact of the workspace; may be given again.")
    var input: [String] = []

    @Option(help: "How many requests of a step are made at once; what they come to does not depend on it.")
    var jobs = 1

    @Option(help: "Only this role's steps.")
    var role: String?

    @Option(help: "The provider of every role for this run.")
    var provider: String?

    @Option(help: "The model of every role for this run.")
    var model: String?

    @Option(help: "A seed: the same seed asks the same questions.")
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "Which of several answers to the same questions: a number from 1, or next for the first free one.",
            valueName: "n|next"), transform: readTake)
    var take = Take.number(1)

    @Flag(help: "Skip the cache's look-up and replace its entries.")
    var fresh = false

    @Flag(help: "Never ask; for scripts.")
    var batch = false

    @Flag(help: "Let a workspace from elsewhere send what its configuration says to where it says, from now on.")
    var trust = false

    @Flag(help: "Leave the work to `questfoundry worker`, on any machine that shares this project through Redis.")
    var enqueue = false

    @Flag(help: "Print one JSON document.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard goal != nil else { return }
        if loop != nil { throw ValidationError("Name a loop or a goal, not both: with a goal the showrunner picks.") }
        if enqueue { throw ValidationError("--enqueue needs a loop: a worker picks none for a goal.") }
    }

    func run() async throws {
        var order = try makeOrder()
        order.asksWriter = RunningLoop.canAsk && !batch
        let session: Session
        let opening = Opening(options: options)
        if enqueue { return try WorkLine(opening).add(order, asJSON: json) }
        do { session = try trust ? opening.trustedSession() : opening.session() } catch { throw Failure(error) }
        let running = RunningLoop(session, isQuiet: options.quiet, asJSON: json, asksWriter: order.asksWriter)
        try await running.run { [order, goal] session in
            guard let goal else { return await session.run(order) }
            return await session.run(order, for: goal)
        }
    }

    private func makeOrder() throws -> RunOrder {
        var flags = RoleLayer()
        flags.provider = provider
        flags.model = model
        var order = RunOrder()
        if let loop { order.loop = loop }
        order.brief = brief
        order.count = count
        order.seed = seed
        order.take = take
        order.isFresh = fresh
        order.flags = flags
        order.inputs = Set(input)
        order.jobs = jobs
        order.role = try role.map { try RoleName(argument: $0) }
        return order
    }
}

@Sendable private func readTake(_ text: String) throws -> Take {
    if text == "next" { return .next }
    guard let number = Int(text) else { throw ValidationError("A take is a number from 1, or next.") }
    return .number(number)
}

extension RoleName {
    /// Reads a role's name on the command line; a name that is no role's is a mistake in usage.
    init(argument name: String) throws(Failure) {
        guard let role = RoleName(spelling: name) else {
            let known = RoleName.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure(.usage, kind: "usage", "\(name.visible()) is no role; the roles are \(known)")
        }
        self = role
    }
}

/// Runs a closure at the first SIGINT, SIGTERM or SIGHUP.
final class StopSignals {
    private let sources: [any DispatchSourceSignal]
    private let state = StopState()

    init(_ stop: @escaping @Sendable () -> Void) {
        let state = state
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                state.set()
                stop()
            }
            source.activate()
            return source
        }
    }

    var hasStopped: Bool { state.isSet }
    func cancel() { for source in sources { source.cancel() } }
}
