import Core
import Foundation
import Synchronization
import TestKit
import Testing

/// What is spent, against a server that says what it served.
@Suite struct MoneyTests {
    @Test func tokensAndDollarsAreWhatTheServerReported() async throws {
        let server = try await FakeOpenAIServer.start()
        let project = try await Project(config: Project.config(server))
        let first = try await project.document("generate", "--seed", "7", "--count", "3", "--json")
        #expect(first["tokens"]?.int == server.reportedInputTokens + server.reportedOutputTokens)
        #expect(first["cost"]?.money == server.reportedCost)
        #expect(server.reportedCost > .zero)

        let served = server.served
        let second = try await project.document("generate", "--seed", "7", "--count", "3", "--json")
        #expect(server.served == served)
        #expect(second["cost"]?.money == .zero)
        #expect(second["saved_cost"]?.money == server.reportedCost)
        let status = try await project.document("status", "--json")
        #expect(status["costs"]?["all"]?.money == server.reportedCost)
        #expect(status["costs"]?["estimated_part"]?.money == .zero)
        #expect(status["cache"]?["session"]?["saved_cost"]?.money == server.reportedCost)
    }

    @Test func unstreamedAnswersCountTheSame() async throws {
        let server = try await FakeOpenAIServer.start { request in
            .answer(FakeStory.answer(to: request.body), ignoresStream: true)
        }
        let project = try await Project(config: Project.config(server))
        let report = try await project.document("generate", "--count", "1", "--json")
        #expect(report["tokens"]?.int == server.reportedInputTokens + server.reportedOutputTokens)
        #expect(report["cost"]?.money == server.reportedCost)
    }

    @Test func aBudgetEndsTheRunBeforeItIsPassed() async throws {
        let budget = Money(picodollars: 10_000_000_000)
        let figures: JSONValue = ["prompt_tokens": 900, "completion_tokens": 450, "total_tokens": 1_350]
        let server = try await FakeOpenAIServer.start { request in
            .answer(FakeStory.answer(to: request.body), figures: .these(figures))
        }
        let limits = "  on_limit: fail\n  global: { cost_per_day: 0.01 }"
        let project = try await Project(config: Project.config(server, limits: limits))
        let run = try await project.run("generate", "--count", "3", "--json")
        #expect(run.status == 75, "\(run.errors)")
        #expect(server.served > 1)
        #expect(server.reportedCost <= budget)
        let report = try JSONValue(parsing: run.output)
        #expect(report["state"]?.string == "refused")
        #expect(report["error"]?["kind"]?.string == "budget")
        #expect(report["error"]?["scope"]?.string == "global")
        #expect(report["error"]?["retry_at"]?.string != nil)
        let sentence = try #require(run.errors.split(separator: "\n").last)
        #expect(sentence.contains("cost_per_day") && sentence.contains("global") && sentence.contains("$0.01"))
        let status = try await project.document("status", "--json")
        let spent = try #require(status["costs"]?["today"]?.money)
        #expect(spent == server.reportedCost)
        #expect(status["budgets"]?.array?.first?["spent"]?.money == spent)
    }

    @Test func aModelWithoutAPriceIsRefusedWhereABudgetApplies() async throws {
        let server = try await FakeOpenAIServer.start()
        // A name that no price is given for; the address is not loopback's, so nothing is free.
        let config = """
            providers:
              text:
                default: far
                far: { type: openai, base_url: "http://192.0.2.1/v1", model: strange }
            rate_limiting:
              global: { cost_per_day: 1.00 }
            """
        let project = try await Project(config: config)
        let run = try await project.run("generate", "--json")
        #expect(run.status == 78, "\(run.errors)")
        #expect(run.errors.contains("strange") && run.errors.contains("allow_unpriced"))
        #expect(server.served == 0)
    }

    @Test func theThirdRequestAtOnceWaits() async throws {
        let server = try await FakeOpenAIServer.start()
        let config = Project.config(server, limits: "  global: { requests_per_hour: 60, burst: 2 }")
        let project = try await Project(config: config)
        let run = try project.start("generate", "--count", "1", "--json")
        let deadline = ContinuousClock.now + .seconds(60)
        while !run.errors.contains("waiting: global requests_per_hour"), ContinuousClock.now < deadline {
            await Task.yield()
        }
        #expect(server.served == 2)
        run.send(SIGINT)
        let outcome = await run.outcome()
        #expect(outcome.status == 130, "\(outcome.errors)")
        #expect(server.served == 2)
    }

    @Test(arguments: [
        (401, "key", 1), (404, "model", 1), (429, "429", 4), (500, "try again", 4),
    ])
    func aServersErrorEndsTheRunInOneSentence(status: Int, word: String, tries: Int) async throws {
        let server = try await FakeOpenAIServer.start { _ in .error(status: status, message: "it said no") }
        let project = try await Project(config: Project.config(server))
        let run = try await project.run("generate", "--json")
        #expect(run.status == 69, "\(run.errors)")
        #expect(run.errors.lowercased().contains(word), "\(run.errors)")
        let report = try JSONValue(parsing: run.output)
        #expect(report["error"]?["kind"]?.string == "provider")
        #expect(report["cost"]?.money == .zero)
        #expect(server.served == tries)
        #expect(Set(server.requests.map { $0.headers["idempotency-key"] }).count == 1)
    }

    @Test func aPassingFailureIsTriedAgain() async throws {
        let count = Mutex(0)
        let server = try await FakeOpenAIServer.start { request in
            let number = count.withLock { count in
                count += 1
                return count
            }
            switch number {
            case 1: return .raw(status: 429, headers: ["Content-Type": "text/plain", "Retry-After-Ms": "5"], body: [])
            case 2: return .raw("", contentType: "text/event-stream")
            default: return .answer(FakeStory.answer(to: request.body))
            }
        }
        let project = try await Project(config: Project.config(server))
        let run = try await project.run("generate", "--count", "1", "--json")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("trying again: fake: "))
        // An answer that broke off may be billed, an error is not.
        let broken = try #require(server.requests[1].body["messages"]?.array)
        let input = broken.reduce(0) { $0 + ($1["content"]?.string?.utf8.count ?? 0) + 16 }
        let cost = server.reportedCost + Money(picodollars: input * 1_000_000 + 500 * 2_000_000)
        let status = try await project.document("status", "--json")
        #expect(status["costs"]?["all"]?.money == cost)
        let report = try JSONValue(parsing: run.output)
        #expect(report["cost"]?.money == cost)
    }
}
