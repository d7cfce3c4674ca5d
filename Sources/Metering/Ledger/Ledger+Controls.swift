public import Core
import Foundation
import GRDB

/// What another process asks of a session.
public struct Control: Hashable, Sendable {
    public var id: Int64
    public var order: SteeringOrder
    /// Where it was asked: `dashboard`, `command line`.
    public var author: String
}

extension Ledger {
    /// Asks something of the session of another process; returns the name under which it will say what became of it.
    public func ask(_ order: SteeringOrder, of session: ULID, by author: String) throws(LedgerError) -> Int64 {
        let now = time.now().wall
        return try write { database in
            let word = String(decoding: try JSONEncoder().encode(order), as: UTF8.self)
            try database.execute(
                sql: "INSERT INTO controls VALUES (NULL, ?, ?, ?, ?, NULL)",
                arguments: [session.description, word, author, now])
            return database.lastInsertedRowID
        }
    }

    /// What was asked of a session and is not taken yet, in order. A word that this version does not know is refused.
    public func openControls(of session: ULID) throws(LedgerError) -> [Control] {
        let rows = try readOnce { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: "SELECT id, word, asked_by FROM controls WHERE outcome IS NULL AND session = ? ORDER BY id"),
                arguments: [session.description]
            ).map { row in
                (
                    id: try row.value(at: 0) as Int64, word: try row.value(at: 1) as String,
                    author: try row.value(at: 2) as String
                )
            }
        }
        var controls: [Control] = []
        for row in rows ?? [] {
            guard let order = try? JSONDecoder().decode(SteeringOrder.self, from: Data(row.word.utf8)) else {
                try settleControl(row.id, refusal: "the program that runs does not know this")
                continue
            }
            controls.append(Control(id: row.id, order: order, author: row.author))
        }
        return controls
    }

    /// Notes that the session does what was asked; with a refusal, why it does not.
    public func settleControl(_ id: Int64, refusal: String?) throws(LedgerError) {
        try write { database in
            try database.execute(
                sql: "UPDATE controls SET outcome = ? WHERE id = ?", arguments: [refusal ?? "", id])
        }
    }

    /// What became of something that was asked; nil as long as the session has not taken it.
    public func outcome(ofControl id: Int64) throws(LedgerError) -> ControlOutcome? {
        let outcome = try read { database -> String? in
            try String.fetchOne(database, sql: "SELECT outcome FROM controls WHERE id = ?", arguments: [id])
        }
        return (outcome ?? nil).map { $0.isEmpty ? .done : .refused($0) }
    }

    /// Takes back what was asked and nobody has taken, and forgets what became of it.
    public func forgetControl(_ id: Int64) throws(LedgerError) {
        try write { database in try database.execute(sql: "DELETE FROM controls WHERE id = ?", arguments: [id]) }
    }

    // MARK: - What a run was told

    /// What a run was told until now, in order.
    public func words(ofRun run: ULID) throws(LedgerError) -> [RunWord] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT id, kind, position, about, text FROM run_words WHERE run = ? ORDER BY id",
                arguments: [run.description]
            ).compactMap { row -> RunWord? in
                guard let kind = RunWord.Kind(rawValue: try row.value(at: 1)) else { return nil }
                return RunWord(
                    id: try row.value(at: 0), kind: kind, position: try row.valueIfAny(at: 2),
                    about: try row.value(at: 3), text: try row.value(at: 4))
            }
        } ?? []
    }

    /// Keeps what a run was told; returns it with its name.
    public func add(_ word: RunWord, toRun run: ULID) throws(LedgerError) -> RunWord {
        try write { database in
            try database.execute(
                sql: "INSERT INTO run_words VALUES (NULL, ?, ?, ?, ?, ?)",
                arguments: [run.description, word.kind.rawValue, word.position, word.about, word.text])
            var kept = word
            kept.id = database.lastInsertedRowID
            return kept
        }
    }

    /// Notes which step reads a note.
    public func place(_ word: RunWord, at position: Int) throws(LedgerError) {
        try write { database in
            try database.execute(
                sql: "UPDATE run_words SET position = ? WHERE id = ?", arguments: [position, word.id])
        }
    }
}

/// What became of something that was asked of a session.
public enum ControlOutcome: Hashable, Sendable {
    case done
    /// Why the session does not do it.
    case refused(String)
}

/// Something that a run was told and that its prompts or its course depend on.
public struct RunWord: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        case note, redo, answer
    }

    /// 0 as long as it is not kept.
    public var id: Int64
    public var kind: Kind
    /// The index of the step that it is about; nil for a note that no step has read, and for an answer.
    public var position: Int?
    /// The question that it answers; of a note, the index of the first step that may read it.
    public var about: String
    public var text: String

    public init(_ kind: Kind, position: Int? = nil, about: String = "", text: String = "") {
        self.init(id: 0, kind: kind, position: position, about: about, text: text)
    }

    init(id: Int64, kind: Kind, position: Int?, about: String, text: String) {
        self.id = id
        self.kind = kind
        self.position = position
        self.about = about
        self.text = text
    }
}
