import Configuration
import Core
import Foundation
import GRDB

/// A bucket of requests at one scope, as the configuration gives it.
struct RequestLevel: Hashable {
    var scope: LimitScope
    var period: LimitPeriod
    var limit: Int
    var capacity: Int

    var key: String { "requests_per_\(period.rawValue)" }

    /// A request bucket's month is 30 days: buckets refill evenly and know no calendar.
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

    /// The bucket as it stands now: what the database keeps of it, refilled for the time since.
    ///
    /// Within a boot the boot clock tells that time; after a reboot, the wall clock.
    func bucket(in database: Database?, now: Moment, bootID: String) throws -> TokenBucket {
        var bucket = TokenBucket(
            limit: Int64(limit), capacity: Int64(capacity), periodMilliseconds: periodMilliseconds)
        guard
            let row = try database?.cachedStatement(
                sql: "SELECT * FROM buckets WHERE scope = ? AND name = ? AND metric = 'requests' AND period = ?"
            ).fetchRow(arguments: [scope.kind, scope.name, period.rawValue])
        else { return bucket }
        bucket.restore(level: row["level"], capacity: row["capacity"])
        let isSameBoot = (row["boot_id"] as String) == bootID
        let since: Int64 = isSameBoot ? row["since_boot"] : row["wall"]
        bucket.refill(milliseconds: (isSameBoot ? now.sinceBoot : now.wall) / 1_000 - since / 1_000)
        return bucket
    }

    func keep(_ bucket: TokenBucket, in database: Database, now: Moment, bootID: String) throws {
        try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO buckets VALUES (?, ?, 'requests', ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            scope.kind, scope.name, period.rawValue, bucket.level, bucket.capacity, bootID, now.sinceBoot, now.wall,
        ])
    }
}

/// A budget of dollars at one scope for a calendar period.
struct BudgetLevel: Hashable {
    var scope: LimitScope
    var period: LimitPeriod
    var limit: Money

    var key: String { "cost_per_\(period.rawValue)" }

    /// What was spent in the period, and what open attempts may still cost.
    func standing(in database: Database?, bounds: Range<Int64>) throws -> (spent: Money, reserved: Money) {
        guard let database else { return (.zero, .zero) }
        let spent = try SQLSum.money(
            database, "cost", from: "spending WHERE scope = ? AND name = ? AND quarter >= ? AND quarter < ?",
            arguments: [
                scope.kind, scope.name, BudgetPeriod.quarter(of: bounds.lowerBound),
                BudgetPeriod.quarter(of: bounds.upperBound),
            ])
        let filter =
            switch scope {
            case .global: "'' = ?"
            case .provider: "provider = ?"
            case .model: "model = ?"
            case .role: "role = ?"
            }
        let reserved = try SQLSum.money(
            database, "worst_cost", from: "attempts WHERE \(filter) AND reserved_at >= ? AND reserved_at < ?",
            arguments: [scope.name, bounds.lowerBound, bounds.upperBound])
        return (spent, reserved)
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
        return row.map { money($0, at: 0) } ?? .zero
    }

    /// The expression that ``money(_:at:)`` reads from two columns.
    static func expression(_ column: String) -> String {
        "sum(\(column) / 1000000), sum(\(column) % 1000000)"
    }

    static func money(_ row: Row, at index: Int) -> Money {
        let whole = (row[index] as Int64?) ?? 0
        let rest = (row[index + 1] as Int64?) ?? 0
        return Money(picodollars: Int128(whole) * 1_000_000 + Int128(rest))
    }
}

extension Statement {
    func fetchRow(arguments: StatementArguments) throws -> Row? { try Row.fetchOne(self, arguments: arguments) }
}
