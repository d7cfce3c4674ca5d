public import Configuration
public import Core
import Foundation
import GRDB
import Synchronization

/// Makes exact daily sums of the ledger's old rows, as `costs.keep_rows_days` says. No report changes by it.
///
/// Rows stay that a report needs whole: those of the newest session and of sessions that run, and those of a request
/// whose tries belong to several days, providers, models, roles or loops, which is one call in their total.
public final class DailySums: Sendable {
    private struct State {
        /// Where the pass over all sessions has come to.
        var session = ""
        var request = ""
        /// When the last pass ended, by the boot clock.
        var doneAt: Int64?
    }

    private let ledger: Ledger
    private let settings: RateLimitSettings
    private let keptDays: Int
    private let interval: Int64
    private let state = Mutex(State())

    /// How many requests a slice takes at most, so that it holds nobody up.
    static let sliceSize = 200

    /// `keepRowsDays` 0 keeps rows for ever. A pass over the ledger begins that many seconds after the last one ended.
    public init(ledger: Ledger, settings: RateLimitSettings, keepRowsDays: Int, intervalSeconds: Int) {
        self.ledger = ledger
        self.settings = settings
        keptDays = keepRowsDays
        interval = Int64(intervalSeconds) * 1_000_000
    }

    /// Sums up the next slice of old rows in one transaction, when a pass is due; returns how many rows it were.
    ///
    /// `isAlive` tells whether the process of a session still runs. Does nothing while another task does the same.
    @discardableResult
    public func sumSlice(isAlive: (ULID) -> Bool) throws(LedgerError) -> Int {
        guard keptDays > 0 else { return 0 }
        let result = state.withLockIfAvailable { state in
            Result { () throws(LedgerError) in try sumSlice(&state, isAlive: isAlive) }
        }
        return try result?.get() ?? 0
    }

    /// What tells that rows became sums: it grows with them.
    static func edition(in database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT value FROM counters WHERE name = 'summed_rows'") ?? 0
    }

    private func sumSlice(_ state: inout State, isAlive: (ULID) -> Bool) throws(LedgerError) -> Int {
        let now = ledger.time.now()
        if let doneAt = state.doneAt, now.sinceBoot - doneAt < interval { return 0 }
        state.doneAt = nil
        let cutoff = settings.day(at: now.wall - Int64(keptDays) * 86_400_000_000).lowerBound
        guard let session = try nextSession(state, before: cutoff, isAlive: isAlive) else {
            state = State(doneAt: now.sinceBoot)
            return 0
        }
        let after = session == state.session ? state.request : ""
        let slice = try ledger.write { database in
            try Days(self.settings).offered(to: database) {
                try Slice(of: session, after: after, before: cutoff, in: database).sumUp(in: database)
            }
        }
        // A session that is through is passed by the next look.
        (state.session, state.request) = (session, slice.last ?? Self.end)
        return slice.rows
    }

    /// Comes after every request.
    private static let end = "~"

    /// The session that the pass is at, or the next one with rows that may be old and that nobody looks at whole.
    private func nextSession(
        _ state: State, before cutoff: Int64, isAlive: (ULID) -> Bool
    ) throws(LedgerError) -> String? {
        if !state.session.isEmpty, state.request != Self.end { return state.session }
        let limit = ULID.lowest(at: cutoff)
        return try ledger.read { database -> String? in
            let newest = try String.fetchOne(
                database, sql: "SELECT id FROM sessions ORDER BY started_at DESC, id DESC LIMIT 1")
            var session = state.session
            while let next = try String.fetchOne(
                database.cachedStatement(sql: "SELECT min(session) FROM ledger WHERE session > ? AND session < ?"),
                arguments: [session, limit])
            {
                session = next
                if next != newest, ULID(next).map({ !isAlive($0) }) ?? true { return next }
            }
            return nil
        } ?? nil
    }
}

/// Some requests of a session, in the order of their ids, with all their rows.
private struct Slice {
    private var session: String
    private var cutoff: Int64
    /// The last request that was looked at; nil when there are no more.
    private(set) var last: String?
    /// The requests that can be summed up, and the first row of each.
    private var requests: [String] = []
    private var firstRows: [Int64] = []
    private(set) var rows = 0

    init(of session: String, after request: String, before cutoff: Int64, in database: Database) throws {
        self.session = session
        self.cutoff = cutoff
        let isAlike = ["\(Days.middle)(reserved_at)", "loop", "role", "provider", "model"]
            .map { "min(\($0)) = max(\($0))" }.joined(separator: " AND ")
        let found = try Row.fetchAll(
            database,
            sql: """
                SELECT request, min(id), max(reserved_at) < ? AND \(isAlike)
                    AND request NOT IN (SELECT request FROM attempts)
                FROM ledger WHERE session = ? AND request > ? GROUP BY request ORDER BY request LIMIT ?
                """, arguments: [cutoff, session, request, DailySums.sliceSize])
        for row in found where try row.value(at: 2) {
            requests.append(try row.value(at: 0))
            firstRows.append(try row.value(at: 1))
        }
        last = found.count == DailySums.sliceSize ? try found.last?.value(at: 0) : nil
    }

    /// Moves the rows into the sums.
    func sumUp(in database: Database) throws -> Slice {
        guard !requests.isEmpty else { return self }
        let (requests, firstRows) = (try Self.list(requests), try Self.list(firstRows))
        try database.execute(sql: Self.adding, arguments: [firstRows, session, requests])
        try database.execute(
            sql: "DELETE FROM ledger WHERE session = ? AND request IN (SELECT value FROM json_each(?))",
            arguments: [session, requests])
        var done = self
        done.rows = database.changesCount
        try database.execute(
            sql: """
                INSERT INTO counters VALUES ('summed_rows', ?) ON CONFLICT DO UPDATE SET value = value + excluded.value
                """, arguments: [done.rows])
        return done
    }

    private static func list(_ values: [some Encodable]) throws -> String {
        String(decoding: try JSONEncoder().encode(values), as: UTF8.self)
    }

    private static let adding: String = {
        let names = ["loop", "role", "provider", "model", "source", "lookup"]
        let counts = [
            "latency_ms", "input_tokens", "cached_input_tokens", "cache_write_tokens", "cache_write_hour_tokens",
            "output_tokens", "reasoning_tokens", "images", "characters",
        ]
        let keys =
            ["\(Days.middle)(reserved_at)"] + names + [
                "coalesce(miss_cause, '')", "outcome", "is_estimated", "cost IS NOT NULL",
            ]
        let sums =
            ["count(*)", "sum(id IN (SELECT value FROM json_each(?)))"] + counts.map { "sum(\($0))" } + [
                "coalesce(sum(cost / 1000000), 0)", "coalesce(sum(cost % 1000000), 0)", "sum(saved_cost / 1000000)",
                "sum(saved_cost % 1000000)", "sum(saved_tokens)",
            ]
        let added =
            ["rows", "requests"] + counts + [
                "cost_millions", "cost_rest", "saved_millions", "saved_rest", "saved_tokens",
            ]
        return """
            INSERT INTO daily_sums SELECT NULL, \((keys + sums).joined(separator: ", "))
            FROM ledger WHERE session = ? AND request IN (SELECT value FROM json_each(?))
            GROUP BY \(keys.indices.map { "\($0 + 2)" }.joined(separator: ", "))
            ON CONFLICT DO UPDATE SET \(added.map { "\($0) = \($0) + excluded.\($0)" }.joined(separator: ", "))
            """
    }()
}

extension ULID {
    /// What sorts before every identifier of that wall time in microseconds, and after every earlier one.
    fileprivate static func lowest(at wall: Int64) -> String {
        ULID(at: Moment(wall: wall, sinceBoot: 0)).description.prefix(10) + String(repeating: "0", count: 16)
    }
}
