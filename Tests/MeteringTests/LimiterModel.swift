import Configuration
import Core
import Foundation

@testable import Metering

/// What the limits have to say, worked out in the plainest way: open calls and costs are lists that are added up.
struct LimiterModel {
    /// What becomes of a try.
    enum Verdict { case granted, later, never }

    struct Key: Hashable {
        var scope: LimitScope
        var key: LimitKey
    }

    private struct Bucket {
        var level: Int128
        var capacity: Int128
        var bootID: String
        var moment: Moment
    }

    private struct Cost {
        var demand: Demand
        var reservedAt: Int64
        var amount: Money
    }

    let time: SteppedTime
    /// As the configuration has them: units, calls or pico-dollars.
    let limits: [Key: Int64]
    private(set) var open: [Reservation] = []
    private var changes: [Key: LimitChange] = [:]
    private var buckets: [Key: Bucket] = [:]
    /// The buckets that a call under way has taken from.
    private var taken: [Reservation: [Key]] = [:]
    private var costs: [Cost] = []

    init(time: SteppedTime, limits: [Key: Int64]) {
        self.time = time
        self.limits = limits
    }

    // MARK: - What happens

    mutating func take(_ reservation: Reservation) {
        for key in bucketKeys(of: reservation.demand) {
            put(key, level(key) - Int128(units(key, reservation.estimate)) * period(key))
            taken[reservation, default: []].append(key)
        }
        open.append(reservation)
    }

    mutating func settle(_ reservation: Reservation, _ settlement: Settlement) {
        guard remove(reservation) else { return }
        let usage = settlement.usage
        let used = TokenEstimate(input: usage.totalTokens - usage.outputTokens, output: usage.outputTokens)
        for key in keysToGiveBack(reservation) where key.metric != .requests {
            let unused = units(key, reservation.estimate) - units(key, used)
            put(key, level(key) + Int128(unused) * period(key))
        }
        charge(reservation, settlement.cost)
    }

    mutating func release(_ reservation: Reservation) {
        guard remove(reservation) else { return }
        for key in keysToGiveBack(reservation) {
            put(key, level(key) + Int128(units(key, reservation.estimate)) * period(key))
        }
    }

    /// The process of a session is gone: what it had reserved is charged whole.
    mutating func abandon(_ session: ULID) {
        for reservation in open where reservation.demand.origin.session == session {
            _ = remove(reservation)
            charge(reservation, reservation.demand.worstCost)
        }
    }

    mutating func change(_ change: LimitChange) { changes[Key(scope: change.scope, key: change.key)] = change }

    /// A try was refused: buckets that were kept at a time which is still to come are counted from now on.
    mutating func noteRefusal() {
        for (key, bucket) in buckets where elapsed(bucket) < 0 {
            buckets[key]?.bootID = time.bootID
            buckets[key]?.moment = time.now()
        }
    }

    private mutating func charge(_ reservation: Reservation, _ amount: Money?) {
        guard let amount else { return }
        costs.append(Cost(demand: reservation.demand, reservedAt: reservation.reservedAt, amount: amount))
    }

    private mutating func remove(_ reservation: Reservation) -> Bool {
        guard let index = open.firstIndex(of: reservation) else { return false }
        open.remove(at: index)
        return true
    }

    private mutating func put(_ key: Key, _ level: Int128) {
        let capacity = Int128(limit(key) ?? 0)
        buckets[key] = Bucket(
            level: min(level, capacity * period(key)), capacity: capacity, bootID: time.bootID, moment: time.now())
    }

    // MARK: - What has to be said

    func verdict(_ demand: Demand, _ estimate: TokenEstimate) -> Verdict {
        let verdicts = keys(of: demand).map { verdict($0, demand, estimate) } + [defaultConcurrency(demand)]
        if verdicts.contains(.never) { return .never }
        return verdicts.contains(.later) ? .later : .granted
    }

    private func verdict(_ key: Key, _ demand: Demand, _ estimate: TokenEstimate) -> Verdict {
        let limit = limit(key) ?? 0
        switch key.key {
        case .bucket:
            let asked = Int128(units(key, estimate))
            if asked > Int128(limit) { return .never }
            return asked * period(key) <= level(key) ? .granted : .later
        case .maxConcurrent: return Int64(calls(at: key.scope)) < limit ? .granted : .later
        case .cost(let period):
            guard let asked = demand.worstCost, asked.picodollars <= Int128(limit) else { return .never }
            let taken = spent(key.scope, period) + reserved(key.scope, period) + asked
            return taken.picodollars <= Int128(limit) ? .granted : .later
        }
    }

    /// Where nothing is written, eight calls may be under way.
    private func defaultConcurrency(_ demand: Demand) -> Verdict {
        limit(Key(scope: .global, key: .maxConcurrent)) != nil || open.count < 8 ? .granted : .later
    }

    /// Every limit in force.
    var keys: [Key] {
        let now = time.now().wall
        return Array(Set(limits.keys).union(changes.filter { $0.value.holds(at: now) }.keys))
    }

    func limit(_ key: Key) -> Int64? {
        if let change = changes[key], change.holds(at: time.now().wall) { return change.value }
        return limits[key]
    }

    func remaining(_ key: Key) -> Int {
        if key.key == .maxConcurrent { return max(0, Int(limit(key) ?? 0) - calls(at: key.scope)) }
        return Int(max(0, level(key)) / period(key))
    }

    func reservedUnits(_ key: Key) -> Int {
        if key.key == .maxConcurrent { return calls(at: key.scope) }
        guard key.metric != .requests else { return 0 }
        return open.filter { key.scope.covers($0.demand) }.reduce(0) { $0 + Int(units(key, $1.estimate)) }
    }

    func spent(_ scope: LimitScope, _ period: LimitPeriod) -> Money {
        let now = span(period)
        return costs.filter { scope.covers($0.demand) && now.contains($0.reservedAt) }
            .reduce(.zero) { $0 + $1.amount }
    }

    func reserved(_ scope: LimitScope, _ period: LimitPeriod) -> Money {
        let now = span(period)
        return open.filter { scope.covers($0.demand) && now.contains($0.reservedAt) }
            .reduce(.zero) { $0 + ($1.demand.worstCost ?? .zero) }
    }

    private func calls(at scope: LimitScope) -> Int { open.count { scope.covers($0.demand) } }

    private func keys(of demand: Demand) -> [Key] { keys.filter { $0.scope.covers(demand) } }

    private func bucketKeys(of demand: Demand) -> [Key] { keys(of: demand).filter { $0.metric != nil } }

    /// The buckets in force that a call has taken from.
    private func keysToGiveBack(_ reservation: Reservation) -> [Key] {
        bucketKeys(of: reservation.demand).filter { taken[reservation]?.contains($0) == true }
    }

    // MARK: - Arithmetic

    private func units(_ key: Key, _ estimate: TokenEstimate) -> Int64 {
        switch key.metric {
        case .requests: 1
        case .tokens: Int64(estimate.input + estimate.output)
        case .inputTokens: Int64(estimate.input)
        case .outputTokens, nil: Int64(estimate.output)
        }
    }

    /// In milliseconds.
    private func period(_ key: Key) -> Int128 {
        guard case .bucket(_, let period) = key.key else { return 1 }
        switch period {
        case .second: return 1_000
        case .minute: return 60_000
        case .hour: return 3_600_000
        case .day: return 86_400_000
        case .month: return 30 * 86_400_000
        }
    }

    /// What is in a bucket now, in units times milliseconds of its period.
    private func level(_ key: Key) -> Int128 {
        let limit = Int128(limit(key) ?? 0)
        let full = limit * period(key)
        guard let bucket = buckets[key], bucket.capacity > 0 else { return full }
        let kept = min(bucket.level * limit / bucket.capacity, full)
        return min(kept + Int128(max(0, elapsed(bucket))) * limit, full)
    }

    /// Milliseconds since a bucket was kept.
    private func elapsed(_ bucket: Bucket) -> Int64 {
        let now = time.now()
        if bucket.bootID == time.bootID { return now.sinceBoot / 1_000 - bucket.moment.sinceBoot / 1_000 }
        return now.wall / 1_000 - bucket.moment.wall / 1_000
    }

    /// The clock hour, day or month in UTC that it is now.
    private func span(_ period: LimitPeriod) -> Range<Int64> {
        let now = time.now().wall
        let length: Int64 = period == .hour ? 3_600_000_000 : 86_400_000_000
        let start = now / length * length
        guard period == .month else { return start..<(start + length) }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let month = calendar.dateInterval(of: .month, for: Date(timeIntervalSince1970: Double(now) / 1e6))
        guard let month else { return start..<(start + length) }
        return Int64(month.start.timeIntervalSince1970) * 1_000_000..<Int64(month.end.timeIntervalSince1970) * 1_000_000
    }
}

extension LimiterModel.Key {
    var metric: LimitMetric? { if case .bucket(let metric, _) = key { metric } else { nil } }
}

extension LimitScope {
    func covers(_ demand: Demand) -> Bool {
        switch self {
        case .global: true
        case .provider(let name): demand.provider == name
        case .model(let name): demand.model == name
        case .role(let role): demand.origin.role == role
        }
    }
}

extension LimitChange {
    /// Whether the change holds where no session ends.
    fileprivate func holds(at wall: Int64) -> Bool { if case .at(let end) = end { end > wall } else { true } }
}
