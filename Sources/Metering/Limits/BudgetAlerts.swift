public import Configuration
public import Core
import GRDB
import Synchronization

/// Watches how much of each budget is spent, and tells each share of `rate_limiting.alerts` once in a budget's period.
///
/// What was told is in the ledger, so that neither a restart nor another process of the workspace tells it again.
public final class BudgetAlerts: Sendable {
    private struct Key: Hashable {
        var scope: LimitScope
        var period: LimitPeriod
        var resetsAt: Int64
        var threshold: Double
    }

    private let ledger: Ledger
    private let settings: RateLimitSettings
    /// What is known to have been told, by whomever.
    private let told = Mutex<Set<Key>>([])

    public init(ledger: Ledger, settings: RateLimitSettings) {
        self.ledger = ledger
        self.settings = settings
    }

    /// What has been passed and nobody was told of yet, the lower shares of a budget first. It counts as told by that.
    ///
    /// What calls under way may still cost is not spent.
    public func passed() throws(LedgerError) -> [BudgetAlert] {
        guard settings.enabled, !settings.alerts.isEmpty else { return [] }
        let now = ledger.time.now().wall
        let passed = try ledger.read { database in try self.passed(now: now, in: database) } ?? []
        let known = told.withLock { told in
            told = told.filter { $0.resetsAt > now }
            return told
        }
        let news = passed.filter { !known.contains($0.key) }
        guard !news.isEmpty else { return [] }
        let untold = try ledger.write { database in
            try database.execute(sql: "DELETE FROM told_alerts WHERE resets_at <= ?", arguments: [now])
            return try news.filter { try Self.isFirst($0.key, in: database) }
        }
        told.withLock { $0.formUnion(news.map(\.key)) }
        return untold.map(\.alert)
    }

    private func passed(now: Int64, in database: Database) throws -> [(key: Key, alert: BudgetAlert)] {
        let levels = LevelTable(settings: settings, changes: try LimitChanges(in: database, now: now))
        return try levels.namedScopes.flatMap(levels.budgets(at:)).flatMap { level in
            let bounds = BudgetPeriod.bounds(
                level.period, at: now, zone: settings.timeZone, dayStartsAt: settings.dayStartsAt)
            let spent = try level.standing(in: database, bounds: bounds).spent
            return settings.alerts(passedBy: spent, of: level.limit).map { threshold in
                let key = Key(
                    scope: level.scope, period: level.period, resetsAt: bounds.upperBound, threshold: threshold)
                let name = level.scope.name
                let alert = BudgetAlert(
                    scope: level.scope.kind, name: name.isEmpty ? nil : name, period: level.period.rawValue,
                    threshold: threshold, spent: spent, limit: level.limit, resetsAt: bounds.upperBound)
                return (key, alert)
            }
        }
    }

    private static func isFirst(_ key: Key, in database: Database) throws -> Bool {
        try database.execute(
            sql: "INSERT OR IGNORE INTO told_alerts VALUES (?, ?, ?, ?, ?)",
            arguments: [key.scope.kind, key.scope.name, key.period.rawValue, key.resetsAt, key.threshold])
        return database.changesCount == 1
    }
}

extension RateLimitSettings {
    /// The shares of a budget that are spent, ascending. A budget of nothing has none: it cannot be spent.
    package func alerts(passedBy spent: Money, of limit: Money) -> [Double] {
        guard limit > .zero else { return [] }
        let share = Double(spent.picodollars) / Double(limit.picodollars)
        return Set(alerts).filter { $0 > 0 && share >= $0 }.sorted()
    }
}
