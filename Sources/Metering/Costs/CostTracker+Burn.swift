public import Core
import GRDB

extension CostTracker {
    /// Dollars an hour at some scopes: over the last ten minutes, and over a whole session. Rates of nothing are left
    /// out.
    public func rates(at scopes: [LimitScope], in session: SessionSummary) throws(LedgerError) -> [LimitScope: [Money]]
    {
        let now = ledger.time.now().wall
        let window = Self.burnWindow(sessionStartedAt: session.startedAt, now: now)
        let rates = try ledger.read { database in
            try Set(scopes).reduce(into: [LimitScope: [Money]]()) { rates, scope in
                let recent = try SQLSum.money(
                    database, "cost", from: "ledger WHERE \(scope.attemptFilter) AND settled_at > ?",
                    arguments: [scope.name, now - window])
                let whole = try SQLSum.money(
                    database, "cost", from: "usage WHERE \(scope.attemptFilter) AND span = ?",
                    arguments: [scope.name, session.id.description])
                rates[scope] = [Self.perHour(recent, over: window), perHour(whole, since: session.startedAt)]
                    .compactMap { $0 }
            }
        }
        return rates ?? [:]
    }
}
