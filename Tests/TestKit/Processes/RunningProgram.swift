import CTestKit
import Foundation
import Synchronization

/// A process that a test has started.
///
/// Foundation's `Process` is not used: started from many threads at once it loses ends of processes, and crashes.
public final class RunningProgram: Sendable {
    private struct State {
        /// As a shell tells it: the exit code, or the number of the signal.
        var status: Int32?
        var waiter: CheckedContinuation<Int32, Never>?
    }

    public let processID: Int32
    private let files: (output: String, errors: String)
    private let state = Mutex(State())

    /// `terminal` is the path of the terminal that the program is shown on; nil for files.
    public init(
        _ executable: String, _ arguments: [String], folder: String, environment: [String: String],
        terminal: String? = nil
    ) throws {
        let name = folder + "/" + UUID().uuidString
        files = (name + ".out", name + ".err")
        processID = try Self.spawn(
            [executable] + arguments, folder: folder, environment: environment,
            files: terminal.map { [$0, $0, $0] } ?? ["/dev/null", files.output, files.errors],
            isSession: terminal != nil)
        let thread = Thread { [processID, weak self] in
            let status = Self.waitForEnd(of: processID)
            self?.finish(status)
        }
        thread.start()
    }

    /// What the process has written to its standard error until now.
    public var errors: String { (try? String(contentsOfFile: files.errors, encoding: .utf8)) ?? "" }

    public var hasEnded: Bool { state.withLock { $0.status != nil } }

    public func send(_ signal: Int32) { kill(processID, signal) }

    /// Waits for the end; one task only.
    public func outcome() async -> Outcome {
        let status = await withCheckedContinuation { continuation in
            let status = state.withLock { state in
                if state.status == nil { state.waiter = continuation }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
        let output = (try? String(contentsOfFile: files.output, encoding: .utf8)) ?? ""
        let outcome = Outcome(status: status, output: output, errors: errors)
        for file in [files.output, files.errors] { try? FileManager.default.removeItem(atPath: file) }
        return outcome
    }

    private func finish(_ status: Int32) {
        let waiter = state.withLock { state in
            state.status = status
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: status)
    }

    private static func waitForEnd(of processID: Int32) -> Int32 {
        var status: Int32 = 0
        while waitpid(processID, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : signal
    }

    private static func spawn(
        _ words: [String], folder: String, environment: [String: String], files: [String], isSession: Bool
    ) throws -> Int32 {
        var processID: Int32 = 0
        let code = withCStrings(words) { words in
            withCStrings(environment.map { "\($0)=\($1)" }) { environment in
                withCStrings(files) { files in
                    ct_spawn(&processID, folder, words, environment, files.map { UnsafePointer($0) }, isSession)
                }
            }
        }
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .ENOENT) }
        return processID
    }

    private static func withCStrings<Value>(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
    ) -> Value {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
