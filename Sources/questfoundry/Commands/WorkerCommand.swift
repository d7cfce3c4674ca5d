import ArgumentParser
import Core
import Studio

/// `questfoundry worker`.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Do the jobs that `generate --enqueue` has left, for all machines of a project.",
        discussion: "Example: questfoundry worker --jobs 4 --until-empty")

    @Option(help: "How many jobs to do at a time.")
    var jobs = 1

    @Flag(help: "End when no job waits and none is under way anywhere.")
    var untilEmpty = false

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...64).contains(jobs) else { throw ValidationError("Between 1 and 64 jobs can be done at a time.") }
    }

    func run() async throws {
        #if Redis
            let opening = Opening(options: options)
            let untilEmpty = untilEmpty
            let task = Task {
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<jobs {
                        group.addTask { try await Worker(opening, endsWhenEmpty: untilEmpty).work() }
                    }
                    return try await group.reduce(0, +)
                }
            }
            let stop = StopSignals { task.cancel() }
            defer { stop.cancel() }
            let failed: Int
            do { failed = try await task.value } catch { throw Failure(error) }
            if stop.hasStopped { throw ExitCode(Code.interrupted.rawValue) }
            if failed > 0 { throw ExitCode(Code.workFailed.rawValue) }
        #else
            _ = try WorkLine(Opening(options: options))
        #endif
    }
}
