import ArgumentParser
import Core
import Foundation
import Studio

/// A run at work in the foreground: progress on standard error, the result on standard output, a signal ends it cleanly.
struct RunningLoop {
    private let session: Session
    private let isQuiet: Bool
    private let asJSON: Bool
    /// Whether roles may ask whoever sits at the terminal.
    let asksWriter: Bool

    /// Whether somebody sits at a terminal.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    init(_ session: Session, isQuiet: Bool, asJSON: Bool, asksWriter: Bool) {
        self.session = session
        self.isQuiet = isQuiet
        self.asJSON = asJSON
        self.asksWriter = asksWriter
    }

    /// Throws the exit code of a run that did not come to its end.
    func run(_ body: (Session) async -> RunReport) async throws {
        let session = session
        let stop = StopSignals { Task { await session.cancel() } }
        defer { stop.cancel() }
        let events = session.events()
        let isQuiet = isQuiet
        let prompt = asksWriter ? QuestionPrompt(session) : nil
        let progress = Task {
            for await record in events {
                prompt?.note(record.event)
                if !isQuiet, let line = Progress.line(for: record.event) { Output.note(line) }
            }
        }
        let report = await body(session)
        await session.close()
        await progress.value
        Output.result(asJSON ? report.json.text(isPretty: true) : Progress.summary(of: report))
        guard let error = report.error else { return }
        Output.note("questfoundry: \(error.message)")
        if report.state == .cancelled { Output.note("questfoundry: `questfoundry resume` goes on with it") }
        throw ExitCode(stop.hasStopped ? Code.interrupted.rawValue : Code(error).rawValue)
    }
}
