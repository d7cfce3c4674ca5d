import Foundation
import Synchronization

/// What a finished process left.
public struct Outcome: Sendable {
    public var status: Int32
    public var output: String
    public var errors: String
}

/// The built program, and others, run as a user runs them.
public enum Program {
    /// The folder of the built products: where this test bundle lies.
    public static var products: String {
        let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: executable).deletingLastPathComponent().path(percentEncoded: false)
    }

    public static var path: String { products + "/questfoundry" }

    /// An environment with nothing of this machine's in it but where programs are: no keys, a home of its own.
    public static func environment(home: String, adding more: [String: String] = [:]) -> [String: String] {
        let own = ProcessInfo.processInfo.environment
        var result = ["HOME": home, "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "TMPDIR": NSTemporaryDirectory()]
        result["PATH"] = own["PATH"]
        result["LD_LIBRARY_PATH"] = own["LD_LIBRARY_PATH"]
        result["LLVM_PROFILE_FILE"] = own["LLVM_PROFILE_FILE"]
        return result.merging(more) { $1 }
    }

    /// Starts a program without waiting for it. Its output goes to files in `folder`.
    public static func start(
        _ arguments: [String], of executable: String = path, in folder: String, environment: [String: String] = [:]
    ) throws -> RunningProgram {
        try RunningProgram(
            executable, arguments, folder: folder, environment: Self.environment(home: folder, adding: environment))
    }

    /// Runs a program to its end.
    public static func run(
        _ arguments: [String], of executable: String = path, in folder: String, environment: [String: String] = [:]
    ) async throws -> Outcome {
        try await start(arguments, of: executable, in: folder, environment: environment).outcome()
    }
}

/// A process that a test has started.
public final class RunningProgram: Sendable {
    private struct State {
        var isFinished = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let process: Process
    private let files: (output: String, errors: String)
    private let state = Mutex(State())

    init(_ executable: String, _ arguments: [String], folder: String, environment: [String: String]) throws {
        process = Process()
        let name = folder + "/" + UUID().uuidString
        files = (name + ".out", name + ".err")
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardInput = FileHandle.nullDevice
        for file in [files.output, files.errors] { try Data().write(to: URL(filePath: file)) }
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: files.output))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: files.errors))
        process.terminationHandler = { [weak self] _ in self?.finish() }
        try Self.spawning.withLock { try process.run() }
    }

    /// One at a time: a process that is started while another is being made inherits what tells of the other's end,
    /// which then is told only when both have ended.
    private static let spawning = NSLock()

    public var processID: Int32 { process.processIdentifier }

    /// What the process has written to its standard error until now.
    public var errors: String { (try? String(contentsOfFile: files.errors, encoding: .utf8)) ?? "" }

    public func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    public func outcome() async -> Outcome {
        await withCheckedContinuation { continuation in
            let isFinished = state.withLock { state in
                if !state.isFinished { state.waiter = continuation }
                return state.isFinished
            }
            if isFinished { continuation.resume() }
        }
        let output = (try? String(contentsOfFile: files.output, encoding: .utf8)) ?? ""
        let outcome = Outcome(status: process.terminationStatus, output: output, errors: errors)
        for file in [files.output, files.errors] { try? FileManager.default.removeItem(atPath: file) }
        return outcome
    }

    private func finish() {
        let waiter = state.withLock { state in
            state.isFinished = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}
