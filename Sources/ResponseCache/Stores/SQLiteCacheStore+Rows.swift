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
    /// Reads a row of ``SQLiteCacheStore/named``; nil when a value is not of its column's type.
    init?(row: Row) {
        func value<Value: DatabaseValueConvertible>(_ column: String) -> Value? { .fromDatabaseValue(row[column]) }
        guard let key: String = value("key"), let provider: String = value("provider_name"),
            let model: String = value("model"), let bootID: String = value("boot_name"),
            let wall: Int64 = value("stored_wall"), let sinceBoot: Int64 = value("stored_since_boot"),
            let record: Data = value("record")
        else { return nil }
        let stored = Moment(wall: wall, sinceBoot: sinceBoot)
        self.init(
            key: key, provider: provider, model: model,
            lifetime: Lifetime(bootID: bootID, stored: stored, length: value("lifetime")), record: record)
    }
}

extension CachedEntry {
    /// Reads a row of ``SQLiteCacheStore/named`` as far as it can be read.
    init(row: Row, now: Moment, bootID: String) {
        func text(_ column: String) -> String { String.fromDatabaseValue(row[column]) ?? "" }
        func number(_ column: String) -> Int64 { Int64.fromDatabaseValue(row[column]) ?? 0 }
        let entry =
            CacheEntry(row: row)
            ?? CacheEntry(
                key: text("key"), provider: text("provider_name"), model: text("model"),
                lifetime: Lifetime(
                    bootID: text("boot_name"),
                    stored: Moment(wall: number("stored_wall"), sinceBoot: number("stored_since_boot")), length: nil),
                record: Data())
        self.init(entry, usedAt: number("used_at"), now: now, bootID: bootID)
        size = Int(number("size"))
    }
}
