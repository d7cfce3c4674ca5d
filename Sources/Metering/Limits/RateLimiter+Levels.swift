import Configuration
public import Core
import Foundation
import GRDB

/// One limit of requests, tokens or calls under way, as it stands.
public struct LimitStanding: Hashable, Sendable {
    public var scope: LimitScope
    /// `requests`, `tokens`, `input_tokens`, `output_tokens` or `concurrent`.
    public var metric: String
    /// `second` … `month`; nil for calls under way.
    public var period: String?
    public var limit: Int
    public var capacity: Int
    public var remaining: Int
    /// What calls under way have taken by estimate.
    public var reserved: Int
    public var refillPerSecond: Double
    /// The wall time at which the bucket will be full; nil when it is.
    public var fullAt: Int64?
    /// Requests of this process that are held up here.
    public var waiting: Int
}

/// One budget as it stands.
public struct BudgetStanding: Hashable, Sendable {
    public var scope: LimitScope
    public var period: String
    public var limit: Money
    public var spent: Money
    /// What calls under way may still cost.
    public var reserved: Money
    public var resetsAt: Int64
}

extension RateLimiter {
    /// Every limit and budget of the configuration, as it stands now.
    public func standings() throws(LedgerError) -> Standings {
        var standings = try store.standings(at: time.now())
        for index in standings.limits.indices {
            let limit = standings.limits[index]
            standings.limits[index].waiting = line.count(at: limit.scope, key: limit.key)
        }
        return standings
    }
}

extension RateLimitSettings {
    /// The calendar period of the settings' zone that holds a wall time.
    func bounds(of period: LimitPeriod, at wall: Int64) -> Range<Int64> {
        BudgetPeriod.bounds(period, at: wall, zone: timeZone, dayStartsAt: dayStartsAt)
    }
}
