import Configuration
import Core
import Foundation
import GRDB
import Synchronization

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
        let days = DayNames(settings).databaseFunction
        let summary = try ledger.read { database -> CostSummary in
            database.add(function: days)
            defer { database.remove(function: days) }
            let arguments: StatementArguments = [bounds.lowerBound, bounds.upperBound]
            let total = try Row.fetchOne(database, sql: Self.sumsSQL(by: []), arguments: arguments)
            let rows = try Row.fetchAll(database, sql: Self.sumsSQL(by: keys), arguments: arguments)
            var summary = empty
            summary.total = try total.map { try CostFigures(row: $0, at: 0) } ?? CostFigures()
            summary.groups = keys.isEmpty ? [] : try rows.map { try CostGroup(row: $0, keys: keys.count) }
            return summary
        }
        return (summary ?? empty).sorted
    }

    /// The ledger's rows of a stretch of days, a page at a time: those after a row, at most so many, from 1.
    ///
    /// Rows that are written meanwhile are on a later page.
    public func ledgerPage(
        from first: CalendarDay? = nil, to last: CalendarDay? = nil, after row: Int64 = 0, atMost count: Int = 500
    ) throws(LedgerError) -> LedgerPage {
        let bounds = bounds(from: first, to: last)
        let rows = try ledger.read { database -> [Row] in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM ledger WHERE id > ? AND reserved_at >= ? AND reserved_at < ? ORDER BY id LIMIT ?",
                arguments: [row, bounds.lowerBound, bounds.upperBound, count + 1])
        }
        var page = LedgerPage()
        page.lines = (rows ?? []).prefix(count).map(LedgerLine.init)
        page.next = (rows ?? []).count > count ? page.lines.last?.id : nil
        return page
    }

    private static func sumsSQL(by keys: [CostKey]) -> String {
        let written = "(input_tokens + cache_write_tokens + cache_write_hour_tokens)"
        let billed = [written, "cached_input_tokens", "output_tokens"].map {
            "sum(\($0) * (source = 'provider'))"
        }
        let counts = ["count(DISTINCT request)", "sum(source != 'provider')"] + billed
        let money = [
            SQLSum.expression("cost"), "sum(cost IS NULL)", SQLSum.expression("cost * is_estimated"),
            SQLSum.expression("saved_cost"),
        ]
        let columns = (keys.map(\.expression) + counts + money).joined(separator: ", ")
        let places = keys.indices.map { "\($0 + 1)" }.joined(separator: ", ")
        return "SELECT \(columns) FROM ledger WHERE reserved_at >= ? AND reserved_at < ?"
            + (keys.isEmpty ? "" : " GROUP BY \(places)")
    }

    private func bounds(from first: CalendarDay?, to last: CalendarDay?) -> Range<Int64> {
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
    fileprivate var expression: String { self == .day ? "\(DayNames.function)(reserved_at)" : rawValue }
}

/// Names the days of wall times as SQL can ask for them.
private final class DayNames: Sendable {
    static let function = "questfoundry_day"

    private let settings: RateLimitSettings
    /// The day that was named last: neighbouring rows mostly are of one.
    private let latest = Mutex<(bounds: Range<Int64>, name: String)?>(nil)

    init(_ settings: RateLimitSettings) { self.settings = settings }

    var databaseFunction: DatabaseFunction {
        DatabaseFunction(Self.function, argumentCount: 1, pure: true) { [self] values in
            guard let wall = Int64.fromDatabaseValue(values[0]) else { return nil }
            return name(of: wall)
        }
    }

    private func name(of wall: Int64) -> String {
        latest.withLock { latest in
            if let known = latest, known.bounds.contains(wall) { return known.name }
            let bounds = settings.day(at: wall)
            let start = Date(timeIntervalSince1970: Double(bounds.lowerBound) / 1e6)
            let name = CalendarDay(start, in: settings.calendar).description
            latest = (bounds: bounds, name: name)
            return name
        }
    }
}

extension RateLimitSettings {
    fileprivate var calendar: Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        return calendar
    }

    fileprivate func day(at wall: Int64) -> Range<Int64> {
        BudgetPeriod.bounds(.day, at: wall, zone: timeZone, dayStartsAt: dayStartsAt)
    }
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

extension LedgerLine {
    /// Reads a row as far as it can be read; never traps.
    fileprivate init(row: Row) {
        func text(_ column: String) -> String { String.fromDatabaseValue(row[column]) ?? "" }
        func count(_ column: String) -> Int { Int.fromDatabaseValue(row[column]) ?? 0 }
        func money(_ column: String) -> Money? {
            Int64.fromDatabaseValue(row[column]).map { Money(picodollars: $0) }
        }
        let isBilled = text("source") == AnswerSource.provider.rawValue
        let usage = Usage(
            inputTokens: count("input_tokens"), cachedInputTokens: count("cached_input_tokens"),
            cacheWriteTokens: count("cache_write_tokens"), cacheWriteHourTokens: count("cache_write_hour_tokens"),
            outputTokens: count("output_tokens"), reasoningTokens: count("reasoning_tokens"), images: count("images"),
            characters: count("characters"))
        self.init(
            id: Int64(count("id")), time: Int64(count("reserved_at")), session: text("session"), run: text("run"),
            request: text("request"), loop: text("loop"), step: text("step"), role: text("role"),
            provider: text("provider"), model: text("model"), source: text("source"), lookup: text("lookup"),
            missCause: String.fromDatabaseValue(row["miss_cause"]), outcome: text("outcome"),
            usage: isBilled ? usage : .zero, cost: money("cost"), isEstimated: count("is_estimated") != 0,
            savedCost: money("saved_cost") ?? .zero, savedTokens: count("saved_tokens"),
            latencyMilliseconds: count("latency_ms"))
    }
}
