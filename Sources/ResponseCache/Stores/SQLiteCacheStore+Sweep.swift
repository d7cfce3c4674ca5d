import Core
import GRDB

extension SQLiteCacheStore {
    func sweep(_ filter: PruneFilter, now: Moment, bootID: String) -> any CacheSweep {
        Sweep(path: path, filter: filter, now: now, bootID: bootID)
    }

    /// Finds the matching entries in the index, then removes them in the order in which they lie in the file.
    ///
    /// It has a connection of its own, so that look-ups go on. An entry that is replaced meanwhile is another one.
    private struct Sweep: CacheSweep {
        private let file: CacheFile
        private let filter: PruneFilter
        private let now: Moment
        private let bootID: String
        /// Up to where the index was looked at; nil when all of it was.
        private var looked: Int64? = -1
        /// The rows to remove, the first one last.
        private var found: [Int64] = []
        private var slices = 0

        /// Looking at so many takes about two milliseconds, and removing so many.
        private static let (page, slice) = (8_192, 32)
        /// After so many slices the journal is put into the file, which takes no lock that others need.
        private static let slicesBetweenCheckpoints = 16

        init(path: String, filter: PruneFilter, now: Moment, bootID: String) {
            file = CacheFile(path: path, pragmas: "PRAGMA wal_autocheckpoint = 0")
            self.filter = filter
            self.now = now
            self.bootID = bootID
        }

        mutating func next() throws -> SweepPiece? {
            if let looked {
                self.looked = try look(from: looked)
                if self.looked == nil { found.sort(by: >) }
                return .looked
            }
            guard !found.isEmpty, file.isThere else { return nil }
            if slices == Self.slicesBetweenCheckpoints {
                slices = 0
                try file.checkpoint()
                return .looked
            }
            slices += 1
            return .removed(try removeSlice())
        }

        /// Looks at the next page of the index; returns its end, nil for the last one.
        private mutating func look(from start: Int64) throws -> Int64? {
            let (condition, arguments) = SQLiteCacheStore.condition(filter, now: now, bootID: bootID)
            let page = try file.read { database in
                let end = try Int64.fetchOne(
                    database, sql: "SELECT number FROM entries WHERE number > ? ORDER BY number LIMIT 1 OFFSET ?",
                    arguments: [start, Self.page - 1])
                let found = try Int64.fetchAll(
                    database, sql: "SELECT id FROM entries WHERE number > ? AND number <= ? AND (\(condition))",
                    arguments: [start, end ?? .max] + arguments)
                return (end: end, found: found)
            }
            found += page?.found ?? []
            return page?.end
        }

        private mutating func removeSlice() throws -> PruneResult {
            let slice = found.suffix(Self.slice)
            let removed = try file.write { database in
                var removed = PruneResult(entries: 0, bytes: 0)
                let statement = try database.cachedStatement(
                    sql: "DELETE FROM entries WHERE id = ? RETURNING number, size")
                for id in slice.reversed() {
                    guard let row = try Row.fetchOne(statement, arguments: [id]) else { continue }
                    removed.entries += 1
                    removed.bytes &+= Int.fromDatabaseValue(row[1]) ?? 0
                    guard let number = Int64.fromDatabaseValue(row[0]) else { continue }
                    try SQLiteCacheStore.noteDeparture(filter.cause, of: number, in: database)
                }
                return removed
            }
            found.removeLast(slice.count)
            return removed
        }
    }
}
