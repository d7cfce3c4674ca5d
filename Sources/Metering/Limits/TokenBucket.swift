/// A token bucket in integers: it holds at most `capacity` units and refills continuously with `limit` units a period.
///
/// In any stretch of one period at most `capacity + limit` units pass. Levels are counted in drops, of which a unit
/// has as many as the period has milliseconds, so that each millisecond brings exactly `limit` drops and nothing is
/// ever rounded. Every operation takes constant time.
struct TokenBucket: Hashable {
    /// Units that a period brings.
    let limit: Int64
    let capacity: Int64
    /// The period in milliseconds.
    let period: Int64
    /// What is in the bucket, in drops: up to `capacity * period`. Below 0 when more was used than had been taken.
    private(set) var level: Int64

    /// The largest limit and capacity that fit the arithmetic for every period.
    static let largestLimit: Int64 = 1_000_000_000

    /// The furthest below empty that a bucket goes, in drops: what the largest bucket holds.
    private static let largestDebt: Int64 = largestLimit * 31 * 86_400_000

    /// Makes a full bucket. Limit and capacity are brought into 0 … ``largestLimit``, the period to at most 31 days.
    init(limit: Int64, capacity: Int64, periodMilliseconds: Int64) {
        self.limit = min(max(limit, 0), Self.largestLimit)
        self.capacity = min(max(capacity, 0), Self.largestLimit)
        period = min(max(periodMilliseconds, 1), 31 * 86_400_000)
        level = self.capacity * period
    }

    /// Sets the level to what was kept of this bucket; when its capacity was another then, in proportion.
    mutating func restore(level kept: Int64, capacity keptCapacity: Int64) {
        guard keptCapacity > 0 else { return }
        let scaled = Int128(kept) * Int128(capacity) / Int128(keptCapacity)
        level = Int64(min(max(scaled, Int128(-Self.largestDebt)), Int128(capacity * period)))
    }

    /// Adds what a stretch of time brings. A negative stretch brings nothing.
    mutating func refill(milliseconds: Int64) {
        let brought = Int128(max(0, milliseconds)) * Int128(limit)
        level = Int64(min(Int128(level) + brought, Int128(capacity * period)))
    }

    /// Whole units that are left; 0 while more was used than had been taken.
    var remaining: Int64 { max(0, level) / period }

    /// Milliseconds until `units` are there: 0 when they are, nil when they never fit.
    func wait(for units: Int64) -> Int64? {
        guard units <= capacity else { return nil }
        let missing = max(0, units) * period - level
        return time(toBring: missing)
    }

    /// Milliseconds until the bucket is full: 0 when it is, nil when it never will be.
    var waitUntilFull: Int64? { time(toBring: capacity * period - level) }

    private func time(toBring drops: Int64) -> Int64? {
        guard drops > 0 else { return 0 }
        return limit > 0 ? (drops + limit - 1) / limit : nil
    }

    /// Whether units are there.
    func holds(_ units: Int64) -> Bool { units <= capacity && max(0, units) * period <= level }

    /// Takes units when they are there.
    mutating func take(_ units: Int64) -> Bool {
        guard units >= 0, holds(units) else { return false }
        level -= units * period
        return true
    }

    /// Takes units that were used beyond those that had been taken, whether they are there or not.
    mutating func charge(_ units: Int64) {
        let used = Int128(max(0, units)) * Int128(period)
        level = Int64(max(Int128(level) - used, Int128(-Self.largestDebt)))
    }

    /// Takes what is there beyond some units.
    mutating func lower(to units: Int64) {
        level = Int64(min(Int128(level), Int128(max(0, units)) * Int128(period)))
    }

    /// Gives units back that were taken and not used; a negative number was used beyond what had been taken.
    mutating func giveBack(orCharge units: Int64) {
        if units > 0 { giveBack(units) } else { charge(0 - max(units, -.max)) }
    }

    /// Gives units back that were taken and not used.
    mutating func giveBack(_ units: Int64) {
        let returned = Int128(max(0, units)) * Int128(period)
        level = Int64(min(Int128(level) + returned, Int128(capacity * period)))
    }
}
