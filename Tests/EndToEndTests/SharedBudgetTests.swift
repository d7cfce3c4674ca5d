#if Redis
    import Core
    import Foundation
    import GRDB
    import SuiteKit
    import TestKit
    import Testing

    /// Four processes, as on four machines, that spend one budget on a Redis server.
    @Suite(.oneAtATime, .timeLimit(.minutes(20))) struct SharedBudgetTests {
        /// About how many requests the budget pays for: 480, or as many as `QUESTFOUNDRY_SHARED_REQUESTS` says.
        private static let paid =
            ProcessInfo.processInfo.environment["QUESTFOUNDRY_SHARED_REQUESTS"].flatMap(Int.init) ?? 480
        /// A request of these loops costs as much on average.
        private static let budget = Money(picodollars: paid * 1_300_000_000)
        /// A loop makes 16 requests; there are a quarter more than the budget pays for.
        private static let loops = paid * 5 / 64

        private let server: RedisServer
        private let projects: [Project]

        init() async throws {
            server = try RedisServer.start()
            let config = """
                state: { backend: redis, redis: { port: \(server.port), project: ferry } }
                caching: { backend: redis }
                rate_limiting:
                  on_limit: fail
                  global: { cost_per_day: \(Self.budget.dollars) }
                  models:
                    embedded: { cost_per_input_token: 0.000001, cost_per_output_token: 0.000002 }
                """
            var projects: [Project] = []
            for _ in 0..<4 { projects.append(try await Project(config: config)) }
            self.projects = projects
        }

        @Test func budgetIsNeverPassedAndAllBooksComeToOneSum() async throws {
            try await enqueue()
            let workers = try projects.map { try $0.start("worker", "--until-empty") }
            while try await waiting() > 0 {
                let standing = try await standing()
                #expect(standing.spent + standing.reserved <= Self.budget)
            }
            var results: [String] = []
            for worker in workers {
                let outcome = await worker.outcome()
                #expect([0, 1].contains(outcome.status), "\(outcome.errors)")
                results += outcome.output.split(separator: "\n").filter { $0.contains("story_spark ") }.map(String.init)
            }
            let refused = results.filter { $0.contains("story_spark refused") }.count
            #expect(refused > 0 && results.filter { $0.contains("story_spark done") }.count == Self.loops - refused)

            let ledgers = try projects.map { try ledger(of: $0) }
            #expect(ledgers.allSatisfy { $0.answers > 0 })
            #expect(ledgers.reduce(0) { $0 + $1.answers } > Self.paid * 9 / 10)
            let spent = ledgers.reduce(Money.zero) { $0 + $1.cost }
            #expect(spent <= Self.budget && spent.picodollars > Self.budget.picodollars * 9 / 10)
            #expect(try await spentOnTheServer() == spent)
            let standing = try await standing()
            #expect(standing.spent == spent && standing.reserved == .zero)

            // What one of them was answered costs the others nothing. A busy machine may lose an entry, or a look-up, for
            // nobody waits longer than a second for a cache: then one of them asks once more.
            let seed = try #require(try projects.lazy.compactMap { try seedOfAFinishedLoop(in: $0) }.first)
            var hits: [Int] = []
            for project in projects {
                let report = try await project.document("generate", "--seed", seed, "--count", "4", "--json")
                #expect(report["requests"]?.int == 16)
                hits.append(report["hits"]?.int ?? 0)
            }
            #expect(hits.filter { $0 == 16 }.count >= 3 && hits.allSatisfy { $0 >= 15 })
            #expect(try await spentOnTheServer() <= Self.budget)
        }

        private let line = "{questfoundry:ferry}:jobs"

        /// Puts one loop into the line, and the others as copies of it with seeds of their own.
        private func enqueue() async throws {
            _ = try await projects[0].document("generate", "--enqueue", "--seed", "1", "--count", "4", "--json")
            let copies = """
                local job = redis.call('XRANGE', KEYS[1], '-', '+')[1][2][2]
                for seed = 2, tonumber(ARGV[1]) do
                  redis.call('XADD', KEYS[1], '*', 'job', (string.gsub(job, '"seed":1', '"seed":' .. seed)))
                end
                """
            try await server.command("EVAL", copies, "1", line, "\(Self.loops)")
            #expect(try await waiting() == Self.loops)
        }

        private func waiting() async throws -> Int {
            Int(try await server.command("XLEN", line).trimmingCharacters(in: .newlines)) ?? 0
        }

        private func standing() async throws -> (spent: Money, reserved: Money) {
            let budget = try await projects[0].document("limits", "--json")["budgets"]?.array?.first
            return (try #require(budget?["spent"]?.money), try #require(budget?["reserved"]?.money))
        }

        private func spentOnTheServer() async throws -> Money {
            let parts = try await server.command("HGET", "{questfoundry:ferry}:spent", "all")
                .trimmingCharacters(in: .newlines).split(separator: " ").compactMap { Int($0) }
            return Money(picodollars: try #require(parts.first) * 1_000_000_000 + (try #require(parts.last)))
        }

        private func seedOfAFinishedLoop(in project: Project) throws -> String? {
            let queue = try DatabaseQueue(path: project.path + "/.questfoundry/ledger.db")
            return try queue.read { try String.fetchOne($0, sql: "SELECT seed FROM runs WHERE state = 'done'") }
        }

        private func ledger(of project: Project) throws -> (answers: Int, cost: Money) {
            let queue = try DatabaseQueue(path: project.path + "/.questfoundry/ledger.db")
            let row = try queue.read { database in
                try Row.fetchOne(
                    database, sql: "SELECT count(*), coalesce(sum(cost), 0) FROM ledger WHERE source = 'provider'")
            }
            let figures = try #require(row)
            return (figures[0], Money(picodollars: figures[1] as Int64))
        }
    }
#endif
