public import Core
import GRDB

extension CostTracker {
    /// The ledger's rows of a stretch of days, a page at a time: those after a place, at most so many, from 1.
    ///
    /// Daily sums of older rows come first. Rows that are written meanwhile are on a later page. Throws when rows became
    /// sums since the place was given: then nobody could tell which of them were on a page.
    public func ledgerPage(
        from first: CalendarDay? = nil, to last: CalendarDay? = nil, after place: LedgerPlace? = nil,
        atMost count: Int = 500
    ) throws(LedgerError) -> LedgerPage {
        let bounds = bounds(from: first, to: last)
        return try ledger.read { database in
            let edition = try DailySums.edition(in: database)
            if let place, place.edition != edition { throw LedgerError(code: .changed, path: "ledger.db", cause: "") }
            let isInSums = place?.isSum ?? true
            var lines: [LedgerLine] = []
            if isInSums {
                lines += try Self.rows(of: "daily_sums", after: place?.row ?? 0, bounds, count + 1, database)
                    .map(LedgerLine.init(sum:))
            }
            if lines.count <= count {
                let start = isInSums ? 0 : place?.row ?? 0
                lines += try Self.rows(of: "ledger", after: start, bounds, count + 1 - lines.count, database)
                    .map(LedgerLine.init(row:))
            }
            var page = LedgerPage()
            page.lines = Array(lines.prefix(count))
            page.next = lines.count > count ? page.lines.last.map { LedgerPlace(after: $0, edition: edition) } : nil
            return page
        } ?? LedgerPage()
    }

    /// The rows of one request, in the order in which they were written. Looks through the whole ledger.
    public func lines(ofRequest request: ULID) throws(LedgerError) -> [LedgerLine] {
        try ledger.read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM ledger WHERE request = ? ORDER BY id", arguments: [request.description]
            ).map(LedgerLine.init(row:))
        } ?? []
    }

    /// The newest rows of a role among the ledger's last 5,000, the newest first.
    public func lines(of role: RoleName, atMost count: Int) throws(LedgerError) -> [LedgerLine] {
        try ledger.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM ledger WHERE id > (SELECT max(id) FROM ledger) - 5000 AND role = ?
                    ORDER BY id DESC LIMIT ?
                    """, arguments: [role.rawValue, count]
            ).map(LedgerLine.init(row:))
        } ?? []
    }

    private static func rows(
        of table: String, after row: Int64, _ bounds: Range<Int64>, _ count: Int, _ database: Database
    ) throws -> [Row] {
        try Row.fetchAll(
            database,
            sql: "SELECT * FROM \(table) WHERE id > ? AND reserved_at >= ? AND reserved_at < ? ORDER BY id LIMIT ?",
            arguments: [row, bounds.lowerBound, bounds.upperBound, count])
    }
}

extension LedgerPlace {
    fileprivate init(after line: LedgerLine, edition: Int64) {
        self.init(row: line.id, isSum: line.sumOf != nil, edition: edition)
    }
}

/// Reads a row's columns as far as they can be read; never traps.
private struct Columns {
    var row: Row

    func text(_ column: String) -> String { String.fromDatabaseValue(row[column]) ?? "" }
    func count(_ column: String) -> Int { Int.fromDatabaseValue(row[column]) ?? 0 }
    func flag(_ column: String) -> Bool { count(column) != 0 }

    func money(_ column: String) -> Money? {
        Int64.fromDatabaseValue(row[column]).map { Money(picodollars: $0) }
    }

    func sum(_ column: String) -> Money {
        Money(picodollars: Int128(count("\(column)_millions")) * 1_000_000 + Int128(count("\(column)_rest")))
    }

    /// What was billed.
    var usage: Usage {
        guard text("source") == AnswerSource.provider.rawValue else { return .zero }
        return Usage(
            inputTokens: count("input_tokens"), cachedInputTokens: count("cached_input_tokens"),
            cacheWriteTokens: count("cache_write_tokens"), cacheWriteHourTokens: count("cache_write_hour_tokens"),
            outputTokens: count("output_tokens"), reasoningTokens: count("reasoning_tokens"), images: count("images"),
            characters: count("characters"))
    }
}

extension LedgerLine {
    fileprivate init(row: Row) {
        let read = Columns(row: row)
        self.init(
            id: Int64(read.count("id")), time: Int64(read.count("reserved_at")), session: read.text("session"),
            run: read.text("run"), request: read.text("request"), loop: read.text("loop"), step: read.text("step"),
            role: read.text("role"), provider: read.text("provider"), model: read.text("model"),
            source: read.text("source"), lookup: read.text("lookup"),
            missCause: String.fromDatabaseValue(row["miss_cause"]), outcome: read.text("outcome"), usage: read.usage,
            cost: read.money("cost"), isEstimated: read.flag("is_estimated"),
            savedCost: read.money("saved_cost") ?? .zero, savedTokens: read.count("saved_tokens"),
            latencyMilliseconds: read.count("latency_ms"), sumOf: nil)
    }

    fileprivate init(sum row: Row) {
        let read = Columns(row: row)
        let cause = read.text("miss_cause")
        self.init(
            id: Int64(read.count("id")), time: Int64(read.count("reserved_at")), session: "", run: "", request: "",
            loop: read.text("loop"), step: "", role: read.text("role"), provider: read.text("provider"),
            model: read.text("model"), source: read.text("source"), lookup: read.text("lookup"),
            missCause: cause.isEmpty ? nil : cause, outcome: read.text("outcome"), usage: read.usage,
            cost: read.flag("is_priced") ? read.sum("cost") : nil, isEstimated: read.flag("is_estimated"),
            savedCost: read.sum("saved"), savedTokens: read.count("saved_tokens"),
            latencyMilliseconds: read.count("latency_ms"), sumOf: read.count("rows"))
    }
}
