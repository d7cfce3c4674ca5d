import Configuration
import Core
import Providers
import TestKit
import Testing

@testable import Generation
@testable import Metering

/// Calls that are made again: what they cost, and what is recorded.
@Suite(.timeLimit(.minutes(10))) struct GeneratorRetryTests {
    let fixture: GenerationFixture

    init() throws {
        fixture = try GenerationFixture(retry: RetryRule(RetrySettings(), patienceSeconds: 300) { 1 })
    }

    private func fail(first count: Int, _ error: ProviderError = .scripted(.serverFailed, billing: .nothing)) {
        fixture.provider.answers { $0 <= count ? .failure(error) : .success(.saying("At last.")) }
    }

    /// Moves the clock on whenever a request waits for its next try.
    private func generate(tries: [Double], _ request: GenerationRequest) async throws -> Generated {
        let task = Task { try await fixture.generate(request) }
        for seconds in tries {
            await fixture.time.waitForSleepers(1)
            fixture.time.advance(seconds: seconds)
        }
        return try await task.value
    }

    @Test func aFailureThatPassesIsTriedAgainUnderOneKey() async throws {
        fail(first: 2)
        let request = fixture.request()
        let generated = try await generate(tries: [1, 2], request)
        #expect(generated.answer.text == "At last.")
        #expect(
            fixture.stages == [
                "started", "sent", "retrying", "sent", "retrying", "sent", "delta At la", "delta st.", "answered",
            ])
        let permits = fixture.provider.permits
        #expect(permits.map(\.idempotencyKey) == [request.id, request.id, request.id])
        #expect(Set(permits.map(\.attempt)).count == 3)
    }

    @Test func eachTryIsRecordedAndTheLookUpIsCountedOnce() async throws {
        fail(first: 1, .scripted(.interrupted, billing: .worstCase))
        _ = try await generate(tries: [1], fixture.request())
        let call = fixture.call()
        let worst = fixture.generator.worstCase(of: .text(call))
        #expect(
            try fixture.rows() == [
                LedgerRow(
                    outcome: "failed",
                    usage: Usage(inputTokens: call.inputTokenBound, outputTokens: call.maxTokens), cost: worst,
                    isEstimated: true),
                LedgerRow(lookup: "none", missCause: nil),
            ])
        #expect(try fixture.lookups().misses == 1)
        #expect(try fixture.openAttempts().isEmpty)
        let told = fixture.events.elements.compactMap { event -> Money? in
            if case .requestRetrying(_, _, _, let charged) = event { charged } else { nil }
        }
        #expect(told == [worst])
    }

    @Test func whatFailsForGoodFailsOnce() async throws {
        fail(first: 9, .scripted(.unauthorized, billing: .nothing))
        #expect(await fixture.failure(of: fixture.request())?.providerError?.kind == .unauthorized)
        #expect(fixture.provider.calls.count == 1)
    }

    @Test func aRequestThatKeepsFailingEndsWithItsLastFailure() async throws {
        fail(first: 9)
        let error = await #expect(throws: GenerationError.self) {
            try await generate(tries: [1, 2, 4], fixture.request())
        }
        #expect(error?.providerError?.kind == .serverFailed)
        #expect(fixture.provider.calls.count == 4)
        #expect(fixture.stages.suffix(2) == ["sent", "failed"])
        #expect(try fixture.rows().map(\.lookup) == ["miss", "none", "none", "none"])
    }

    @Test func adviceBeyondTheRequestsPatienceIsSaid() async throws {
        var limited = ProviderError.scripted(.rateLimited, billing: .nothing)
        limited.limits = ProviderLimits(receivedAt: fixture.time.now(), retryAfter: 2_520_000_001)
        fail(first: 9, limited)
        let error = await fixture.failure(of: fixture.request())
        #expect(error?.description.hasSuffix("it asks to wait 2521 s, which is longer than max_wait_seconds") == true)
        #expect(fixture.provider.calls.count == 1)
    }

    @Test func cancellingWhileWaitingForTheNextTryLeavesNothing() async throws {
        fail(first: 9)
        let task = Task { await fixture.failure(of: fixture.request()) }
        await fixture.time.waitForSleepers(1)
        task.cancel()
        #expect(await task.value?.isCancelled == true)
        #expect(fixture.provider.calls.count == 1)
        #expect(try fixture.rows().count == 1)
        #expect(try fixture.openAttempts().isEmpty)
    }

    @Test func aRetryComesBeforeWhatWaitsForTheFirstTime() async throws {
        let fixture = try GenerationFixture(
            limits: {
                $0.global[.requests, .minute] = 1
                $0.maxWaitSeconds = 1_000_000
            },
            retry: RetryRule(RetrySettings(), patienceSeconds: 300) { 1 })
        fixture.provider.answers {
            $0 == 1 ? .failure(.scripted(.serverFailed, billing: .nothing)) : .success(.saying("At last."))
        }
        let failed = Task { try await fixture.generate(fixture.request("First.")) }
        await fixture.time.waitForSleepers(1)
        let new = Task { try await fixture.generate(fixture.request("Second.")) }
        while fixture.limiter.line.size < 1 { await Task.yield() }
        fixture.time.advance(seconds: 1)
        while fixture.limiter.line.size < 2 { await Task.yield() }
        while fixture.provider.calls.count < 3 {
            fixture.time.advance(seconds: 1)
            await Task.yield()
        }
        for task in [failed, new] { _ = try await task.value }
        #expect(fixture.provider.calls.compactMap(\.messages.first?.content) == ["First.", "First.", "Second."])
    }

    @Test func noRetryTakesABudgetPastItsLimit() async throws {
        let fixture = try GenerationFixture(
            limits: {
                $0.onLimit = .fail
                $0.global.costs[.day] = try Money(dollars: "0.001")
            }, retry: RetryRule(RetrySettings(), patienceSeconds: 300) { 0 })
        fixture.provider.answers { _ in .failure(.scripted(.interrupted, billing: .worstCase)) }
        let error = await fixture.failure(of: fixture.request())
        #expect(error?.refusal?.key == "cost_per_day")
        #expect(fixture.provider.calls.count == 1)
    }
}
