import Configuration
public import Core
import GRDB

extension CostTracker {
    /// Running sums of the ledger over the present session, if there is one, today and all time.
    ///
    /// A call belongs to the day in which it was reserved, as budgets count it. Reads no row of the ledger itself.
    public func tallies(of session: ULID?) throws(LedgerError) -> Tallies {
        let now = ledger.time.now().wall
        let day = quarters(of: .day, at: now)
        let tallies = try ledger.read { database in
            var tallies = Tallies()
            if let session { tallies.session = try Self.tallies(of: session.description, in: database) }
            tallies.today = try Self.tallies(in: day, database)
            tallies.all = try Self.tallies(of: Ledger.allTime, in: database)
            return tallies
        }
        return tallies ?? Tallies()
    }

    /// The same over the month: a matter of milliseconds for thousands of calls.
    public func monthTallies() throws(LedgerError) -> [Tally] {
        let month = quarters(of: .month, at: ledger.time.now().wall)
        return try ledger.read { database in try Self.tallies(in: month, database) } ?? []
    }

    /// How fast the models answered lately: see ``Pace``. Reads ``Pace/window`` rows of the ledger at most.
    public func paces() throws(LedgerError) -> [Pace] {
        let samples = try ledger.read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT provider, model, latency_ms, output_tokens, is_estimated FROM ledger
                        WHERE id > (SELECT max(id) FROM ledger) - ? AND source = 'provider' AND outcome = 'answered'
                        ORDER BY id DESC
                        """), arguments: [Pace.window]
            ).map { row in
                let isEstimated: Bool = try row.value(at: 4)
                return PaceSample(
                    provider: try row.value(at: 0), model: try row.value(at: 1),
                    latencyMilliseconds: try row.value(at: 2), outputTokens: isEstimated ? nil : try row.value(at: 3))
            }
        }
        return Pace.paces(of: samples ?? [])
    }

    private static func tallies(of span: String, in database: Database) throws -> [Tally] {
        try tallies(where: "span = ?", [span], in: database)
    }

    /// The bounds are whole numbers, which come before all texts, so that no other span is among them.
    static func tallies(in quarters: Range<Int64>, _ database: Database) throws -> [Tally] {
        try tallies(where: "span >= ? AND span < ?", [quarters.lowerBound, quarters.upperBound], in: database)
    }

    private static func tallies(
        where condition: String, _ arguments: StatementArguments, in database: Database
    ) throws -> [Tally] {
        let counts = ["count", "unpriced", "input_tokens", "cached_input_tokens", "output_tokens", "saved_tokens"]
        let money = ["cost", "estimated_cost", "saved_cost"]
        let sums = (counts.map { "sum(\($0))" } + money.map(SQLSum.expression)).joined(separator: ", ")
        let rows = try Row.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT provider, model, role, loop, lookup, cause, \(sums) FROM usage WHERE \(condition)
                    GROUP BY provider, model, role, loop, lookup, cause
                    """), arguments: arguments)
        return try rows.map(Tally.init)
    }

    private func quarters(of period: LimitPeriod, at wall: Int64) -> Range<Int64> {
        let bounds = bounds(of: period, at: wall)
        return BudgetPeriod.quarter(of: bounds.lowerBound)..<BudgetPeriod.quarter(of: bounds.upperBound)
    }
}

extension Tally {
    fileprivate init(row: Row) throws {
        self.init(
            provider: try row.value(at: 0), model: try row.value(at: 1), role: try row.value(at: 2),
            loop: try row.value(at: 3), lookup: Lookup(rawValue: try row.value(at: 4)) ?? .none,
            cause: try row.value(at: 5), count: try row.count(at: 6), unpriced: try row.count(at: 7),
            inputTokens: try row.count(at: 8), cachedInputTokens: try row.count(at: 9),
            outputTokens: try row.count(at: 10), cost: try SQLSum.money(row, at: 12),
            estimated: try SQLSum.money(row, at: 14), saved: try SQLSum.money(row, at: 16),
            savedTokens: try row.count(at: 11))
    }
}
