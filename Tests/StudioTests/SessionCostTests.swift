import Configuration
import Core
import Studio
import TestKit
import Testing

/// What runs cost, to the last digit, against a server that counts.
@Suite(.timeLimit(.minutes(10))) struct SessionCostTests {
    /// What the server's own figures come to.
    private func bill(of server: FakeOpenAIServer) -> Money {
        TestPrice.input * server.reportedInputTokens + TestPrice.output * server.reportedOutputTokens
    }

    @Test func ledgerAgreesWithTheServer() async throws {
        let server = try await FakeOpenAIServer.start()
        let fixture = try StoryFixture(server)
        let session = try fixture.session()
        let records = session.events()
        let report = await session.run(RunOrder(count: 3))
        let status = try await session.status()
        await session.close()
        var answers: [AnswerRecord] = []
        for await record in records {
            if case .requestAnswered(_, let answer, _) = record.event { answers.append(answer) }
        }
        #expect(answers.reduce(0) { $0 + $1.usage.inputTokens } == server.reportedInputTokens)
        #expect(answers.reduce(0) { $0 + $1.usage.outputTokens } == server.reportedOutputTokens)
        #expect(report.tokens == server.reportedInputTokens + server.reportedOutputTokens)
        #expect(report.requests == server.served && report.tokens > 0)
        #expect(report.cost == bill(of: server))
        #expect(answers.compactMap(\.cost).reduce(Money.zero, +) == bill(of: server))
        #expect(status.costs.session == bill(of: server) && status.costs.all == bill(of: server))
        #expect(status.costs.estimatedPart == .zero)
        #expect(status.roles.compactMap(\.cost).reduce(Money.zero, +) == bill(of: server))
    }

    @Test func secondRunSavesWhatTheFirstOneCost() async throws {
        let server = try await FakeOpenAIServer.start()
        let fixture = try StoryFixture(server)
        let first = try await fixture.run(RunOrder(count: 2)).report
        let served = server.served
        let session = try fixture.session()
        let second = await session.run(RunOrder(count: 2))
        let status = try await session.status()
        await session.close()
        #expect(server.served == served)
        #expect(second.cost == .zero && second.tokens == 0 && second.hits == second.requests)
        #expect(second.savedCost == first.cost && second.savedCost == bill(of: server))
        #expect(status.costs.session == .zero && status.costs.all == bill(of: server))
        #expect(status.costs.saved == bill(of: server) && status.cache.session.savedCost == bill(of: server))
        #expect(status.cache.session.savedTokens == first.tokens)
    }

    @Test func budgetIsNeverPassed() async throws {
        let server = try await FakeOpenAIServer.start { request in
            let usage: JSONValue = ["prompt_tokens": 200, "completion_tokens": 390, "total_tokens": 590]
            return .answer(FakeStory.answer(to: request.body), figures: .these(usage))
        }
        let limit = try Money(dollars: "0.01")
        let fixture = try StoryFixture(server, limits: "on_limit: fail\n  global: {cost_per_day: 0.01}")
        let session = try fixture.session()
        let report = await session.run(RunOrder(count: 2, flags: RoleLayer(maxTokens: 400)))
        let status = try await session.status()
        await session.close()
        #expect(report.state == .refused && report.hasBegun && !report.artifacts.isEmpty)
        let error = try #require(report.error)
        #expect(error.kind == .budget && error.scope == "global" && error.isWorthRetrying)
        #expect(server.served > 0 && bill(of: server) <= limit)
        #expect(report.cost == bill(of: server) && status.costs.all == bill(of: server))
        let budget = try #require(status.budgets.first)
        #expect(budget.spent == bill(of: server) && budget.reserved == .zero)
        #expect(error.left == .money(limit - bill(of: server)))
        let document = try #require(report.json["error"])
        #expect(document["kind"]?.string == "budget" && document["scope"]?.string == "global")
        #expect(document["left"]?.string == (limit - bill(of: server)).dollars)
        #expect(document["retry_at"]?.string == "2026-11-25T00:00:00.000Z")
    }

    @Test func runPausesAtABudgetAndGoesOnAtItsReset() async throws {
        let server = try await FakeOpenAIServer.start { request in
            let usage: JSONValue = ["prompt_tokens": 200, "completion_tokens": 390, "total_tokens": 590]
            return .answer(FakeStory.answer(to: request.body), figures: .these(usage))
        }
        let fixture = try StoryFixture(server, limits: "global: {cost_per_day: 0.01}")
        let session = try fixture.session()
        let events = session.events()
        let order = RunOrder(count: 2, flags: RoleLayer(maxTokens: 400), pausesAtLimits: true)
        let run = Task { await session.run(order) }
        // A fixture's clock starts at noon.
        let midnight = ManualTime().now().wall + 12 * 3_600 * 1_000_000
        var pauses = 0
        for await record in events {
            if case .runPaused(_, _, let limit, let until) = record.event {
                pauses += 1
                #expect(limit == "global cost_per_day" && until == midnight + Int64(pauses - 1) * 86_400 * 1_000_000)
                await fixture.time.waitForSleepers(1)
                fixture.time.advance(seconds: Double(until - fixture.time.now().wall) / 1e6)
            }
            if case .runFinished = record.event { break }
        }
        let report = await run.value
        await session.close()
        #expect(report.state == .done && report.error == nil)
        #expect(pauses > 0)
        #expect(report.cost == bill(of: server))
    }

    @Test func pausedRunCanBeCancelled() async throws {
        let server = try await FakeOpenAIServer.start()
        let limits = "max_wait_seconds: 1\n  global: {requests_per_hour: 1}"
        let fixture = try StoryFixture(server, limits: limits)
        let session = try fixture.session()
        let events = session.events()
        let run = Task { await session.run(RunOrder(count: 1, pausesAtLimits: true)) }
        for await record in events {
            if case .runPaused = record.event { break }
        }
        await session.cancel()
        #expect(await run.value.state == .cancelled)
        await session.close()
        #expect(server.served == 1)
    }

    @Test func requestThatCanNeverFitIsNotWorthRetrying() async throws {
        let server = try await FakeOpenAIServer.start()
        let fixture = try StoryFixture(server, limits: "global: {cost_per_day: 0.001}")
        let report = try await fixture.run(RunOrder(count: 2)).report
        #expect(report.state == .refused && report.error?.kind == .budget)
        #expect(report.error?.isWorthRetrying == false && report.json["error"]?["retry_at"] == .null)
        #expect(server.served == 0 && report.cost == .zero)
    }

    @Test func budgetOfTheMostThatARunMayCostIsEnough() async throws {
        let server = try await FakeOpenAIServer.start()
        let order = RunOrder(count: 3)
        let planned = try StoryFixture(server)
        let most = try #require(try await planned.session().mostItMayCost(order))
        let fixture = try StoryFixture(server, limits: "on_limit: fail\n  global: {cost_per_day: \(most.dollars)}")
        let run = try await fixture.run(order)
        #expect(run.report.state == .done)
        let cost = try #require(run.report.cost)
        #expect(cost > .zero && cost <= most)
        guard case .runStarted(_, _, _, _, _, let told)? = run.events.first else {
            Issue.record("the first event is \(run.events.prefix(1))")
            return
        }
        #expect(told == most)
    }

    @Test func mostThatARunMayCostGrowsWithItsScenes() async throws {
        let server = try await FakeOpenAIServer.start()
        let fixture = try StoryFixture(server)
        let session = try fixture.session()
        let few = try #require(try await session.mostItMayCost(RunOrder(count: 1)))
        let many = try #require(try await session.mostItMayCost(RunOrder(count: 5)))
        // Four more scenes: each up to the cap of its prompt, with its two messages, and max_tokens, and asked once more.
        let repair = TestPrice.input * (32_768 + 16_384 + 64) + TestPrice.output * 2_048
        let scene = TestPrice.input * (32_768 + 32) + TestPrice.output * 2_048 + repair
        #expect(many - few == scene * 4)
        #expect(server.served == 0)
    }

    @Test func unpricedModelMakesTheMostUnknown() async throws {
        let fixture = try StoryFixture(
            """
            providers:
              text:
                default: far
                far: {type: openai, base_url: "https://models.example.com/v1", model: nobody-knows}
            """)
        #expect(try await fixture.session().mostItMayCost(RunOrder()) == nil)
    }

    @Test func embeddedProviderCostsNothingAtMost() async throws {
        let fixture = try StoryFixture()
        #expect(try await fixture.session().mostItMayCost(RunOrder()) == .zero)
    }
}
