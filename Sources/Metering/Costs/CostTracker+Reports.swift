import Configuration
import Core
import Foundation
import GRDB

extension CostTracker {
    /// What was spent from the start of one day to the end of another, by the keys, and in all.
    ///
    /// A call belongs to the day in which it was reserved, as budgets count it. Days follow the configured zone and
    /// start when budgets' days do. One pass over the ledger for the groups and one for the total, of the same rows.
    public func summary(
        by keys: [CostKey], from first: CalendarDay? = nil, to last: CalendarDay? = nil
    ) throws(LedgerError) -> CostSummary {
        let empty = CostSummary(keys: keys, first: first, last: last)
        let bounds = bounds(from: first, to: last)
        let summary = try ledger.read { database -> CostSummary in
            try Days(settings).offered(to: database) {
                let arguments: StatementArguments = [bounds.lowerBound, bounds.upperBound]
                let total = try Row.fetchOne(database, sql: Self.sumsSQL(by: []), arguments: arguments)
                let rows = try Row.fetchAll(database, sql: Self.sumsSQL(by: keys), arguments: arguments)
                var summary = empty
                summary.total = try total.map { try CostFigures(row: $0, at: 0) } ?? CostFigures()
                summary.groups = keys.isEmpty ? [] : try rows.map { try CostGroup(row: $0, keys: keys.count) }
                return summary
            }
        }
        return (summary ?? empty).sorted
    }

    private static func sumsSQL(by keys: [CostKey]) -> String {
        let sums = [
            "count(DISTINCT request) + coalesce(sum(requests), 0)", "sum(rows * (source != 'provider'))",
            "sum(written)", "sum(cached)", "sum(output)", "sum(cost_millions)", "sum(cost_rest)",
            "sum(rows * (1 - is_priced))", "sum(cost_millions * is_estimated)", "sum(cost_rest * is_estimated)",
            "sum(saved_millions)", "sum(saved_rest)",
        ]
        let columns = (keys.map(\.expression) + sums).joined(separator: ", ")
        let places = keys.indices.map { "\($0 + 1)" }.joined(separator: ", ")
        return "SELECT \(columns) FROM (\(rowsAndDailySums)) WHERE reserved_at >= ? AND reserved_at < ?"
            + (keys.isEmpty ? "" : " GROUP BY \(places)")
    }

    /// The ledger's rows and the daily sums of older ones in one form. Only what was billed counts as tokens.
    private static let rowsAndDailySums: String = {
        let keys = "reserved_at, provider, model, role, loop, source, is_estimated"
        let written = "(input_tokens + cache_write_tokens + cache_write_hour_tokens)"
        let tokens = [(written, "written"), ("cached_input_tokens", "cached"), ("output_tokens", "output")]
            .map { "\($0) * (source = 'provider') AS \($1)" }.joined(separator: ", ")
        return """
            SELECT \(keys), \(tokens), request, 0 AS requests, 1 AS rows, cost IS NOT NULL AS is_priced,
                cost / 1000000 AS cost_millions, cost % 1000000 AS cost_rest,
                saved_cost / 1000000 AS saved_millions, saved_cost % 1000000 AS saved_rest FROM ledger
            UNION ALL
            SELECT \(keys), \(tokens), NULL, requests, rows, is_priced, cost_millions, cost_rest, saved_millions,
                saved_rest FROM daily_sums
            """
    }()

    func bounds(from first: CalendarDay?, to last: CalendarDay?) -> Range<Int64> {
        let start = first.map { bounds(of: $0).lowerBound } ?? .min
        let end = last.map { bounds(of: $0).upperBound } ?? .max
        return start..<max(start, end)
    }

    private func bounds(of day: CalendarDay) -> Range<Int64> {
        // The last minute of a date belongs to its day, at whatever hour days start.
        let minute = DateComponents(year: day.year, month: day.month, day: day.day, hour: 23, minute: 59)
        let date = settings.calendar.date(from: minute) ?? Date(timeIntervalSince1970: 0)
        return settings.day(at: Int64(date.timeIntervalSince1970) * 1_000_000)
    }
}

extension CostKey {
    fileprivate var expression: String { self == .day ? "\(Days.name)(reserved_at)" : rawValue }
}

extension CostSummary {
    fileprivate var sorted: CostSummary {
        var result = self
        let isByDay = keys.contains(.day)
        result.groups.sort { left, right in
            if !isByDay, left.figures.cost != right.figures.cost { return left.figures.cost > right.figures.cost }
            return left.names.lexicographicallyPrecedes(right.names)
        }
        return result
    }
}

extension CostGroup {
    fileprivate init(row: Row, keys: Int) throws {
        let names = (0..<keys).map { String.fromDatabaseValue(row[$0]) ?? "" }
        self.init(names: names, figures: try CostFigures(row: row, at: keys))
    }
}

extension CostFigures {
    /// Reads the sums from a column on.
    fileprivate init(row: Row, at first: Int) throws {
        func count(_ index: Int) -> Int { Int.fromDatabaseValue(row[first + index]) ?? 0 }
        calls = count(0)
        hits = count(1)
        inputTokens = count(2)
        cachedInputTokens = count(3)
        outputTokens = count(4)
        cost = try SQLSum.money(row, at: first + 5)
        unpriced = count(7)
        estimated = try SQLSum.money(row, at: first + 8)
        saved = try SQLSum.money(row, at: first + 10)
    }
}
