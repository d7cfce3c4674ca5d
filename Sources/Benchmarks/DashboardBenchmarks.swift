import Configuration
import Core
import Foundation
import GRDB
import Metering
import TestKit

/// The dashboard as a person meets it: on 1,000 artifacts and 100,000 rows of the ledger, beside btop and htop where the
/// machine has them.
enum DashboardBenchmarks {
    private static let artifacts = 1_000
    private static let rows = 100_000
    /// Enough for a run that streams 150,000 pieces.
    private static let sections = 300

    static func run() async throws -> [Figure] {
        guard let bench = try ProgramBench.make() else { return [] }
        let (program, home) = (bench.program, bench.home)
        let server = try LocalServer(.streamed(perSecond: 1_050, pieces: pieces))
        let root = try project(at: bench.folder.file("book"), program, home: home, server: server)
        let words = [program, "--project", root]
        return try beside(words, home: home) + resizes(words, home: home)
            + load(words, home: home, server: server, root: root)
    }

    // MARK: Beside btop and htop

    /// What one program does when nothing happens but keys.
    private struct Quiet {
        var firstFrames: [Double] = []
        var keys: [Double] = []
        var resizeFirst: [Double] = []
        var resizeLast: [Double] = []
        var quits: [Double] = []
        var processor = 0.0
        var bytes = 0.0
        var memory = 0.0
    }

    private static func beside(_ words: [String], home: String) throws -> [Figure] {
        let names = ["/usr/bin/btop", "/usr/bin/htop"].filter(isThere)
        var programs = ([words] + names.map { [$0] }).map { (words: $0, quiet: Quiet()) }
        let rounds = 9
        for round in 1...rounds {
            for index in programs.indices {
                try observe(programs[index].words, home: home, idles: round == rounds, into: &programs[index].quiet)
            }
        }
        let own = programs[0].quiet
        var figures = [
            Figure(
                name: "q to the end of the process", value: Stopwatch.median(own.quits), bound: 50, unit: "ms",
                details: String(format: "%.0f MB resident", own.memory)),
            Figure(
                name: "output while nothing happens", value: own.bytes, bound: 200, unit: "bytes a second",
                details: String(format: "%.2f %% of a core", own.processor)),
        ]
        for other in programs.dropFirst() {
            figures += comparison(own, with: other.quiet, called: URL(filePath: other.words[0]).lastPathComponent)
        }
        return figures
    }

    private static func isThere(_ program: String) -> Bool { access(program, X_OK) == 0 }

    private static func comparison(_ own: Quiet, with other: Quiet, called name: String) -> [Figure] {
        func ratio(_ what: String, _ bound: Double, _ value: (Quiet) -> [Double]) -> Figure {
            let (ours, theirs) = (Stopwatch.median(value(own)), Stopwatch.median(value(other)))
            return Figure(
                name: "\(what) beside \(name)'s", value: ours / max(theirs, 0.01), bound: bound,
                details: String(format: "%.1f ms beside %.1f ms", ours, theirs))
        }
        if name == "btop" { return [ratio("the first whole frame", 1, \.firstFrames)] }
        return [
            ratio("a key's frame", 3, \.keys),
            ratio("a resize, to the first byte,", 2, \.resizeFirst), ratio("a resize, to the last,", 2, \.resizeLast),
            Figure(
                name: "processor while nothing happens beside \(name)'s",
                value: own.processor / max(other.processor, 0.01), bound: 1,
                details: String(
                    format: "%.2f %% of a core beside %.2f %%, %.0f MB beside %.0f MB", own.processor,
                    other.processor, own.memory, other.memory)),
        ]
    }

    private static func observe(
        _ words: [String], home: String, idles: Bool, into quiet: inout Quiet
    ) throws {
        let run = try TerminalRun(words, home: home)
        quiet.firstFrames.append(try run.firstFrame())
        run.read(seconds: idles ? 3 : 0.5)
        if idles {
            let (processor, bytes) = (run.processorTime, run.bytes)
            run.read(seconds: 20)
            quiet.processor = (run.processorTime - processor) / 20 * 100
            quiet.bytes = Double(run.bytes - bytes) / 20
            quiet.memory = run.residentMemory
        }
        for key in ["2", "3", "4", "5", "1"] {
            if let burst = run.time(ofPressing: key) { quiet.keys.append(burst.last) }
            run.read(seconds: 0.1)
        }
        if let burst = run.time(ofResizingTo: 100, 32) {
            quiet.resizeFirst.append(burst.first)
            quiet.resizeLast.append(burst.last)
        }
        quiet.quits.append(try run.end())
    }

    /// A hundred sizes one after the other.
    private static func resizes(_ words: [String], home: String) throws -> [Figure] {
        guard isThere("/usr/bin/btop") else { return [] }
        var areRight = true
        func bytes(_ words: [String], isWhole: (TerminalEmulator) -> Bool = { _ in true }) throws -> Double {
            Stopwatch.median(
                try (1...5).map { _ in
                    let run = try TerminalRun(words, home: home)
                    _ = try run.firstFrame()
                    run.read(seconds: 1)
                    let bytes = run.bytes(of: 100, withinSeconds: 0.4)
                    areRight = areRight && isWhole(run.emulator)
                    return Double(bytes)
                })
        }
        let own = try bytes(words) { $0.rows.last?.contains("quit") == true }
        let other = try bytes(["/usr/bin/btop"])
        let layout = areRight ? "the last one is drawn whole" : "THE LAST ONE IS NOT DRAWN WHOLE"
        return [
            Figure(
                name: "100 resizes in 0.4 s, bytes beside btop's", value: own / other, bound: 1.5,
                details: String(format: "%.0f kB beside %.0f kB, ", own / 1_000, other / 1_000) + layout)
        ]
    }

    // MARK: Under load

    /// A run that streams 1,000 pieces of text a second, in 10 requests, until there were 150,000 events.
    private static func load(
        _ words: [String], home: String, server: LocalServer, root: String
    ) throws -> [Figure] {
        let run = try TerminalRun(words, home: home)
        _ = try run.firstFrame()
        try start(run)
        let start = Date.now
        let (before, processor, frames) = (server.served, run.processorTime, run.frames)
        run.read(seconds: 20)
        let took = Date.now.timeIntervalSince(start)
        let (after, share) = (server.served, (run.processorTime - processor) / took * 100)
        let drawn = Double(run.frames - frames) / took
        let rate = (
            Double(after.pieces - before.pieces) / took, Double(after.requests - before.requests) / took
        )
        var keys: [Double] = []
        for _ in 1...30 {
            keys.append(try time(of: "?", in: run) { $0.rows.contains { $0.contains("Keys") } })
            run.read(seconds: 0.1)
            // A lone Esc waits for what may belong to it, in every program.
            run.press("\u{1B}")
            run.read(seconds: 0.1)
        }
        let memory = try memory(of: run, until: 150_000, server)
        let lost = try lost(in: root, server, run)
        return [
            Figure(
                name: "processor under 1,000 pieces and 10 requests a second", value: share, bound: 15,
                unit: "% of a core",
                details: String(format: "%.0f pieces and %.1f requests a second", rate.0, rate.1)),
            Figure(
                name: "frames a second under it", value: drawn, bound: 30.5, unit: "", details: "over 20 s"),
            Figure(
                name: "a key's frame under it", value: Stopwatch.median(keys), bound: 16, unit: "ms",
                details: String(format: "longest of %d: %.1f ms", keys.count, keys.max() ?? 0)),
            Figure(
                name: "memory after 150,000 events beside that after 75,000", value: memory.end / memory.half,
                bound: 1.02,
                details: String(format: "%.1f MB beside %.1f MB", memory.end, memory.half)),
            Figure(
                name: "answers that the ledger does not have", value: Double(lost), bound: 0, unit: "",
                details: "of \(server.served.requests)"),
        ]
    }

    private static func time(
        of key: String, in run: TerminalRun, _ isShown: (TerminalEmulator) -> Bool
    ) throws -> Double {
        run.press(key)
        return try run.wait(isShown)
    }

    /// Starts scene_forge from its dialog.
    private static func start(_ run: TerminalRun) throws {
        run.press("g")
        try run.wait(for: "It costs")
        for _ in 1...20 where !run.emulator.rows.contains(where: { $0.contains("Scene forge") }) {
            run.press("\u{1B}[C")
            run.read(seconds: 0.1)
        }
        run.press("\r")
        try run.wait(for: "draft_scenes")
        run.read(seconds: 3)
    }

    private static func memory(
        of run: TerminalRun, until events: Int, _ server: LocalServer
    ) throws -> (half: Double, end: Double) {
        func memory(after pieces: Int) throws -> Double {
            while case let before = server.served.pieces, before < pieces {
                run.read(seconds: 0.5)
                guard server.served.pieces > before else { throw TerminalRun.Failure(words: "the run ended early") }
            }
            return run.residentMemory
        }
        return (try memory(after: events / 2), try memory(after: events))
    }

    /// Calls the run off, and counts the answers that the ledger has not got.
    private static func lost(in root: String, _ server: LocalServer, _ run: TerminalRun) throws -> Int {
        _ = try run.end(with: "q\u{1B}[C\u{1B}[C\r")
        let ledger = Ledger(path: root + "/.questfoundry/ledger.db", time: Sample.time)
        let written = try ledger.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM ledger") ?? 0 } ?? 0
        return server.served.requests - (written - rows)
    }

    // MARK: The project

    /// A workspace with scenes and a brief of more sections, that writes with the server, and has written a lot.
    private static func project(
        at root: String, _ program: String, home: String, server: LocalServer
    ) throws -> String {
        try ProgramBenchmarks.project(artifacts - 1, at: root, program, home: home)
        let parts = (1...sections).map { number -> JSONValue in
            [
                "key": JSONValue("s\(number)"), "title": JSONValue("Part \(number)"), "summary": "The light moves.",
                "exits": number < sections ? [JSONValue("s\(number + 1)")] : [], "sets": [], "gates": [],
            ]
        }
        let brief: JSONValue = [
            "type": "tu_brief",
            "data": ["title": "Low water", "premise": "Somebody must put out the lamp.", "sections": .array(parts)],
            "metadata": ["id": "BRIEF-1", "author": "plotwright"],
        ]
        let folder = root + "/.questfoundry"
        try FileManager.default.createDirectory(atPath: folder + "/hot/tu_briefs", withIntermediateDirectories: true)
        try Data(brief.text(isPretty: true).utf8).write(to: URL(filePath: folder + "/hot/tu_briefs/BRIEF-1.json"))
        let configuration = """
            providers:
              text:
                default: lamp
                lamp:
                  type: openai
                  base_url: \(server.url)
                  model: gpt-4o-mini
            """
        try Data(configuration.utf8).write(to: URL(filePath: folder + "/config.yml"))
        let ledger = Ledger(path: folder + "/ledger.db", time: Sample.time)
        let limiter = RateLimiter(ledger: ledger, settings: RateLimitSettings())
        try limiter.settle(limiter.tryReserve(Sample.demand()), Sample.settlement)
        try LedgerBenchmarks.multiply(ledger, to: rows)
        return root
    }

    /// An answer in the form that is asked for, in a hundred pieces.
    @Sendable private static func pieces(for body: JSONValue) -> [String] {
        var answer = FakeStory.answer(to: body)
        if var scene = (try? JSONValue(parsing: answer.utf8))?.object, scene["text"] != nil {
            scene["text"] = JSONValue(Sample.text(400))
            answer = JSONValue.object(scene).text()
        } else if !answer.hasPrefix("{") {
            answer = Sample.text(400)
        }
        let letters = Array(answer)
        let size = max(1, letters.count / 100)
        return stride(from: 0, to: letters.count, by: size).map {
            String(letters[$0..<min($0 + size, letters.count)])
        }
    }
}
