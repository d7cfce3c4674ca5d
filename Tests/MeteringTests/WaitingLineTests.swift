import Configuration
import Core
import Synchronization
import TestKit
import Testing

@testable import Metering

/// Who holds up whom, and who wakes whom.
@Suite(.timeLimit(.minutes(10))) struct WaitingLineTests {
    private let line = WaitingLine()
    private let openAI: [LimitScope] = [.global, .provider("openai")]
    private let ollama: [LimitScope] = [.global, .provider("ollama")]

    @Test func whoeverIsNotYetTriedComesBeforeLaterOnes() {
        let first = line.join(scopes: openAI)
        let second = line.join(scopes: ollama)
        #expect(line.isFree(for: openAI, before: first) && !line.isFree(for: ollama, before: second))
    }

    @Test func whatIsMadeAgainComesBeforeWhatIsNewInItsOwnOrder() {
        let new = line.join(scopes: openAI)
        line.holdUp(new, at: .global, key: "requests_per_minute")
        let (again, later) = (line.join(scopes: openAI, again: true), line.join(scopes: openAI, again: true))
        #expect(line.isFree(for: openAI, before: again))
        #expect(!line.isFree(for: openAI, before: later) && !line.isFree(for: openAI, before: new))
        line.leave(again)
        #expect(line.isFree(for: openAI, before: later) && !line.isFree(for: openAI, before: new))
        line.leave(later)
        #expect(line.isFree(for: openAI, before: new))
    }

    @Test func allWhoWaitAtOneProviderLetTheOthersPass() {
        let held = line.join(scopes: openAI)
        line.holdUp(held, at: .provider("openai"), key: "requests_per_minute")
        let behind = line.join(scopes: openAI)
        let elsewhere = line.join(scopes: ollama)
        #expect(!line.isFree(for: openAI, before: behind) && line.isFree(for: ollama, before: elsewhere))
    }

    @Test func globalLimitHoldsUpEverybody() {
        let held = line.join(scopes: openAI)
        line.holdUp(held, at: .global, key: "requests_per_minute")
        let behind = line.join(scopes: ollama)
        let last = line.join(scopes: ollama)
        #expect(!line.isFree(for: ollama, before: behind) && !line.isFree(for: ollama, before: last))
        line.leave(held)
        #expect(line.isFree(for: ollama, before: behind) && !line.isFree(for: ollama, before: last))
    }

    @Test func thoseWhoWaitAtDifferentLimitsLeaveOneAnotherInPeace() async throws {
        let time = CountingTime()
        var settings = RateLimitSettings()
        for provider in ["openai", "ollama", "far"] {
            settings.providers[provider] = LimitSet(requests: [.minute: 1])
        }
        let limiter = RateLimiter(ledger: Ledger(inMemoryWith: time), settings: settings)
        let fixture = try LimiterFixture()
        let demands = ["openai", "ollama", "far"].map { fixture.demand(provider: $0) }
        for demand in demands { _ = try limiter.tryReserve(demand) }
        let tasks = demands.map { demand in Task { try await limiter.reserve(demand) } }
        while limiter.line.size < 3 { await Task.yield() }
        await time.manual.waitForSleepers(3)
        let before = time.looks
        for _ in 0..<200_000 where time.looks < before + 100 { await Task.yield() }
        // Each has looked at its limit, and perhaps once more since another came.
        #expect(time.looks < before + 100)
        time.manual.advance(seconds: 60)
        for task in tasks { _ = try await task.value }
        #expect(limiter.line.size == 0)
    }
}

/// Counts how often somebody looks at the clock.
private final class CountingTime: TimeSource {
    let manual = ManualTime()
    private let count = Mutex(0)

    var looks: Int { count.withLock { $0 } }
    var bootID: String { manual.bootID }

    func now() -> Moment {
        count.withLock { $0 += 1 }
        return manual.now()
    }

    func sleep(microseconds: Int64) async throws { try await manual.sleep(microseconds: microseconds) }
}
