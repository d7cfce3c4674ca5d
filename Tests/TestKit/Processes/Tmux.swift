import Foundation

/// A program in a real terminal: a tmux server of a test's own, ended with it.
public final class Tmux: Sendable {
    public struct NotSeen: Error, CustomStringConvertible {
        public var what: String
        public var screen: String
        public var description: String { "not on the screen within the deadline: \(what)\n\(screen)" }
    }

    private let folder: TemporaryFolder
    private let socket: String
    /// In the foreground: a server that makes itself a daemon would keep what tells of its client's end.
    private let server: RunningProgram

    /// Starts a shell of the given size, in which a test types.
    public init(width: Int, height: Int, environment: [String: String] = [:]) async throws {
        folder = try TemporaryFolder()
        socket = folder.file("tmux")
        let shell = folder.file("rc")
        try "PS1='ready> '\n".write(toFile: shell, atomically: true, encoding: .utf8)
        server = try Program.start(
            ["tmux", "-S", socket, "-f", "/dev/null", "-D"], of: "/usr/bin/env", in: folder.path,
            environment: environment)
        let deadline = ContinuousClock.now + .seconds(20)
        while !FileManager.default.fileExists(atPath: socket), ContinuousClock.now < deadline { await Task.yield() }
        let size = ["-x", "\(width)", "-y", "\(height)"]
        try await command(["new-session", "-d"] + size + ["bash --noprofile --rcfile \(shell) -i"])
        try await command("set", "-g", "status", "off")
        // What a program copies is kept for ``clipboard()``.
        try await command("set", "-g", "set-clipboard", "on")
        try await resize(width: width, height: height)
        try await waitFor("ready>")
    }

    deinit { server.send(SIGTERM) }

    /// Types text as it stands.
    public func type(_ text: String) async throws { try await command("send-keys", "-l", text) }

    /// Presses keys by tmux's names: `Enter`, `Escape`, `C-c`, `Tab`.
    public func press(_ keys: String...) async throws {
        for key in keys { try await command("send-keys", key) }
    }

    public func resize(width: Int, height: Int) async throws {
        try await command("resize-window", "-x", "\(width)", "-y", "\(height)")
    }

    /// The screen's rows; with `isStyled` the escape sequences of colours are among them.
    public func screen(isStyled: Bool = false) async throws -> String {
        try await command(["capture-pane", "-p"] + (isStyled ? ["-e"] : []))
    }

    /// What a program copied last where the terminal lets programs (OSC 52).
    public func clipboard() async throws -> String { try await command("show-buffer") }

    /// Writes into the first row of the terminal past the program that has it, as a process in the background might.
    public func scribble(_ text: String) async throws {
        let path = try await command("display-message", "-p", "#{pane_tty}").split(separator: "\n").joined()
        let script = #"printf '\0337\033[H%s\0338' "$1" > "$2""#
        _ = try await Program.run(["-c", script, "sh", text, path], of: "/bin/sh", in: folder.path)
    }

    /// Looks until a text is on the screen, and returns the screen; throws ``NotSeen`` after the deadline.
    @discardableResult
    public func waitFor(_ text: String, seconds: Double = 120) async throws -> String {
        try await waitFor(text, seconds: seconds) { $0.contains(text) }
    }

    /// Looks until the screen is as wanted, and returns it; throws ``NotSeen`` after the deadline.
    @discardableResult
    public func waitFor(
        _ what: String, seconds: Double = 120, _ isThere: (String) -> Bool
    ) async throws -> String {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var seen = ""
        while ContinuousClock.now < deadline {
            seen = try await screen()
            if isThere(seen) { return seen }
            // Leaves the processor to the others.
            try await Task.sleep(for: .milliseconds(5))
        }
        throw NotSeen(what: what, screen: seen)
    }

    @discardableResult
    private func command(_ arguments: String...) async throws -> String { try await command(arguments) }

    @discardableResult
    private func command(_ arguments: [String]) async throws -> String {
        try await Program.run(["tmux", "-S", socket] + arguments, of: "/usr/bin/env", in: folder.path).output
    }
}
