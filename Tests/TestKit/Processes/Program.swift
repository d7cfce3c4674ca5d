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
        // A program that is killed leaves half a profile, and one bad file spoils the whole coverage.
        result["LLVM_PROFILE_FILE"] = "/dev/null"
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
