import Configuration
import Core
import Foundation
import Metering
import Synchronization

enum LimiterBenchmarks {
    static func run() async throws -> [Figure] {
        var (one, all) = (RateLimitSettings(), RateLimitSettings())
        one.global.requests[.hour] = 1_000_000_000
        one.global.maxConcurrent = .max
        let full = try everyMetric()
        all.global = full
        all.providers["openai"] = full
        all.models["gpt-4o-mini"] = full
        all.roles[.sceneSmith] = full
        let demand = Sample.demand(cost: Money(picodollars: 1))
        let mutex = Mutex(Int64(0))
        let count = 1_000
        // With a new limiter each round, since the calls of a round stay under way; it has served as many before.
        func tries(_ settings: RateLimitSettings) throws -> Double {
            let limiter = RateLimiter(ledger: Ledger(inMemoryWith: Sample.time), settings: settings)
            for reservation in try (0..<count).map({ _ in try limiter.tryReserve(demand) }) {
                try limiter.release(reservation)
            }
            return try Stopwatch.milliseconds { for _ in 0..<count { _ = try limiter.tryReserve(demand) } }
        }
        var times: [[Double]] = [[], [], []]
        for _ in 0..<500 {
            times[0].append(
                Stopwatch.milliseconds { for _ in 0..<count { mutex.withLock { $0 = Sample.time.now().sinceBoot } } })
            times[1].append(try tries(one))
            times[2].append(try tries(all))
        }
        let nanoseconds = times.map { Stopwatch.median($0) * 1e6 / Double(count) }
        let bare = String(format: "Mutex and clock %.0f ns", nanoseconds[0])
        return [
            Figure(
                name: "tryReserve, 1 level", value: nanoseconds[1] / nanoseconds[0], bound: 2,
                details: bare + String(format: ", tryReserve %.0f ns", nanoseconds[1])),
            Figure(
                name: "tryReserve, 4 scopes × 5 metrics", value: nanoseconds[2] / nanoseconds[0], bound: 5,
                details: bare + String(format: ", tryReserve %.0f ns", nanoseconds[2])),
            await overAdmissions(),
        ]
    }

    private static func everyMetric() throws -> LimitSet {
        var set = LimitSet(maxConcurrent: .max)
        for metric in LimitMetric.allCases { set[metric, .hour] = 1_000_000_000 }
        set.costs[.day] = try Money(dollars: "1000000")
        return set
    }

    /// A million tries of eight tasks at a budget and a bucket with room for 100,000.
    private static func overAdmissions() async -> Figure {
        let (room, tries) = (100_000, 1_000_000)
        var settings = RateLimitSettings()
        settings.global.requests[.month] = room
        settings.global.maxConcurrent = .max
        settings.global.costs[.month] = Money(picodollars: room)
        let limiter = RateLimiter(ledger: Ledger(inMemoryWith: Sample.time), settings: settings)
        let demand = Sample.demand(cost: Money(picodollars: 1))
        let admitted = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<(tries / 8)).reduce(0) { sum, _ in sum + ((try? limiter.tryReserve(demand)) == nil ? 0 : 1) }
                }
            }
            return await group.reduce(0, +)
        }
        return Figure(
            name: "over-admissions in 1,000,000 contended tries", value: Double(abs(admitted - room)), bound: 0,
            unit: "", details: "8 tasks, room for \(room.grouped), \(admitted.grouped) admitted")
    }
}
