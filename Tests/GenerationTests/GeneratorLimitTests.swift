import Configuration
import Core
import Metering
import ResponseCache
import TestKit
import Testing

@testable import Generation

/// Requests that wait at limits, and budgets under many requests at once.
@Suite(.timeLimit(.minutes(10))) struct GeneratorLimitTests {
    @Test func thirdRequestOfASecondWaitsAndGoesOn() async throws {
        let fixture = try GenerationFixture(limits: { $0.global.requests[.second] = 2 })
        for text in ["One", "Two"] { try await fixture.generate(fixture.request(text)) }
        let request = fixture.request("Three")
        let third = Task { try await fixture.generate(request) }
        await fixture.time.waitForSleepers(1)
        #expect(fixture.provider.calls.count == 2)
        #expect(
            fixture.events.elements.last
                == .requestWaiting(
                    request: request.id, limit: "global requests_per_second",
                    until: fixture.time.now().wall + 500_000))
        fixture.time.advance(seconds: 0.5)
        #expect(try await third.value.record.source == .provider)
        #expect(
            fixture.stages.suffix(7) == [
                "started", "waiting at global requests_per_second", "sent", "delta Hello", "delta  ther", "delta e.",
                "answered",
            ])
    }

    @Test func hitDoesNotWaitAtALimit() async throws {
        let fixture = try GenerationFixture(limits: {
            $0.onLimit = .fail
            $0.global.requests[.minute] = 1
        })
        try await fixture.generate(fixture.request())
        for _ in 1...3 { #expect(try await fixture.generate(fixture.request()).record.source == .cache) }
    }

    @Test func answerThatAnotherProcessStoredMeanwhileIsAHit() async throws {
        let fixture = try GenerationFixture(limits: { $0.global.requests[.second] = 1 })
        try await fixture.generate(fixture.request("One"))
        let request = fixture.request("Two")
        let waiting = Task { try await fixture.generate(request) }
        await fixture.time.waitForSleepers(1)
        try fixture.cache.store(
            .saying("From elsewhere."), isStreamed: true, cost: Money(dollars: "0.5"), for: request.call,
            role: .sceneSmith)
        fixture.time.advance(seconds: 1)
        let generated = try await waiting.value
        #expect(generated.answer.text == "From elsewhere." && generated.record.source == .cache)
        #expect(generated.record.cost == .zero && generated.record.savedCost.dollars == "0.5")
        #expect(fixture.provider.calls.count == 1)
        #expect(try fixture.openAttempts().isEmpty)
        #expect(try fixture.limiter.standings().limits.map(\.remaining) == [1])
        #expect(try fixture.lookups().hits == 1)
    }

    @Test func fiftyRequestsAtOnceNeverPassTheBudget() async throws {
        let limit = try Money(dollars: "0.01")
        let fixture = try GenerationFixture(limits: { $0.global.costs[.day] = limit })
        let taken = Recorder<Money>()
        let look: @Sendable () -> Void = {
            guard let budget = try? fixture.limiter.standings().budgets.first else { return }
            taken.append(budget.spent + budget.reserved)
        }
        fixture.provider.whileCalled { _ in
            for _ in 0..<4 {
                look()
                await Task.yield()
            }
        }
        let errors = await withTaskGroup(of: GenerationError?.self) { group in
            for number in 0..<50 {
                group.addTask { await fixture.failure(of: fixture.request("Say hello \(number).")) }
            }
            return await group.reduce(into: [GenerationError]()) { errors, error in
                if let error { errors.append(error) }
            }
        }
        look()
        #expect(taken.elements.allSatisfy { $0 <= limit })
        // Each answer costs $0.000444, and may have cost up to $0.000858: there is room for 21.
        #expect(errors.count == 29 && fixture.provider.calls.count == 21)
        #expect(errors.allSatisfy { $0.refusal?.key == "cost_per_day" })
        let budget = try #require(try fixture.limiter.standings().budgets.first)
        #expect(budget.spent.dollars == "0.009324" && budget.reserved == .zero)
    }

    @Test func unpricedModelIsRefusedWhereABudgetApplies() async throws {
        let fixture = try GenerationFixture(limits: { $0.global.costs[.day] = try Money(dollars: "5") })
        let refusal = await fixture.failure(of: fixture.request(model: "nobody-knows"))?.refusal
        #expect(refusal?.kind == .unpriced(model: "nobody-knows"))
        #expect(fixture.provider.calls.isEmpty)
    }
}
