import Core
import Foundation

/// The user's editor, run on a file until it is closed.
enum Editor {
    /// What the user has chosen: `VISUAL`, else `EDITOR`, else vi.
    static var command: String {
        let chosen = ["VISUAL", "EDITOR"].compactMap { ProcessInfo.processInfo.environment[$0] }
        return chosen.first { !$0.isEmpty } ?? "vi"
    }

    /// Opens a file and waits. Throws when the editor cannot be started, or ends with an error.
    static func open(_ path: String) throws(Failure) {
        // The command may hold options, as a shell takes them; the path is a word of its own.
        let words = ["/bin/sh", "-c", "\(command) \"$1\"", "sh", path]
        // Ctrl-C is for the editor. What this program ignores, the editor does not.
        let ignored = [SIGINT, SIGQUIT].map { (number: $0, action: signal($0, SIG_IGN)) }
        // Ctrl-Z stops both.
        let before = ignored + [(number: SIGTSTP, action: signal(SIGTSTP, SIG_DFL))]
        defer { for handler in before { signal(handler.number, handler.action) } }
        let status = try run(words)
        guard status == 0 else {
            let reason = status & 0x7F == 0 ? "ended with \(status >> 8 & 0xFF)" : "was stopped by a signal"
            throw Failure(.workFailed, kind: "editor", "the editor `\(command.visible())` \(reason)")
        }
    }

    private static func run(_ words: [String]) throws(Failure) -> Int32 {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for number in [SIGINT, SIGQUIT, SIGXFSZ] { sigaddset(&defaults, number) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        let number = posix_spawn(&process, words[0], nil, &attributes, &arguments, environ)
        guard number == 0 else {
            throw Failure(
                .workFailed, kind: "editor",
                "the editor `\(command.visible())` cannot be started: \(String(cString: strerror(number)))")
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status
    }
}
