import Core
import Foundation
import GRDB
import Synchronization
import TestKit
import Testing

/// Rows that `costs.keep_rows_days` no longer keeps, in processes that are killed.
@Suite struct DailySumTests {
    /// Puts many calls of long ago into the ledger, a session for each two hundred.
    private func age(_ project: Project) throws {
        let queue = try DatabaseQueue(path: project.path + "/.questfoundry/ledger.db")
        try queue.write { database in
            try database.execute(
                sql: """
                    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 3999)
                    INSERT INTO ledger SELECT NULL, 'old-' || i, 'request-' || (i / 2),
                        '01ARZ3NDEKTSV4RRFFQ69G5F' || printf('%02d', i / 200), run, loop, step, role, provider, model,
                        source, lookup, miss_cause, 1700000000000000 + (i / 2) * 864000000,
                        1700000001000000 + (i / 2) * 864000000, 7, outcome, i, i % 3, 0, 0, i % 7, 0, 0, 0,
                        iif(i % 11 = 0, NULL, 123456789012 + i), i % 5 = 0, 0, 0
                    FROM ledger, n WHERE id = 1
                    """)
        }
        try queue.close()
    }

    private func count(_ project: Project, _ sql: String) throws -> Int {
        let queue = try DatabaseQueue(path: project.path + "/.questfoundry/ledger.db")
        defer { try? queue.close() }
        return try queue.read { try Int.fetchOne($0, sql: sql) ?? 0 }
    }

    /// Tells when a server is asked for the so many-th time.
    private final class Counter: Sendable {
        private let awaited = Mutex<(left: Int, signal: Signal)?>(nil)

        func signal(after count: Int) -> Signal {
            let signal = Signal()
            awaited.withLock { $0 = (count, signal) }
            return signal
        }

        func count() {
            let reached = awaited.withLock { awaited -> Signal? in
                awaited?.left -= 1
                return awaited?.left == 0 ? awaited?.signal : nil
            }
            reached?.fire()
        }
    }

    @Test func killLosesNothing() async throws {
        let counter = Counter()
        let server = try await FakeOpenAIServer.start { request in
            counter.count()
            return .answer(FakeStory.answer(to: request.body))
        }
        let config = Project.config(server, limits: "costs: { keep_rows_days: 30 }")
        let project = try await Project(config: config)
        _ = try await project.document("generate", "--seed", "7", "--count", "1", "--json")
        try age(project)
        let past = ["cost", "summary", "--by", "day,role,model", "--to", "2025-12-31", "--json"]
        let before = try await Program.run(["--project", project.path] + past, in: project.folder.path).output
        #expect(try JSONValue(parsing: before)["total"]?["calls"]?.int == 2_000)
        // Each process comes some way, and is killed beside the sums of its next answers.
        for round in 1...4 {
            let asked = counter.signal(after: round)
            let program = try project.start("generate", "--fresh", "--seed", "\(round)", "--brief", "round \(round)")
            await asked.wait()
            program.send(SIGKILL)
            _ = await program.outcome()
            let after = try await Program.run(["--project", project.path] + past, in: project.folder.path).output
            #expect(after == before)
        }
        let (rows, summed) = (
            try count(project, "SELECT count(*) FROM ledger WHERE attempt LIKE 'old-%'"),
            try count(project, "SELECT coalesce(sum(rows), 0) FROM daily_sums")
        )
        #expect(rows + summed == 4_000 && rows > 0 && summed > 0)
        let exported = try await project.run("cost", "export", "--to", "2025-12-31", "--jsonl")
        let sums = try exported.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        #expect(sums.reduce(0) { $0 + ($1["sum_of"]?.int ?? 1) } == 4_000)
        #expect(sums.contains { ($0["sum_of"]?.int ?? 0) > 1 })
    }
}
