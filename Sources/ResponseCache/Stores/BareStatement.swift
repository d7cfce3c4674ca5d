import Foundation
import GRDB
import GRDBSQLite

/// A statement of SQLite's own interface, for the look-up and the write of every request: what GRDB makes of each row and
/// argument takes as long as the query.
struct BareStatement: ~Copyable {
    private let handle: SQLiteStatement
    private let database: Database
    private var bound: Int32 = 0

    /// SQLite copies what it is given.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    init(_ sql: String, in database: Database) throws {
        handle = try database.cachedStatement(sql: sql).sqliteStatement
        self.database = database
    }

    deinit {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    mutating func bind(_ number: Int64?) {
        bound += 1
        if let number { sqlite3_bind_int64(handle, bound, number) } else { sqlite3_bind_null(handle, bound) }
    }

    mutating func bind(_ text: String) {
        bound += 1
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { bytes in
                _ = sqlite3_bind_text(handle, bound, bytes.baseAddress, Int32(bytes.count), Self.copied)
            }
        }
    }

    mutating func bind(_ data: Data) {
        bound += 1
        data.withUnsafeBytes { bytes in
            _ = sqlite3_bind_blob(handle, bound, bytes.baseAddress, Int32(bytes.count), Self.copied)
        }
    }

    /// Goes on to the next row; returns whether there is one.
    func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw DatabaseError(resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage)
        }
    }

    /// The bytes in the first column of the row.
    var data: Data {
        let count = Int(sqlite3_column_bytes(handle, 0))
        return sqlite3_column_blob(handle, 0).map { Data(bytes: $0, count: count) } ?? Data()
    }

    /// The number in a column of the row, which counts from 0.
    func real(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

    /// The same as a whole number; nil when there is none.
    func integer(_ column: Int32) -> Int64? {
        sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : sqlite3_column_int64(handle, column)
    }
}
