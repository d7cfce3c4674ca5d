import Foundation
import SuiteKit
import TestKit
import Testing

/// Keys, clicks, pastes and sizes of all sorts, in any order, while a loop runs.
///
/// The everyday run takes some 1,500 events; `QUESTFOUNDRY_FUZZ_EVENTS=100000` asks for more, and a failure names its
/// seed, which `QUESTFOUNDRY_FUZZ_SEED` repeats.
@Suite(.oneAtATime, .timeLimit(.minutes(60))) struct TerminalFuzzTests {
    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment["QUESTFOUNDRY_FUZZ_\(name)"].flatMap { Int($0) }
    }

    @Test func noEventsBringItDownOrLeaveTheTerminalOtherwise() async throws {
        let seed = Self.number("SEED") ?? Int.random(in: 0...Int(UInt32.max))
        var events = RandomEvents(seed: UInt64(seed))
        let project = try await Project()
        var left = Self.number("EVENTS") ?? 1_500
        while left > 0 {
            let dashboard = try TerminalProgram(
                ["--project", project.path], in: project.folder.path, width: 120, height: 40,
                environment: ["EDITOR": "true", "VISUAL": "true"])
            try await dashboard.waitFor("the first frame") { $0.rows.contains { $0.contains("Roles") } }
            try await dashboard.type(Array("g\r".utf8))
            try await torture(dashboard, with: &events, count: &left, seed: seed)
            try await end(dashboard, seed: seed)
        }
    }

    /// Does what comes until somebody quits or enough has come.
    private func torture(
        _ dashboard: TerminalProgram, with events: inout RandomEvents, count: inout Int, seed: Int
    ) async throws {
        while count > 0, !dashboard.hasEnded {
            count -= 1
            switch events.next() {
            case .bytes(let bytes): try await dashboard.type(bytes)
            case .size(let width, let height): dashboard.resize(width: width, height: height)
            }
            guard count % 250 == 0 else { continue }
            #expect(dashboard.emulator.strays == [], "seed \(seed)")
            try await answers(dashboard)
        }
    }

    /// Whether a size that is big enough is painted within the deadline: nothing hangs.
    private func answers(_ dashboard: TerminalProgram) async throws {
        // Ends a paste that an event may have begun.
        try await dashboard.type(Array("\u{1B}[201~".utf8))
        dashboard.resize(width: 101, height: 31)
        // What comes ends the program only while it is quitting anyway.
        if dashboard.hasEnded { return }
        do {
            try await dashboard.waitFor("the footer of a painted frame") { emulator in
                emulator.rows.count == 31 && emulator.rows[30].contains("quit") || emulator.rows[30].contains("close")
            }
        } catch {
            guard dashboard.hasEnded else { throw error }
        }
    }

    private func end(_ dashboard: TerminalProgram, seed: Int) async throws {
        dashboard.program.send(SIGTERM)
        // Reads on: a program whose terminal is full cannot end.
        try await dashboard.readToTheEnd()
        try #require(dashboard.hasEnded, "it hangs, seed \(seed)")
        let status = await dashboard.program.outcome().status
        #expect([0, 15, 130, 143].contains(status), "seed \(seed)")
        #expect(dashboard.leftBehind == [], "seed \(seed)")
        #expect(dashboard.emulator.strays == [], "seed \(seed)")
    }
}

/// What a writer with a cat on the keyboard does.
private struct RandomEvents {
    enum Event {
        case bytes([UInt8])
        case size(width: Int, height: Int)
    }

    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    private static let keys = [
        "\u{1B}[A", "\u{1B}[B", "\u{1B}[C", "\u{1B}[D", "\u{1B}OA", "\u{1B}OB", "\u{1B}OC", "\u{1B}OD", "\u{1B}[H",
        "\u{1B}[F", "\u{1B}OH", "\u{1B}OF", "\u{1B}[5~", "\u{1B}[6~", "\u{1B}[Z", "\u{1B}[3~", "\u{1B}[2~", "\u{1B}OP",
        "\u{1B}[15~", "\u{1B}[1;5C", "\u{1B}", "\u{1B}\u{1B}", "\r", "\t", "\u{7F}", " ", "\u{C}", "\u{1B}[I",
        "\u{1B}[O",
    ]

    private static let pasted = [
        "", "a brief", "two\nlines\r\n", "\u{1B}[2J\u{1B}]52;c;aGk=\u{7}", "漢字漢字漢字", "e\u{301}\u{302}\u{303}",
        "👩‍👩‍👧", "\u{202E}evil", String(repeating: "x", count: 3_000), "\u{9B}31m", "\u{0}\u{1}\u{2}",
    ]

    mutating func next() -> Event {
        switch random.number(1...20) {
        case 1...8: return letter()
        case 9...14: return .bytes(Array(random.pick(Self.keys).utf8))
        case 15: return .bytes(Array(("\u{1B}[200~" + random.pick(Self.pasted) + "\u{1B}[201~").utf8))
        case 16, 17: return click()
        case 18: return noise()
        default:
            // Big enough most of the time, so that there is something to see.
            let isTiny = random.isOne(in: 4)
            return .size(
                width: random.number(isTiny ? 1...20 : 20...300), height: random.number(isTiny ? 1...6 : 6...100))
        }
    }

    /// Any letter or Ctrl-letter, quitting less often than others; never Ctrl-Z, after which a shell would be asked.
    private mutating func letter() -> Event {
        let byte = UInt8(random.isOne(in: 12) ? random.number(1...25) : random.number(0x20...0x7E))
        let quits = byte == 3 || byte == UInt8(ascii: "q")
        return .bytes([quits && !random.isOne(in: 50) ? UInt8(ascii: "j") : byte])
    }

    private mutating func click() -> Event {
        let button = random.pick([0, 1, 2, 32, 35, 64, 65])
        let place = "\(random.number(1...300));\(random.number(1...100))"
        return .bytes(Array("\u{1B}[<\(button);\(place)\(random.isOne(in: 2) ? "M" : "m")".utf8))
    }

    /// Bytes that are no key of any terminal, and halves of sequences.
    private mutating func noise() -> Event {
        let bytes = (0..<random.number(1...12)).map { _ in UInt8(random.number(0x80...0xFF)) }
        return .bytes(random.isOne(in: 2) ? bytes : Array("\u{1B}[<0;".utf8) + bytes + [UInt8(ascii: "M")])
    }
}
