import Core
import Foundation
import GRDB
import Synchronization
import SuiteKit
import TestKit
import Testing

/// Several processes at work in one workspace, under a budget that is strict.
@Suite(.serialized, .oneAtATime, .timeLimit(.minutes(20))) struct ManyProcessesTests {
    /// What the server knows at every moment: what it has answered, and what it might still charge.
    private final class Till: Sendable {
        private struct State {
            var charged = Money.zero
            var open: [Int: Money] = [:]
            var next = 0
            var most = Money.zero
            var bySeed: [Int: Int] = [:]
        }

        private let state = Mutex(State())

        /// The most that answers and open calls ever came to.
        var most: Money { state.withLock { $0.most } }
        var charged: Money { state.withLock { $0.charged } }
        /// The bounds of the calls that are never answered.
        var open: Money { state.withLock { $0.open.values.reduce(.zero, +) } }

        /// Notes a call; returns its number and how many its process has made.
        func open(_ body: JSONValue) -> (number: Int, ofProcess: Int) {
            state.withLock { state in
                state.next += 1
                state.open[state.next] = body.worstCase
                state.most = max(state.most, state.charged + state.open.values.reduce(.zero, +))
                let seed = body["seed"]?.int ?? 0
                state.bySeed[seed, default: 0] += 1
                return (state.next, state.bySeed[seed] ?? 0)
            }
        }

        func close(_ number: Int) {
            state.withLock { state in
                state.open[number] = nil
                state.charged += Till.price
            }
        }

        static let figures: JSONValue = ["prompt_tokens": 300, "completion_tokens": 150, "total_tokens": 450]
        static let price = Money(picodollars: 600_000_000)
    }

    private static let budget = Money(picodollars: 30_000_000_000)

    /// A server that holds the third call of one process for ever.
    private static func server(_ till: Till, victim: Int? = nil, held: Signal = Signal()) async throws
        -> FakeOpenAIServer
    {
        try await FakeOpenAIServer.start { request in
            let call = till.open(request.body)
            if let victim, request.body["seed"]?.int == victim, call.ofProcess == 3 {
                held.fire()
                await Signal().wait()
            }
            till.close(call.number)
            return .answer(FakeStory.answer(to: request.body), figures: .these(Till.figures))
        }
    }

    private static func limits(_ more: String = "") -> String {
        "  max_wait_seconds: 20\n  global: { cost_per_day: 0.03\(more) }"
    }

    private func start(_ count: Int, _ project: Project) throws -> [RunningProgram] {
        try (1...count).map { try project.start("generate", "--seed", "\($0 * 100)", "--count", "3", "--json") }
    }

    /// What has to be so when all are over.
    private func expectSoundBooks(_ project: Project, _ server: FakeOpenAIServer, _ till: Till) async throws {
        #expect(till.most <= Self.budget)
        let status = try await project.document("status", "--json")
        #expect(status["costs"]?["all"]?.money == till.charged + till.open)
        #expect(status["costs"]?["estimated_part"]?.money == till.open)
        let budget = status["budgets"]?.array?.first
        #expect(budget?["spent"]?.money == till.charged + till.open && budget?["reserved"]?.money == .zero)
        let queue = try DatabaseQueue(path: project.path + "/.questfoundry/ledger.db")
        let rows = try queue.read { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT count(*), count(DISTINCT attempt), sum(outcome = 'answered'),
                    (SELECT count(*) FROM attempts) FROM ledger WHERE source = 'provider'
                    """)
        }
        let figures = try #require(rows)
        let open = till.open == .zero ? 0 : 1
        #expect(figures[0] == server.served && figures[1] == server.served)
        #expect(figures[2] == server.served - open && figures[3] == 0)
    }

    private func expectArtifacts(_ outcome: Outcome, _ project: Project) throws {
        let report = try JSONValue(parsing: outcome.output)
        for artifact in try #require(report["artifacts"]?.array) {
            let stored = try project.artifact(try #require(artifact["path"]?.string))
            #expect(stored["metadata"]?["id"] == artifact["id"])
        }
    }

    private func expectNoLocks(_ outcome: Outcome) {
        let text = (outcome.output + outcome.errors).lowercased()
        #expect(!text.contains("database is locked") && !text.contains("held by another process"), "\(outcome.errors)")
    }

    @Test(arguments: [2, 8]) func budgetIsNotPassedAndNothingIsLost(count: Int) async throws {
        let till = Till()
        let server = try await Self.server(till)
        let project = try await Project(config: Project.config(server, limits: Self.limits()))
        let programs = try start(count, project)
        var served = 0
        for program in programs {
            let outcome = await program.outcome()
            #expect([0, 75].contains(outcome.status), "\(outcome.errors)")
            expectNoLocks(outcome)
            try expectArtifacts(outcome, project)
            served += try JSONValue(parsing: outcome.output)["requests"]?.int ?? 0
        }
        #expect(served >= server.served && server.served > count)
        // Eight processes want more than there is.
        if count == 8 { #expect(till.charged + Money(picodollars: 8_000_000_000) > Self.budget) }
        try await expectSoundBooks(project, server, till)
    }

    @Test(arguments: [2, 8]) func whoIsKilledInTheMiddleIsChargedAtTheWorst(count: Int) async throws {
        let (till, held) = (Till(), Signal())
        let server = try await Self.server(till, victim: 100, held: held)
        let project = try await Project(config: Project.config(server, limits: Self.limits()))
        let programs = try start(count, project)
        await held.wait()
        programs[0].send(SIGKILL)
        for (index, program) in programs.enumerated() {
            let outcome = await program.outcome()
            #expect(index == 0 ? outcome.status == SIGKILL : [0, 75].contains(outcome.status), "\(outcome.errors)")
            expectNoLocks(outcome)
            if index > 0 { try expectArtifacts(outcome, project) }
        }
        #expect(till.open > .zero)
        try await expectSoundBooks(project, server, till)
    }

    @Test func placeOfAKilledProcessIsFreeForThoseWhoWait() async throws {
        let (till, held) = (Till(), Signal())
        let server = try await Self.server(till, victim: 100, held: held)
        let limits = Self.limits(", max_concurrent: 1")
        let project = try await Project(config: Project.config(server, limits: limits))
        let victim = try project.start("generate", "--seed", "100", "--count", "1")
        await held.wait()
        let other = try project.start("generate", "--seed", "200", "--count", "1", "--json")
        let deadline = ContinuousClock.now + .seconds(60)
        while !other.errors.contains("waiting: global max_concurrent"), ContinuousClock.now < deadline {
            await Task.yield()
        }
        victim.send(SIGKILL)
        _ = await victim.outcome()
        let outcome = await other.outcome()
        #expect(outcome.status == 0, "\(outcome.errors)")
        try await expectSoundBooks(project, server, till)
    }
}
