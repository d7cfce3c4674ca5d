import Configuration
import Core
import Foundation
import TestKit
import Testing

@testable import Metering

/// Whatever happens in whatever order, the limits say what the plainest arithmetic says.
@Suite(.timeLimit(.minutes(10))) struct LimiterPropertyTests {
    @Test(arguments: LimiterBooks.allCases, SeededRandom.seeds(12))
    func limitsSayWhatAddingUpSays(books: LimiterBooks, seed: UInt64) async throws {
        var walk = try LimiterWalk(books, seed: seed)
        for step in 1...80 {
            let action = try walk.step()
            try walk.compare("seed \(seed), step \(step): \(action)")
            // Whoever else tests at the same time has a turn.
            await Task.yield()
        }
        try walk.endEverything()
        try walk.compare("seed \(seed), all ended")
        #expect(try walk.limiter.standings().limits.allSatisfy { $0.reserved == 0 }, "seed \(seed)")
        #expect(try walk.limiter.standings().budgets.allSatisfy { $0.reserved == .zero }, "seed \(seed)")
    }

    @Test(arguments: LimiterBooks.allCases)
    func walksMeetEveryVerdict(books: LimiterBooks) async throws {
        var seen: Set<LimiterModel.Verdict> = []
        for seed in UInt64(1)...6 {
            var walk = try LimiterWalk(books, seed: seed)
            for _ in 1...40 {
                _ = try walk.step()
                await Task.yield()
            }
            seen.formUnion(walk.verdicts)
        }
        #expect(seen == [.granted, .later, .never])
    }
}

/// A limiter and its model, to which the same things happen.
struct LimiterWalk {
    private(set) var limiter: RateLimiter
    private(set) var verdicts: Set<LimiterModel.Verdict> = []
    private var ledger: Ledger
    private var model: LimiterModel
    private var random: SeededRandom
    private var session: ULID
    private var ended: [Reservation] = []
    private let bench: LimiterBench
    private let time = SteppedTime()

    private static let scopes: [LimitScope] = [
        .global, .provider("openai"), .provider("ollama"), .model("tiny"), .role(.gatekeeper),
    ]
    private static let keys: [LimitKey] = [
        .bucket(.requests, .minute), .bucket(.tokens, .minute), .bucket(.inputTokens, .hour),
        .bucket(.outputTokens, .day), .cost(.hour), .cost(.day), .cost(.month), .maxConcurrent,
    ]
    private let isKept: Bool
    /// Whether levels follow one clock alone, the server's.
    private let hasOneClock: Bool

    init(_ books: LimiterBooks, seed: UInt64) throws {
        random = SeededRandom(seed: seed)
        var limits: [LimiterModel.Key: Int64] = [:]
        for scope in Self.scopes {
            for key in Self.keys where random.isOne(in: 4) {
                limits[LimiterModel.Key(scope: scope, key: key)] = Self.value(key, &random)
            }
        }
        isKept = books == .file
        hasOneClock = ![.file, .memory].contains(books)
        bench = try LimiterBench(books, Self.settings(limits), time: time)
        (limiter, ledger) = bench.limiter()
        model = LimiterModel(time: time, limits: limits)
        session = ULID(at: time.now())
    }

    private static func settings(_ limits: [LimiterModel.Key: Int64]) -> RateLimitSettings {
        var settings = RateLimitSettings()
        settings.timeZone = .gmt
        for (key, value) in limits {
            switch key.scope {
            case .global: set(key.key, value, in: &settings.global)
            case .provider(let name): set(key.key, value, in: &settings.providers[name, default: LimitSet()])
            case .model(let name): set(key.key, value, in: &settings.models[name, default: LimitSet()])
            case .role(let role): set(key.key, value, in: &settings.roles[role, default: LimitSet()])
            }
        }
        return settings
    }

    private static func set(_ key: LimitKey, _ value: Int64, in set: inout LimitSet) {
        switch key {
        case .bucket(let metric, let period): set[metric, period] = Int(value)
        case .cost(let period): set.costs[period] = Money(picodollars: value)
        case .maxConcurrent: set.maxConcurrent = Int(value)
        }
    }

    private static func value(_ key: LimitKey, _ random: inout SeededRandom) -> Int64 {
        switch key {
        case .bucket(.requests, _): Int64(random.number(1...20))
        case .bucket: Int64(random.number(100...9_000))
        case .cost: Int64(random.number(1...40)) * 250_000_001
        case .maxConcurrent: Int64(random.number(1...8))
        }
    }

    // MARK: - What may happen

    /// Does something, and says what.
    mutating func step() throws -> String {
        switch random.number(1...20) {
        case 1...8: return try reserve()
        case 9...12: return try settle()
        case 13: return try release()
        case 14: return try endAgain()
        case 15: return try change()
        case 16: return abandonOrRestart() ? try abandon() : restart()
        case 17 where !hasOneClock: return stepWall()
        // What is kept in memory is gone with the machine.
        case 18 where random.isOne(in: 4) && isKept: return reboot()
        default: return pass()
        }
    }

    private mutating func reserve() throws -> String {
        let demand = demand()
        let estimate = TokenEstimate(
            input: (demand.worstInputTokens * 300 + 999) / 1_000, output: demand.worstOutputTokens)
        let verdict = model.verdict(demand, estimate)
        verdicts.insert(verdict)
        let asked = try limiter.canProceed(demand)
        #expect((asked == nil) == (verdict == .granted) && (asked?.isNever ?? false) == (verdict == .never))
        do {
            let reservation = try limiter.tryReserve(demand)
            #expect(verdict == .granted && reservation.estimate == estimate)
            model.take(reservation)
            for budget in try limiter.standings().budgets where budget.scope.covers(demand) {
                #expect(budget.spent + budget.reserved <= budget.limit)
            }
        } catch let refusal as Refusal {
            #expect(refusal.isNever == (verdict == .never) && verdict != .granted)
            model.noteRefusal()
        }
        return "reserve, \(verdict)"
    }

    private mutating func demand() -> Demand {
        let moment = time.now()
        let role = random.pick([RoleName.gatekeeper, .sceneSmith])
        let origin = RequestOrigin(session: session, run: ULID(at: moment), loop: "l", step: "s", role: role)
        let cost = Money(picodollars: random.number(0...12) * 250_000_000 + random.number(0...1))
        return Demand(
            request: ULID(at: moment), origin: origin, provider: random.pick(["openai", "ollama"]),
            model: random.pick(["tiny", "large"]), lookup: .miss, worstInputTokens: random.number(0...3_000),
            worstOutputTokens: random.number(1...600), worstCost: random.isOne(in: 20) ? nil : cost)
    }

    /// Lower, equal or higher than what was reserved. Marked estimated, so that later estimates stay the same.
    private mutating func settlement(of reservation: Reservation) -> Settlement {
        let share = random.pick([0, 250, 1_000, 1_000, 1_300])
        let demand = reservation.demand
        let usage = Usage(
            inputTokens: demand.worstInputTokens * share / 1_000, cachedInputTokens: share == 0 ? 0 : 7,
            outputTokens: demand.worstOutputTokens * share / 1_000)
        let cost = demand.worstCost.map { Money(picodollars: $0.picodollars * Int128(share) / 1_000) }
        return Settlement(
            outcome: .answered, usage: usage, cost: cost, isEstimated: true, latencyMilliseconds: 1)
    }

    private mutating func settle() throws -> String {
        guard !model.open.isEmpty else { return "nothing to settle" }
        let reservation = random.pick(model.open)
        let settlement = settlement(of: reservation)
        try limiter.settle(reservation, settlement)
        model.settle(reservation, settlement)
        ended.append(reservation)
        return "settle \(settlement.cost?.dollars ?? "?")"
    }

    private mutating func release() throws -> String {
        guard !model.open.isEmpty else { return "nothing to release" }
        let reservation = random.pick(model.open)
        try limiter.release(reservation)
        model.release(reservation)
        ended.append(reservation)
        return "release"
    }

    /// What has ended already ends once more, which changes nothing.
    private mutating func endAgain() throws -> String {
        guard !ended.isEmpty else { return "nothing has ended" }
        let reservation = random.pick(ended)
        if random.isOne(in: 2) {
            try limiter.release(reservation)
        } else {
            try limiter.settle(reservation, settlement(of: reservation))
        }
        return "end again"
    }

    private mutating func change() throws -> String {
        let key = random.pick(Self.keys)
        let change = try limiter.change(
            key, at: random.pick(Self.scopes), to: Self.value(key, &random), during: nil,
            by: "somebody")
        model.change(change)
        return "change: \(change)"
    }

    private mutating func abandonOrRestart() -> Bool { random.isOne(in: 2) }

    private mutating func abandon() throws -> String {
        let dead = session
        session = ULID(at: time.now())
        let isOther = { (other: ULID) in other != dead }
        let count = model.open.count { $0.demand.origin.session == dead }
        restartQuietly()
        #expect(try ledger.settleAbandoned(isAlive: isOther) == count)
        model.abandon(dead)
        return "the process is gone, \(count) calls open"
    }

    private mutating func restart() -> String {
        restartQuietly()
        return "restart"
    }

    private mutating func restartQuietly() { (limiter, ledger) = bench.limiter() }

    private mutating func stepWall() -> String {
        let seconds = Int64(random.pick([-90_000, -3_700, -5, 5, 3_700, 90_000]))
        time.step(wall: seconds * 1_000_000)
        return "wall clock \(seconds) s"
    }

    private mutating func reboot() -> String {
        let seconds = Int64(random.pick([-90_000, 30, 3_700]))
        time.reboot(wall: seconds * 1_000_000)
        restartQuietly()
        return "reboot, wall clock \(seconds) s"
    }

    private mutating func pass() -> String {
        let microseconds = Int64(random.pick([999, 1_500_000, 30_000_000, 3_600_000_000]))
        time.step(wall: microseconds, sinceBoot: microseconds)
        return "\(microseconds) µs pass"
    }

    // MARK: - What has to be so

    mutating func endEverything() throws {
        while !model.open.isEmpty { _ = random.isOne(in: 2) ? try settle() : try release() }
    }

    func compare(_ comment: String) throws {
        let standings = try limiter.standings()
        let (limits, budgets) = (standings.limits, standings.budgets)
        let counted = model.keys.filter { $0.key.period == nil || $0.metric != nil }
        #expect(limits.count == counted.count && budgets.count == model.keys.count - counted.count, "\(comment)")
        for key in counted {
            let standing = limits.first { $0.scope == key.scope && $0.key == key.key.description }
            #expect(standing?.limit == model.limit(key).map { Int($0) }, "\(comment), \(key)")
            #expect(standing?.remaining == model.remaining(key), "\(comment), \(key)")
            #expect(standing?.reserved == model.reservedUnits(key), "\(comment), \(key)")
        }
        for budget in budgets {
            guard let period = LimitPeriod(rawValue: budget.period) else { continue }
            let limit = model.limit(LimiterModel.Key(scope: budget.scope, key: .cost(period)))
            #expect(budget.limit.picodollars == limit.map { Int128($0) }, "\(comment), \(budget)")
            #expect(budget.spent == model.spent(budget.scope, period), "\(comment), \(budget)")
            #expect(budget.reserved == model.reserved(budget.scope, period), "\(comment), \(budget)")
        }
    }
}

extension LimitStanding {
    /// As the configuration spells it.
    fileprivate var key: String { period.map { "\(metric)_per_\($0)" } ?? "max_concurrent" }
}

extension LimitKey {
    fileprivate var period: LimitPeriod? {
        switch self {
        case .bucket(_, let period), .cost(let period): period
        case .maxConcurrent: nil
        }
    }
}
