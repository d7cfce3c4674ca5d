import Foundation
import Glibc

/// A program on a terminal of a test's own, whose every byte is read by a ``TerminalEmulator``.
public final class TerminalProgram {
    public let terminal: PseudoTerminal
    public private(set) var emulator: TerminalEmulator
    public let program: RunningProgram
    /// How the terminal was before.
    private let modes: termios

    public init(
        _ arguments: [String], of executable: String = Program.path, in folder: String, width: Int, height: Int,
        environment: [String: String] = [:]
    ) throws {
        terminal = try PseudoTerminal(width: width, height: height)
        modes = terminal.modes
        emulator = TerminalEmulator(width: width, height: height)
        program = try RunningProgram(
            executable, arguments, folder: folder,
            environment: Program.environment(home: folder, adding: environment), terminal: terminal.path)
    }

    public var screen: String { emulator.rows.joined(separator: "\n") }

    public var hasEnded: Bool { program.hasEnded }

    /// Reads what the program has written until now; returns whether that was something.
    @discardableResult
    public func read() -> Bool {
        let bytes = terminal.outputBytes()
        emulator.take(bytes)
        return !bytes.isEmpty
    }

    /// Reads until nothing has been written for a while.
    public func settle() async throws {
        var quiet = 0
        while quiet < 15 {
            quiet = read() ? 0 : quiet + 1
            try await Self.pause()
        }
    }

    /// Polls, and leaves the processor to the others.
    private static func pause() async throws { try await Task.sleep(for: .milliseconds(10)) }

    /// Reads until the program has ended, or the deadline is over.
    public func readToTheEnd(seconds: Double = 120) async throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while !hasEnded, ContinuousClock.now < deadline {
            read()
            try await Self.pause()
        }
    }

    public func resize(width: Int, height: Int) {
        read()
        emulator.resize(width: width, height: height)
        terminal.resize(width: width, height: height)
    }

    /// Types bytes, and reads meanwhile, so that neither waits for the other.
    public func type(_ bytes: [UInt8]) async throws {
        var left = bytes[...]
        while !left.isEmpty, !hasEnded {
            let taken = terminal.type(left)
            left = left.dropFirst(taken)
            if !read(), taken == 0 { try await Self.pause() }
        }
    }

    /// Reads until the screen is as wanted. Throws ``Tmux/NotSeen`` after the deadline.
    public func waitFor(_ what: String, seconds: Double = 120, _ isThere: (TerminalEmulator) -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            read()
            if isThere(emulator) { return }
            guard ContinuousClock.now < deadline, !hasEnded else { throw Tmux.NotSeen(what: what, screen: screen) }
            try await Self.pause()
        }
    }

    /// What of the terminal is not as it was before the program; empty when it was restored.
    public var leftBehind: [String] {
        read()
        let now = terminal.modes
        let kernel = [
            modes.c_iflag == now.c_iflag, modes.c_oflag == now.c_oflag, modes.c_cflag == now.c_cflag,
            modes.c_lflag == now.c_lflag,
        ]
        let isKept = emulator.modes.subtracting([12]) == [7, 25]
        return (kernel.contains(false) ? ["the kernel's modes"] : []) + (isKept ? [] : ["modes \(emulator.modes)"])
            + (emulator.isStyled ? ["a style"] : [])
    }
}
