public import Core
import Foundation
import GRDB

/// A part of the journal, oldest first.
public struct JournalPage: Sendable {
    /// Events that this version does not know are left out.
    public var records: [SessionEventRecord]
    /// Where the next page begins after.
    public var end: Int64
}

extension Ledger {
    /// The events after a place of the journal in the sessions besides one, at most `count`.
    public func journal(
        after place: Int64, besides session: ULID, atMost count: Int
    ) throws(LedgerError) -> JournalPage {
        let rows =
            try readOnce { database in
                try Row.fetchAll(
                    database.cachedStatement(
                        sql: """
                            SELECT id, session, wall, since_boot, event FROM journal WHERE id > ? AND session != ?
                            ORDER BY id LIMIT ?
                            """), arguments: [place, session.description, count]
                ).map { row in
                    (try row.value(at: 0) as Int64, try Self.record(row))
                }
            } ?? []
        return JournalPage(records: rows.compactMap(\.1), end: rows.last?.0 ?? place)
    }

    /// Where the journal ends now.
    public func journalEnd() throws(LedgerError) -> Int64 {
        try read { try Int64.fetchOne($0, sql: "SELECT max(id) FROM journal") ?? 0 } ?? 0
    }

    /// The place before the event that began a session's newest run; nil when the journal does not have it.
    public func journalStart(ofLastRunOf session: ULID) throws(LedgerError) -> Int64? {
        let place = try read { database -> Int64? in
            let sql = "SELECT max(id) - 1 FROM journal WHERE session = ? AND event LIKE '{\"runStarted\"%'"
            return try Int64.fetchOne(database, sql: sql, arguments: [session.description])
        }
        return place ?? nil
    }

    /// All sessions that the journal may tell of, the newest first.
    public func sessions() throws(LedgerError) -> [SessionLine] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT id, started_at, ended_at, (SELECT count(*) FROM runs WHERE session = sessions.id),
                        (SELECT loop FROM runs WHERE session = sessions.id ORDER BY started_at DESC, id DESC),
                        (SELECT state FROM runs WHERE session = sessions.id ORDER BY started_at DESC, id DESC),
                        (SELECT count(*) FROM journal WHERE session = sessions.id)
                    FROM sessions ORDER BY started_at DESC, id DESC
                    """
            ).compactMap { row -> SessionLine? in
                guard let id = ULID(try row.value(at: 0)) else { return nil }
                let state: String? = try row.valueIfAny(at: 5)
                return SessionLine(
                    id: id, startedAt: try row.value(at: 1), endedAt: try row.valueIfAny(at: 2),
                    runs: try row.value(at: 3), loop: try row.valueIfAny(at: 4),
                    state: state.flatMap(RunState.init), events: try row.value(at: 6))
            }
        } ?? []
    }

    private static func record(_ row: Row) throws -> SessionEventRecord? {
        let text: String = try row.value(at: 4)
        guard let session = ULID(try row.value(at: 1)),
            let event = try? JSONDecoder().decode(SessionEvent.self, from: Data(text.utf8))
        else { return nil }
        let moment = Moment(wall: try row.value(at: 2), sinceBoot: try row.value(at: 3))
        return SessionEventRecord(session: session, moment: moment, event: event)
    }

    /// The order with which a run began, as JSON; nil when there is none.
    public func work(ofRun run: ULID) throws(LedgerError) -> JSONValue? {
        let text = try read { database in
            try String.fetchOne(database, sql: "SELECT work FROM runs WHERE id = ?", arguments: [run.description])
        }
        return (text ?? nil).flatMap { try? JSONValue(parsing: $0) }
    }
}

/// A session in a list.
public struct SessionLine: Hashable, Sendable {
    public var id: ULID
    /// Wall time in microseconds, as ``endedAt``.
    public var startedAt: Int64
    /// nil while it runs, and when its process was killed.
    public var endedAt: Int64?
    public var runs: Int
    /// The loop of its newest run.
    public var loop: String?
    public var state: RunState?
    /// How many events of it the journal has.
    public var events: Int
}
