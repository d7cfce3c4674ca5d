public import Core
import Foundation
import GRDB

extension Ledger {
    /// Notes that a session, one process that may generate, has begun. Limits that were changed for it count until it
    /// ends.
    public func beginSession(_ id: ULID, processID: Int32) throws(LedgerError) {
        let now = time.now().wall
        try write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO sessions VALUES (?, ?, ?, NULL)",
                arguments: [id.description, processID, now])
            try LimitChanges.adopt(by: id, in: database)
            // Who asked something was killed before it heard the answer.
            try database.execute(sql: "DELETE FROM controls WHERE asked_at < ?", arguments: [now - 3_600_000_000])
        }
    }

    /// The sessions that have begun and not ended, the newest first; those of processes that are gone among them.
    public func openSessions() throws(LedgerError) -> [ULID] {
        let ids = try read { database in
            try String.fetchAll(
                database, sql: "SELECT id FROM sessions WHERE ended_at IS NULL ORDER BY started_at DESC, id DESC")
        }
        return (ids ?? []).compactMap { ULID($0) }
    }

    public func endSession(_ id: ULID) throws(LedgerError) {
        let now = time.now().wall
        try write { database in
            try database.execute(
                sql: "UPDATE sessions SET ended_at = ? WHERE id = ?", arguments: [now, id.description])
            try LimitChanges.end(with: id.description, in: database)
            try noteLimitChanges(in: database)
        }
    }

    /// Notes that a run, one execution of a loop, has begun. `work` is its order, as ``unfinishedRun()`` gives it back.
    public func beginRun(
        _ id: ULID, session: ULID, loop: String, brief: String, seed: UInt64?, work: JSONValue = .null
    ) throws(LedgerError) {
        let now = time.now().wall
        try write { database in
            try database.execute(
                sql: "INSERT INTO runs VALUES (?, ?, ?, ?, ?, NULL, ?, ?, NULL, ?, 0, 0)",
                arguments: [
                    id.description, session.description, loop, brief, seed.map { String($0) },
                    RunState.running.rawValue, now, work.text(),
                ])
        }
    }

    /// Notes which step a run has come to: those before it are done.
    public func moveRun(_ id: ULID, to step: String, index: Int) throws(LedgerError) {
        try write { database in
            try database.execute(
                sql: "UPDATE runs SET step = ?, position = ? WHERE id = ?", arguments: [step, index, id.description])
        }
    }

    /// The newest run, when it has not come to its end and no process works on it; nil otherwise.
    public func unfinishedRun() throws(LedgerError) -> UnfinishedRun? {
        let run = try read { database -> UnfinishedRun? in
            let sql = "SELECT * FROM runs ORDER BY started_at DESC, id DESC"
            guard let row = try Row.fetchOne(database, sql: sql) else { return nil }
            return try UnfinishedRun(row: row)
        }
        return run ?? nil
    }

    /// Notes that a session goes on with a run. Returns false, and changes nothing, when another one has begun to.
    public func resume(_ run: UnfinishedRun, session: ULID) throws(LedgerError) -> Bool {
        try write { database in
            try database.execute(
                sql: "UPDATE runs SET session = ?, state = ?, ended_at = NULL, is_held = 0 WHERE id = ? AND state = ?",
                arguments: [session.description, RunState.running.rawValue, run.id.description, run.state.rawValue])
            return database.changesCount == 1
        }
    }

    /// Notes that a run under way stands still until somebody lets it go on, or that it goes on.
    public func holdRun(_ id: ULID, _ isHeld: Bool) throws(LedgerError) {
        try write { database in
            try database.execute(
                sql: "UPDATE runs SET is_held = ? WHERE id = ?", arguments: [isHeld, id.description])
        }
    }

    public func endRun(_ id: ULID, state: RunState) throws(LedgerError) {
        let now = time.now().wall
        try write { database in
            try database.execute(
                sql: "UPDATE runs SET state = ?, ended_at = ? WHERE id = ?",
                arguments: [state.rawValue, now, id.description])
        }
    }

    /// Adds events to the journal, all or none.
    public func append(_ records: [SessionEventRecord]) throws(LedgerError) {
        guard !records.isEmpty else { return }
        try write { database in
            let encoder = JSONEncoder()
            let statement = try database.cachedStatement(sql: "INSERT INTO journal VALUES (NULL, ?, ?, ?, ?)")
            for record in records {
                let event = String(decoding: try encoder.encode(record.event), as: UTF8.self)
                try statement.execute(
                    arguments: [record.session.description, record.moment.wall, record.moment.sinceBoot, event])
            }
        }
    }

    /// A session's last events, oldest first. Events that this version does not know are left out.
    public func journal(of session: ULID, last count: Int) throws(LedgerError) -> [SessionEventRecord] {
        try events(where: "session = ?", [session.description], last: count)
    }

    /// The last events of all sessions up to a wall time, oldest first, but for the pieces of texts.
    public func journal(upTo wall: Int64, last count: Int) throws(LedgerError) -> [SessionEventRecord] {
        try events(where: "wall <= ? AND event NOT LIKE '{\"textDelta\"%'", [wall], last: count)
    }

    /// The events of a request, oldest first, but for the pieces of its text. Looks through the whole journal.
    public func journal(ofRequest request: ULID) throws(LedgerError) -> [SessionEventRecord] {
        try events(
            where: "event LIKE ? AND event NOT LIKE '{\"textDelta\"%'", ["%\"\(request)\"%"], last: 1_000)
    }

    private func events(
        where condition: String, _ arguments: StatementArguments, last count: Int
    ) throws(LedgerError) -> [SessionEventRecord] {
        let records = try read { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT * FROM journal WHERE \(condition) ORDER BY id DESC LIMIT ?",
                arguments: arguments + [count])
            return try rows.reversed().compactMap(SessionEventRecord.init)
        }
        return records ?? []
    }

    /// Removes the events of all but the sessions that began last. No row of the ledger goes with them.
    public func forgetJournals(keeping count: Int) throws(LedgerError) {
        try write { database in
            let kept = "SELECT id FROM sessions ORDER BY started_at DESC, id DESC LIMIT ?"
            try database.execute(sql: "DELETE FROM journal WHERE session NOT IN (\(kept))", arguments: [count])
        }
    }

    /// The session that began last, and the newest of its runs.
    public func lastSession() throws(LedgerError) -> SessionSummary? {
        let summary = try read { database -> SessionSummary? in
            guard let row = try Row.fetchOne(database, sql: "SELECT * FROM sessions ORDER BY started_at DESC, id DESC")
            else { return nil }
            return try SessionSummary(row: row, in: database)
        }
        return summary ?? nil
    }

    /// What is known of one session; nil when it never wrote.
    public func session(_ id: ULID) throws(LedgerError) -> SessionSummary? {
        let summary = try read { database -> SessionSummary? in
            guard
                let row = try Row.fetchOne(
                    database, sql: "SELECT * FROM sessions WHERE id = ?", arguments: [id.description])
            else { return nil }
            return try SessionSummary(row: row, in: database)
        }
        return summary ?? nil
    }
}

/// A run that has not come to its end.
public struct UnfinishedRun: Hashable, Sendable {
    public var id: ULID
    public var loop: String
    public var state: RunState
    /// The order with which it began, as JSON.
    public var work: JSONValue
    /// The index of the step that it had come to.
    public var position: Int

    fileprivate init?(row: Row) throws {
        let state: String = try row.value("state")
        guard let id = ULID(try row.value("id")), let state = RunState(rawValue: state),
            state != .done, state != .running, let work: String = try row.valueIfAny("work")
        else { return nil }
        self.id = id
        loop = try row.value("loop")
        self.state = state
        self.work = (try? JSONValue(parsing: work)) ?? .null
        position = try row.value("position")
    }
}

/// A session and its newest run.
public struct SessionSummary: Hashable, Sendable {
    public var id: ULID
    public var startedAt: Int64
    public var loop: String?
    public var step: String?
    public var state: RunState?
    /// Whether the run is under way and stands still until somebody lets it go on.
    public var isHeld = false

    fileprivate init?(row: Row, in database: Database) throws {
        guard let id = ULID(try row.value("id")) else { return nil }
        self.id = id
        startedAt = try row.value("started_at")
        let run = try Row.fetchOne(
            database,
            sql: "SELECT loop, step, state, is_held FROM runs WHERE session = ? ORDER BY started_at DESC, id DESC",
            arguments: [id.description])
        loop = try run?.value("loop")
        step = try run?.valueIfAny("step")
        let state: String? = try run?.value("state")
        self.state = state.flatMap(RunState.init)
        if self.state == .running { isHeld = try run?.value("is_held") ?? false }
    }
}

extension SessionEventRecord {
    /// Reads a row of the journal; nil for an event that this version does not know.
    fileprivate init?(row: Row) throws {
        let text: String = try row.value("event")
        guard let session = ULID(try row.value("session")),
            let event = try? JSONDecoder().decode(SessionEvent.self, from: Data(text.utf8))
        else { return nil }
        let moment = Moment(wall: try row.value("wall"), sinceBoot: try row.value("since_boot"))
        self.init(session: session, moment: moment, event: event)
    }
}
