import Foundation
import TestKit

/// A full-screen program in a terminal of 120 × 40 of its own, with all that it writes and when.
final class TerminalRun {
    /// A stretch of output after something was done, in milliseconds since that.
    struct Burst {
        var first: Double
        var last: Double
    }

    static let size = (width: 120, height: 40)

    private let terminal: PseudoTerminal
    private let program: RunningProgram
    private let startedAt = TerminalRun.now
    private(set) var emulator = TerminalEmulator(width: size.width, height: size.height)
    private(set) var bytes = 0
    /// Frames between the marks of synchronized output, which this terminal says that it has.
    private(set) var frames = 0

    /// A pause that ends a frame, in milliseconds: longer than between two frames of a film.
    private static let quiet = 30.0
    private static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e6 }

    init(_ words: [String], home: String) throws {
        terminal = try PseudoTerminal(width: Self.size.width, height: Self.size.height)
        program = try RunningProgram(
            words[0], Array(words.dropFirst()), folder: home,
            environment: Program.environment(home: home, adding: ["COLORTERM": "truecolor"]), terminal: terminal.path)
    }

    deinit { program.send(SIGKILL) }

    /// Milliseconds since the start.
    var age: Double { Self.now - startedAt }

    struct Failure: Error, CustomStringConvertible {
        var words: String
        var description: String { words }
    }

    // MARK: What it writes

    /// Reads what comes within a time; returns when that was, nil when nothing came.
    @discardableResult
    private func read(within milliseconds: Double) -> Double? {
        guard terminal.waitForOutput(milliseconds: Int(max(0, milliseconds).rounded(.up))) else { return nil }
        let output = terminal.outputBytes()
        guard !output.isEmpty else { return nil }
        let time = Self.now
        bytes += output.count
        let text = String(decoding: output, as: UTF8.self)
        frames += text.components(separatedBy: "\u{1B}[?2026h").count - 1
        answer(text)
        emulator.take(output)
        return time
    }

    /// Answers what programs ask terminals, so that none waits.
    private func answer(_ text: String) {
        let answers = [
            ("\u{1B}[c", "\u{1B}[?62;22c"), ("\u{1B}[6n", "\u{1B}[1;1R"), ("\u{1B}[?2026$p", "\u{1B}[?2026;2$y"),
        ]
        for (question, answer) in answers where text.contains(question) { terminal.type(answer) }
    }

    func read(seconds: Double) {
        let end = Self.now + seconds * 1_000
        while case let left = end - Self.now, left > 0 { read(within: left) }
    }

    /// Reads until the screen shows something; returns the milliseconds that it took.
    @discardableResult
    func wait(seconds: Double = 20, _ isShown: (TerminalEmulator) -> Bool) throws -> Double {
        let start = Self.now
        var last = start
        while !isShown(emulator) {
            guard Self.now - start < seconds * 1_000 else {
                throw Failure(words: "it never came:\n" + emulator.rows.joined(separator: "\n"))
            }
            last = read(within: 1_000) ?? last
        }
        return last - start
    }

    func wait(for text: String, seconds: Double = 20) throws {
        try wait(seconds: seconds) { $0.rows.contains { $0.contains(text) } }
    }

    /// The output from now until it pauses; nil when none begins within a second.
    private func burst(since start: Double) -> Burst? {
        guard let first = read(within: 1_000) else { return nil }
        var last = first
        while let next = read(within: Self.quiet) { last = next }
        return Burst(first: first - start, last: last - start)
    }

    /// Milliseconds from the start to the last byte of the first frame that is whole: when output pauses and the screen is as
    /// full, but for a tenth, as it is a second later. Boxes that are still empty are no whole frame.
    func firstFrame() throws -> Double {
        var pauses: [(time: Double, cells: Int)] = []
        var last = startedAt
        while Self.now - startedAt < 15_000, pauses.isEmpty || Self.now - pauses[0].time < 1_500 {
            if let time = read(within: Self.quiet) {
                last = time
            } else if pauses.last?.time != last {
                pauses.append((last, emulator.rows.joined().filter { $0 != " " }.count))
            }
        }
        guard let full = pauses.last?.cells, let first = pauses.first(where: { $0.cells * 10 >= full * 9 }), full > 0
        else { throw Failure(words: "no first frame") }
        return first.time - startedAt
    }

    // MARK: What is done to it

    func press(_ key: String) { terminal.type(key) }

    func time(ofPressing key: String) -> Burst? {
        let start = Self.now
        press(key)
        return burst(since: start)
    }

    func resize(width: Int, height: Int) {
        emulator.resize(width: width, height: height)
        terminal.resize(width: width, height: height)
    }

    func time(ofResizingTo width: Int, _ height: Int) -> Burst? {
        let start = Self.now
        resize(width: width, height: height)
        return burst(since: start)
    }

    /// Resizes so often within a time, and reads until that is drawn; returns the bytes that it took.
    func bytes(of resizes: Int, withinSeconds seconds: Double) -> Int {
        let before = bytes
        let start = Self.now
        for number in 1...resizes {
            resize(
                width: Self.size.width - (number * 7) % 40, height: Self.size.height - (number * 3) % 16)
            let due = start + seconds * 1_000 / Double(resizes) * Double(number)
            while case let left = due - Self.now, left > 0 { read(within: left) }
        }
        _ = burst(since: Self.now)
        return bytes - before
    }

    /// Milliseconds from a key to the end of the process.
    func end(with key: String = "q") throws -> Double {
        let start = Self.now
        press(key)
        while !program.hasEnded {
            guard Self.now - start < 5_000 else {
                throw Failure(words: "it does not end:\n" + emulator.rows.joined(separator: "\n"))
            }
            read(within: 1)
        }
        return Self.now - start
    }

    // MARK: What it takes

    /// Seconds of processor time since the start.
    var processorTime: Double {
        let words = status("stat").split(separator: ")").last?.split(separator: " ") ?? []
        guard words.count > 12, let user = Double(words[11]), let system = Double(words[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Megabytes that are in memory.
    var residentMemory: Double { memory("VmRSS:") }

    /// The most that there were.
    var mostMemory: Double { memory("VmHWM:") }

    private func memory(_ key: String) -> Double {
        let line = status("status").split(separator: "\n").first { $0.hasPrefix(key) }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) / 1_024
    }

    private func status(_ file: String) -> String {
        (try? String(contentsOfFile: "/proc/\(program.processID)/\(file)", encoding: .utf8)) ?? ""
    }
}
