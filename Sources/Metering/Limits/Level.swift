import Configuration
import Core
import Foundation
import GRDB

/// A token bucket at one scope, as the configuration gives it.
struct BucketLevel: Hashable {
    var scope: LimitScope
    var metric: LimitMetric
    var period: LimitPeriod
    var limit: Int
    var capacity: Int

    /// What stays when the limit changes.
    struct Name: Hashable, Sendable {
        var scope: LimitScope
        var metric: LimitMetric
        var period: LimitPeriod
    }

    var name: Name { Name(scope: scope, metric: metric, period: period) }

    var key: String { "\(metric.rawValue)_per_\(period.rawValue)" }

    /// A bucket's month is 30 days: buckets refill evenly and know no calendar.
    private var periodMilliseconds: Int64 {
        switch period {
        case .second: 1_000
        case .minute: 60_000
        case .hour: 3_600_000
        case .day: 86_400_000
        case .month: 30 * 86_400_000
        }
    }

    var refillPerSecond: Double { Double(limit) * 1_000 / Double(periodMilliseconds) }

    /// A full bucket.
    var full: TokenBucket {
        TokenBucket(limit: Int64(limit), capacity: Int64(capacity), periodMilliseconds: periodMilliseconds)
    }

    /// The bucket as it stands now: what the database keeps of it, refilled for the time since.
    ///
    /// Within a boot the boot clock tells that time; after a reboot, the wall clock.
    func bucket(in database: Database?, now: Moment, bootID: String) throws -> TokenBucket {
        var bucket = full
        guard
            let row = try database?.cachedStatement(
                sql: "SELECT * FROM buckets WHERE scope = ? AND name = ? AND metric = ? AND period = ?"
            ).fetchRow(arguments: [scope.kind, scope.name, metric.rawValue, period.rawValue])
        else { return bucket }
        bucket.restore(level: try row.value("level"), capacity: try row.value("capacity"))
        let isSameBoot = try row.value("boot_id") == bootID
        let since: Int64 = try row.value(isSameBoot ? "since_boot" : "wall")
        bucket.refill(milliseconds: (isSameBoot ? now.sinceBoot : now.wall) / 1_000 - since / 1_000)
        return bucket
    }

    /// Changes the bucket in the database.
    func change(
        in database: Database, now: Moment, bootID: String, _ body: (inout TokenBucket) -> Void
    ) throws {
        var bucket = try bucket(in: database, now: now, bootID: bootID)
        body(&bucket)
        try keep(bucket, in: database, now: now, bootID: bootID)
    }

    /// Counts buckets from now on that were kept at a time which is still to come: after a reboot with the clock set
    /// back they would bring nothing until that time.
    static func forgetTimesToCome(in database: Database, now: Moment, bootID: String) throws {
        try database.cachedStatement(
            sql: """
                UPDATE buckets SET boot_id = ?, since_boot = ?, wall = ?
                WHERE CASE WHEN boot_id = ? THEN since_boot > ? ELSE wall > ? END
                """
        ).execute(arguments: [bootID, now.sinceBoot, now.wall, bootID, now.sinceBoot, now.wall])
    }

    /// How many units open attempts have taken by estimate.
    func reserved(in database: Database?) throws -> Int {
        guard let database else { return 0 }
        let column =
            switch metric {
            case .requests: "0"
            case .tokens: "estimated_input + estimated_output"
            case .inputTokens: "estimated_input"
            case .outputTokens: "estimated_output"
            }
        return try Int.fetchOne(
            database.cachedStatement(
                sql: "SELECT coalesce(sum(\(column)), 0) FROM attempts WHERE \(scope.attemptFilter)"),
            arguments: [scope.name]) ?? 0
    }

    func keep(_ bucket: TokenBucket, in database: Database, now: Moment, bootID: String) throws {
        try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO buckets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            scope.kind, scope.name, metric.rawValue, period.rawValue, bucket.level, bucket.capacity, bootID,
            now.sinceBoot, now.wall,
        ])
    }
}

/// A bound on how many calls may be under way at one scope.
struct ConcurrencyLevel: Hashable {
    var scope: LimitScope
    var limit: Int

    static let key = "max_concurrent"

    /// How many are under way now, in all processes.
    func open(in database: Database?) throws -> Int {
        guard let database else { return 0 }
        return try Int.fetchOne(
            database.cachedStatement(sql: "SELECT count(*) FROM attempts WHERE \(scope.attemptFilter)"),
            arguments: [scope.name]) ?? 0
    }
}

extension LimitScope {
    /// The condition that open attempts of the scope meet, its name the only argument.
    var attemptFilter: String {
        switch self {
        case .global: "'' = ?"
        case .provider: "provider = ?"
        case .model: "model = ?"
        case .role: "role = ?"
        }
    }
}

/// A budget of dollars at one scope for a calendar period.
struct BudgetLevel: Hashable {
    var scope: LimitScope
    var period: LimitPeriod
    var limit: Money

    var key: String { "cost_per_\(period.rawValue)" }

    /// What was spent in a calendar period, and what open attempts may still cost.
    struct Standing: Hashable {
        var bounds: Range<Int64>
        var spent = Money.zero
        var reserved = Money.zero
    }

    func standing(in database: Database?, bounds: Range<Int64>) throws -> Standing {
        guard let database else { return Standing(bounds: bounds) }
        let spent = try SQLSum.money(
            database, "cost", from: "spending WHERE scope = ? AND name = ? AND quarter >= ? AND quarter < ?",
            arguments: [
                scope.kind, scope.name, BudgetPeriod.quarter(of: bounds.lowerBound),
                BudgetPeriod.quarter(of: bounds.upperBound),
            ])
        let reserved = try SQLSum.money(
            database, "worst_cost",
            from: "attempts WHERE \(scope.attemptFilter) AND reserved_at >= ? AND reserved_at < ?",
            arguments: [scope.name, bounds.lowerBound, bounds.upperBound])
        return Standing(bounds: bounds, spent: spent, reserved: reserved)
    }
}

/// Sums of money that cannot overflow SQLite's 64 bits: whole dollars and the rest are added apart.
enum SQLSum {
    static func money(
        _ database: Database, _ column: String, from source: String, arguments: StatementArguments = []
    ) throws -> Money {
        let row = try database.cachedStatement(
            sql: "SELECT \(expression(column)) FROM \(source)"
        ).fetchRow(arguments: arguments)
        return try row.map { try money($0, at: 0) } ?? .zero
    }

    /// The expression that ``money(_:at:)`` reads from two columns.
    static func expression(_ column: String) -> String {
        "sum(\(column) / 1000000), sum(\(column) % 1000000)"
    }

    static func money(_ row: Row, at index: Int) throws -> Money {
        let whole: Int64 = try row.valueIfAny(at: index) ?? 0
        let rest: Int64 = try row.valueIfAny(at: index + 1) ?? 0
        return Money(picodollars: Int128(whole) * 1_000_000 + Int128(rest))
    }
}

extension Statement {
    func fetchRow(arguments: StatementArguments) throws -> Row? { try Row.fetchOne(self, arguments: arguments) }
}
