import Configuration
import Core
import Foundation
import Synchronization
import TestKit
import Testing

@testable import Metering

/// Requests that wait: each is served or refused in bounded time, in the order in which they came.
@Suite(.timeLimit(.minutes(10))) struct WaitingPropertyTests {
    private static let longestWait = 40

    /// A request that waits, or has.
    private struct Waiter {
        var number: Int
        var demand: Demand
        var arrivedAt: Int64
        var isAgain: Bool
        /// How many had ended when it stood in the line.
        var endedBefore = 0
        var task: Task<Void, Never>
    }

    private enum End: Hashable {
        case served(Reservation)
        case refused(Refusal)
        case cancelled
    }

    private struct Ended {
        var number: Int
        var end: End
        var at: Int64
    }

    private static func settings(_ random: inout SeededRandom) throws -> RateLimitSettings {
        var settings = RateLimitSettings()
        settings.timeZone = .gmt
        settings.maxWaitSeconds = longestWait
        settings.global[.tokens, .minute] = random.number(2_000...6_000)
        settings.global.costs[.day] = Money(picodollars: random.number(5...14) * 1_000_000_000)
        settings.global.maxConcurrent = random.number(1...4)
        for provider in ["openai", "ollama"] where random.isOne(in: 2) {
            settings.providers[provider] = LimitSet(
                requests: [.second: random.number(1...3)], maxConcurrent: random.number(1...3))
        }
        return settings
    }

    private static func demand(_ random: inout SeededRandom, _ session: ULID, at moment: Moment) -> Demand {
        let origin = RequestOrigin(session: session, run: session, loop: "l", step: "s", role: .sceneSmith)
        return Demand(
            request: ULID(at: moment), origin: origin, provider: random.pick(["openai", "ollama"]), model: "tiny",
            lookup: .miss, worstInputTokens: random.pick([100, 100, 3_000]), worstOutputTokens: random.number(50...900),
            worstCost: Money(picodollars: random.number(1...6) * 1_000_000_000))
    }

    @Test(arguments: LimiterBooks.allCases, SeededRandom.seeds(6))
    func everyWaiterIsServedOrRefusedInItsTurn(books: LimiterBooks, seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let time = ManualTime()
        let turns = TurnTaking()
        let settings = try Self.settings(&random)
        let bench = try LimiterBench(books, settings, time: time)
        let limiter = bench.limiter().limiter
        let ends = Recorder<Ended>()
        let session = ULID(at: time.now())
        var waiters: [Waiter] = []
        var cancelled: Set<Int> = []
        var (settledUntil, stood) = (0, 0)
        var underWay: [Reservation] = []
        for _ in 0..<600 {
            if waiters.count < 24, random.isOne(in: 2) {
                let number = waiters.count
                let demand = Self.demand(&random, session, at: time.now())
                let isAgain = random.isOne(in: 4)
                let task = Task(executorPreference: turns) {
                    let end = await Self.end(of: demand, again: isAgain, limiter)
                    ends.append(Ended(number: number, end: end, at: time.now().sinceBoot))
                }
                waiters.append(
                    Waiter(
                        number: number, demand: demand, arrivedAt: time.now().sinceBoot, isAgain: isAgain, task: task))
            } else if random.isOne(in: 12), let waiter = waiters.randomElement(using: &random) {
                waiter.task.cancel()
                cancelled.insert(waiter.number)
            }
            for _ in 0..<4 { await turns.settle() }
            let all = ends.elements
            for index in waiters.indices.dropFirst(stood) { waiters[index].endedBefore = all.count }
            stood = waiters.count
            for ended in all[settledUntil...] {
                if case .served(let reservation) = ended.end { underWay.append(reservation) }
            }
            settledUntil = all.count
            if random.isOne(in: 3), let index = underWay.indices.randomElement(using: &random) {
                let reservation = underWay.remove(at: index)
                try Self.end(reservation, limiter, isReleased: random.isOne(in: 4))
            }
            for budget in try limiter.standings().budgets {
                #expect(budget.spent + budget.reserved <= budget.limit, "seed \(seed)")
            }
            #expect(underWay.count <= settings.global.maxConcurrent ?? 8, "seed \(seed)")
            if waiters.count == 24, all.count == 24, underWay.isEmpty { break }
            time.advance(seconds: 0.25)
        }
        for _ in 0..<4 { await turns.settle() }
        #expect(ends.count == 24, "seed \(seed): somebody still waits")
        expectFairness(ends.elements, waiters, cancelled, books, "seed \(seed)")
        for reservation in underWay { try Self.end(reservation, limiter, isReleased: true) }
        #expect(try limiter.standings().limits.allSatisfy { $0.reserved == 0 && $0.waiting == 0 }, "seed \(seed)")
        #expect(try limiter.standings().budgets.allSatisfy { $0.reserved == .zero }, "seed \(seed)")
    }

    private static func end(of demand: Demand, again isAgain: Bool, _ limiter: RateLimiter) async -> End {
        do {
            return .served(try await limiter.reserve(demand, again: isAgain))
        } catch let refusal as Refusal {
            return .refused(refusal)
        } catch {
            return .cancelled
        }
    }

    private static func end(_ reservation: Reservation, _ limiter: RateLimiter, isReleased: Bool) throws {
        guard !isReleased else { return try limiter.release(reservation) }
        let usage = Usage(inputTokens: 20, outputTokens: 10)
        try limiter.settle(
            reservation,
            Settlement(
                outcome: .answered, usage: usage, cost: Money(picodollars: 400_000_001), isEstimated: true,
                latencyMilliseconds: 1))
    }

    private func expectFairness(
        _ ends: [Ended], _ waiters: [Waiter], _ cancelled: Set<Int>, _ books: LimiterBooks, _ comment: String
    ) {
        var lastServed: [String: Int] = [:]
        for (place, ended) in ends.enumerated() {
            let waiter = waiters[ended.number]
            let waited = ended.at - waiter.arrivedAt
            #expect(waited <= Int64(Self.longestWait + 1) * 1_000_000, "\(comment), \(ended.number)")
            switch ended.end {
            case .cancelled: #expect(cancelled.contains(ended.number), "\(comment), \(ended.number)")
            case .refused: break
            case .served(let reservation):
                #expect(reservation.demand === waiter.demand, "\(comment)")
                // Who takes from the same limits is served in the order of arrival, what is made again before what is new.
                let queue = "\(waiter.demand.provider) \(waiter.isAgain)"
                #expect(lastServed[queue] ?? -1 < ended.number, "\(comment), \(ended.number)")
                lastServed[queue] = ended.number
                // A server may still be asked whether the other has to wait at all.
                guard !waiter.isAgain, books != .redis else { continue }
                let passed = ends[(place + 1)...].map { waiters[$0.number] }.filter {
                    $0.isAgain && $0.endedBefore <= place && $0.demand.provider == waiter.demand.provider
                }
                #expect(passed.isEmpty, "\(comment), \(ended.number) passed \(passed.map(\.number))")
            }
        }
    }
}
