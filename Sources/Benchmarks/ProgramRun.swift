import Foundation
import Glibc

/// The program that was built beside this one, and a folder of its own to run it in.
struct ProgramBench: ~Copyable {
    let program: String
    let folder: ScratchFolder
    let home: String

    /// nil, which is said, when there is no such program.
    static func make() throws -> ProgramBench? {
        let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let program = products.appending(path: "questfoundry").path(percentEncoded: false)
        guard access(program, X_OK) == 0 else {
            print("– the program is not there: swift build -c release --static-swift-stdlib --product questfoundry")
            return nil
        }
        let folder = try ScratchFolder()
        let home = folder.file("home")
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        return ProgramBench(program: program, folder: folder, home: home)
    }
}

/// How long a run of the built program took, and how much memory it needed at most.
struct ProgramRun {
    var milliseconds: Double
    var megabytes: Double

    /// Runs the program to its end, in silence. Throws when it fails.
    static func toItsEnd(_ program: String, _ arguments: [String], home: String) throws -> ProgramRun {
        let start = DispatchTime.now().uptimeNanoseconds
        let process = try spawn([program] + arguments, home: home)
        let (status, usage) = end(of: process)
        guard status == 0 else { throw Failure(words: ([program] + arguments).joined(separator: " ")) }
        return ProgramRun(
            milliseconds: Double(DispatchTime.now().uptimeNanoseconds - start) / 1e6,
            megabytes: Double(usage.ru_maxrss) / 1_024)
    }

    /// Opens the program in a terminal until it shows a text, and quits it then.
    static func untilItShows(
        _ text: String, _ program: String, _ arguments: [String], home: String
    ) throws -> ProgramRun {
        let run = try TerminalRun([program] + arguments, home: home)
        try run.wait(for: text)
        let opened = ProgramRun(milliseconds: run.age, megabytes: run.mostMemory)
        _ = try run.end()
        return opened
    }

    private struct Failure: Error { var words: String }

    private static func spawn(_ words: [String], home: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor: Int32 in 0...2 {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        let environment = ["HOME=\(home)", "TERM=xterm-256color", "LANG=C.UTF-8", "PATH=/usr/bin:/bin"]
        var (arguments, variables) = (copied(words), copied(environment))
        defer { for word in arguments + variables { free(word) } }
        var process: pid_t = 0
        guard posix_spawn(&process, words[0], &actions, nil, &arguments, &variables) == 0 else {
            throw Failure(words: "\(words[0]) cannot be started")
        }
        return process
    }

    /// Words as C has them, with an end.
    private static func copied(_ words: [String]) -> [UnsafeMutablePointer<CChar>?] {
        words.map { strdup($0) } + [nil]
    }

    private static func end(of process: pid_t) -> (status: Int32, usage: rusage) {
        var (status, usage): (Int32, rusage) = (0, rusage())
        while wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
        return (status, usage)
    }
}
