import Configuration
import Core
import Foundation
import Synchronization
import TestKit
import Testing

@testable import Metering

/// Many tasks at once, on real threads.
@Suite(.timeLimit(.minutes(10))) struct ContendedLimiterTests {
    private static let tasks = 8
    private static let tries = 80

    /// What the tasks see.
    private struct Sight {
        var granted = 0
        var overAdmitted = 0
        var underWay = 0
        var mostUnderWay = 0
        var spent = Money.zero
    }

    private static func settings() throws -> RateLimitSettings {
        var settings = RateLimitSettings()
        settings.timeZone = .gmt
        settings.global.costs[.day] = try Money(dollars: "0.07")
        settings.global.requests[.hour] = 200
        settings.providers["openai"] = LimitSet(costs: [.hour: try Money(dollars: "0.05")], maxConcurrent: 3)
        return settings
    }

    @Test(arguments: LimiterBooks.allCases) func nobodyIsAdmittedBeyondALimit(books: LimiterBooks) async throws {
        let settings = try Self.settings()
        let bench = try LimiterBench(books, settings, time: ManualTime())
        // As two processes have them.
        let limiters = [bench.limiter().limiter, bench.limiter().limiter]
        let fixture = try LimiterFixture()
        let sight = Sightings()
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<Self.tasks {
                group.addTask {
                    var random = SeededRandom(seed: UInt64(task))
                    for _ in 0..<Self.tries {
                        await Self.attempt(limiters[task % 2], fixture, sight, &random)
                    }
                }
            }
        }
        let seen = sight.all
        #expect(seen.overAdmitted == 0)
        #expect(seen.granted > 30 && seen.granted <= 200)
        #expect(seen.mostUnderWay <= 3)
        // What one of them has told a server of ends comes before what it asks, and the other's too.
        _ = try limiters[1].standings()
        let standings = try limiters[0].standings()
        let (limits, budgets) = (standings.limits, standings.budgets)
        #expect(budgets.map(\.spent) == [seen.spent, seen.spent] && budgets.allSatisfy { $0.reserved == .zero })
        #expect(limits.first { $0.metric == "requests" }?.remaining == 200 - seen.granted)
        #expect(limits.allSatisfy { $0.reserved == 0 })
    }

    private static func attempt(
        _ limiter: RateLimiter, _ fixture: LimiterFixture, _ sight: Sightings, _ random: inout SeededRandom
    ) async {
        let worst = Money(picodollars: random.number(1...30) * 1_000_000_000)
        await Task.yield()
        guard let reservation = try? limiter.tryReserve(fixture.demand(cost: worst.dollars)) else { return }
        let isOver = (try? limiter.standings().budgets.contains { $0.spent + $0.reserved > $0.limit }) ?? true
        sight.begin(isOver: isOver)
        // Meanwhile the others try.
        for _ in 0..<random.number(1...12) { await Task.yield() }
        let cost = Money(picodollars: random.number(0...400) * 1_000_000)
        let settlement = Settlement(
            outcome: .answered, usage: Usage(inputTokens: 9, outputTokens: 9), cost: min(cost, worst),
            isEstimated: false, latencyMilliseconds: 1)
        sight.end(spending: min(cost, worst))
        try? await limiter.settle(reservation, settlement)
    }

    private final class Sightings: Sendable {
        private let sight = Mutex(Sight())

        var all: Sight { sight.withLock { $0 } }

        func begin(isOver: Bool) {
            sight.withLock { sight in
                sight.granted += 1
                sight.overAdmitted += isOver ? 1 : 0
                sight.underWay += 1
                sight.mostUnderWay = max(sight.mostUnderWay, sight.underWay)
            }
        }

        func end(spending cost: Money) {
            sight.withLock { sight in
                sight.underWay -= 1
                sight.spent += cost
            }
        }
    }
}
