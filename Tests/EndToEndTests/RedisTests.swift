import Core
import Foundation
import TestKit
import Testing

/// Machines, each with a workspace of its own, that share what a Redis server has.
@Suite(.timeLimit(.minutes(10))) struct RedisTests {
    private func project(_ server: FakeOpenAIServer, port: Int, limits: String) async throws -> Project {
        let shared = """

            caching: { backend: redis }
            state: { backend: redis, redis: { port: \(port), project: ferry } }
            """
        return try await Project(config: Project.config(server, limits: limits) + shared)
    }

    @Test func answerOfOneMachineIsAHitOnAnother() async throws {
        let redis = try RedisServer.start()
        let server = try await FakeOpenAIServer.start()
        let limits = "  global: { cost_per_day: 5.00 }"
        let (one, other) = (
            try await project(server, port: redis.port, limits: limits),
            try await project(server, port: redis.port, limits: limits)
        )
        let first = try await one.document("generate", "--seed", "7", "--json")
        let second = try await other.document("generate", "--seed", "7", "--json")
        #expect(first["requests"] == second["requests"] && second["hits"] == second["requests"])
        #expect(first["cost"] != second["cost"])
        let (budget, same) = (
            try await one.document("limits", "--json"), try await other.document("limits", "--json")
        )
        #expect(budget["budgets"]?.array?.first?["spent"] == first["cost"])
        #expect(same["budgets"]?.array?.first?["spent"] == first["cost"])
    }

    @Test func machinesSpendOneBudget() async throws {
        let redis = try RedisServer.start()
        let server = try await FakeOpenAIServer.start()
        let limits = "  on_limit: fail\n  global: { cost_per_day: 0.02 }"
        let projects = [
            try await project(server, port: redis.port, limits: limits),
            try await project(server, port: redis.port, limits: limits),
        ]
        var statuses: [Int32] = []
        for seed in 1...12 {
            let outcome = try await projects[seed % 2].run("generate", "--seed", "\(seed)", "--json")
            statuses.append(outcome.status)
        }
        #expect(statuses.contains(75))
        var spent: [JSONValue?] = []
        for project in projects {
            let budget = try await project.document("limits", "--json")["budgets"]?.array?.first
            #expect(budget?["reserved"]?.string == "0")
            spent.append(budget?["spent"])
        }
        #expect(spent[0] == spent[1] && spent[0]?.string.map { (try? Money(dollars: $0)) ?? .zero > .zero } == true)
    }

    @Test func serverThatIsAwayEndsTheCommandAfterABoundedWaitAndNothingIsAsked() async throws {
        let redis = try RedisServer.start()
        let port = redis.port
        await redis.kill()
        let server = try await FakeOpenAIServer.start()
        let project = try await project(server, port: port, limits: "  max_wait_seconds: 1")
        let outcome = try await project.run("generate", "--json")
        #expect(outcome.status == 69, "\(outcome.errors)")
        #expect(outcome.errors.contains("Redis at 127.0.0.1:\(port) is away"))
        #expect(outcome.errors.contains("check state.redis.host and port"))
        let status = try await project.run("status")
        #expect(status.status == 0 && status.errors.contains("Redis at 127.0.0.1:\(port) is away"))
    }

    @Test func dashboardSaysWithinTwoSecondsThatTheServerIsAwayAndThatItIsBack() async throws {
        let redis = try RedisServer.start()
        let project = try await Project(
            config: "state: { backend: redis, redis: { port: \(redis.port) } }\ncaching: { backend: redis }")
        let terminal = try await project.dashboard(width: 160, height: 40)
        await redis.kill()
        try await terminal.waitFor("Redis at 127.0.0.1:\(redis.port) is away", seconds: 2)
        let again = try redis.restarted()
        try await terminal.waitFor("Redis at 127.0.0.1:\(again.port) is back", seconds: 10)
        try await terminal.press("g")
        try await terminal.waitFor("It costs nothing.")
        try await terminal.press("Enter")
        try await terminal.waitFor("story_spark is done")
        try await terminal.quit()
    }
}
