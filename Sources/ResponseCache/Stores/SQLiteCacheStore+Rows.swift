import Core
import Foundation
import GRDB

extension PruneResult {
    /// Reads a row of two sums; throws as for a damaged file when they are no numbers.
    init(_ row: Row?) throws {
        let sums = try (0...1).map { index -> Int in
            guard let value: DatabaseValue = row?[index], !value.isNull else { return 0 }
            guard let sum = Int.fromDatabaseValue(value) else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
            return sum
        }
        self.init(entries: sums[0], bytes: sums[1])
    }
}

extension CacheEntry {
    /// Reads a row; nil when a value is not of its column's type.
    init?(row: Row) {
        // By the places of the columns in the table: to look for their names takes as long as to read them.
        func value<Value: DatabaseValueConvertible>(_ column: Int) -> Value? { .fromDatabaseValue(row[column]) }
        guard let key: String = value(1), let prompt: String = value(2), let provider: String = value(3),
            let model: String = value(4), let bootID: String = value(5), let wall: Int64 = value(6),
            let sinceBoot: Int64 = value(7), let checksum: String = value(11), let payload: Data = value(12)
        else { return nil }
        self.init(
            key: key, prompt: prompt, provider: provider, model: model,
            lifetime: Lifetime(bootID: bootID, stored: Moment(wall: wall, sinceBoot: sinceBoot), length: value(8)),
            payload: payload, checksum: checksum)
    }
}

extension CachedEntry {
    /// Reads a row as far as it can be read.
    init(row: Row, now: Moment, bootID: String) {
        func text(_ column: String) -> String { String.fromDatabaseValue(row[column]) ?? "" }
        func number(_ column: String) -> Int64 { Int64.fromDatabaseValue(row[column]) ?? 0 }
        let entry =
            CacheEntry(row: row)
            ?? CacheEntry(
                key: text("key"), prompt: text("prompt"), provider: text("provider"), model: text("model"),
                lifetime: Lifetime(
                    bootID: text("boot_id"),
                    stored: Moment(wall: number("stored_wall"), sinceBoot: number("stored_since_boot")), length: nil),
                payload: Data(), checksum: "none")
        self.init(entry, usedAt: number("used_at"), now: now, bootID: bootID)
        size = Int(number("size"))
    }
}
