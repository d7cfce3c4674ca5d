import Configuration
import Core
import Crypto
import Foundation
import GRDB
import ResponseCache

enum CacheBenchmarks {
    static func run() async throws -> [Figure] {
        [try key()] + (try store())
    }

    private static func key() throws -> Figure {
        let call = Sample.call(1)
        let bytes = Data(call.messages.map(\.content).joined().utf8)
        let times = try Stopwatch.medians(
            rounds: 200, each: 200,
            [{ _ in consume(SHA256.hash(data: bytes)) }, { _ in consume(CacheKey(for: call)) }])
        return Figure(
            name: "cache key of a 4 KB prompt", value: times[1] / times[0], bound: 3,
            details: String(format: "SHA-256 %.2f µs, key %.2f µs", times[0], times[1]))
    }

    /// A plain table on a connection like the cache's.
    static func bareDatabase(_ path: String) throws -> DatabaseQueue {
        var settings = GRDB.Configuration()
        settings.journalMode = .wal
        settings.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
        let queue = try DatabaseQueue(path: path, configuration: settings)
        try queue.write { try $0.execute(sql: "CREATE TABLE bare (key TEXT PRIMARY KEY, value BLOB NOT NULL)") }
        return queue
    }

    static func cache(in folder: borrowing ScratchFolder, name: String) -> ResponseCache {
        var settings = CachingSettings()
        settings.cacheDir = folder.file(name)
        settings.maxCacheSizeMB = 4_096
        return ResponseCache(settings, workspaceRoot: folder.path, time: Sample.time)
    }

    /// A call with its key, and its answer.
    struct Pair {
        var call: TextCall
        var key: CacheKey
        var answer: Answer

        init(_ number: Int) {
            call = Sample.call(number)
            key = CacheKey(for: call)
            answer = Sample.answer(number)
        }

        func store(in cache: ResponseCache) throws {
            try cache.store(answer, isStreamed: false, cost: .zero, for: .text(call), key: key, role: .sceneSmith)
        }

        func look(in cache: ResponseCache) { consume(cache.lookup(.text(call), key: key, role: .sceneSmith)) }
    }

    private static func store() throws -> [Figure] {
        let folder = try ScratchFolder()
        let small = cache(in: folder, name: "small")
        let large = cache(in: folder, name: "large")
        for number in 0..<1_000 { try Pair(number).store(in: small) }
        for number in 0..<100_000 { try Pair(number).store(in: large) }
        let kept = (0..<1_000).map { Pair($0 * 97 % 1_000) }
        let keptAmongMany = (0..<1_000).map { Pair($0 * 7_919 % 100_000) }
        let new = (0..<3_000).map { Pair(1_000_000 + $0) }
        let bare = try bareDatabase(folder.file("bare.db"))
        let value = Data(Sample.text(2_300).utf8)
        let keys = kept.map(\.key.description)
        try bare.write { database in
            for key in keys {
                try database.execute(sql: "INSERT INTO bare VALUES (?, ?)", arguments: [key, value])
            }
        }
        let reads = try Stopwatch.medians(
            rounds: 60, each: 100,
            [
                { number in
                    let row = try bare.unsafeRead { database in
                        try Row.fetchOne(
                            database.cachedStatement(sql: "SELECT value FROM bare WHERE key = ?"),
                            arguments: [keys[number % 1_000]])
                    }
                    consume(row)
                },
                { kept[$0 % 1_000].look(in: small) },
                { keptAmongMany[$0 % 1_000].look(in: large) },
            ])
        let writes = try Stopwatch.medians(
            rounds: 60, each: 20,
            [
                { number in
                    try bare.writeWithoutTransaction { database in
                        try database.inTransaction(.immediate) {
                            try database.cachedStatement(sql: "INSERT INTO bare VALUES (?, ?)")
                                .execute(arguments: ["new-\(number)", value])
                            return .commit
                        }
                    }
                },
                { try new[$0].store(in: small) },
                { try new[$0].store(in: large) },
            ])
        let pruned = try pruneSlices(large)
        return [
            Figure(
                name: "SQLite hit", value: reads[1] / reads[0], bound: 3,
                details: String(format: "bare prepared read %.1f µs, hit %.1f µs", reads[0], reads[1])),
            Figure(
                name: "SQLite hit, 100,000 entries beside 1,000", value: reads[2] / reads[1], bound: 2,
                details: String(format: "%.1f µs beside %.1f µs", reads[2], reads[1])),
            Figure(
                name: "SQLite write", value: writes[1] / writes[0], bound: 2,
                details: String(format: "bare transaction %.1f µs, write %.1f µs", writes[0], writes[1])),
            Figure(
                name: "SQLite write, 100,000 entries beside 1,000",
                value: writes[2] / writes[1], bound: 2,
                details: String(format: "%.1f µs beside %.1f µs", writes[2], writes[1])),
            pruned,
        ] + (try Diskcache.compare(hit: reads[2], write: writes[2], folder: folder.file("diskcache")))
    }

    /// Prunes everything of a large cache, in slices that keep the file locked.
    private static func pruneSlices(_ cache: ResponseCache) throws -> Figure {
        var slices: [Double] = []
        let result = try cache.prune(.everything) { slices.append(Double($0) / 1e3) }
        let sorted = slices.sorted()
        return Figure(
            name: "pruning slice, 99 of 100", value: sorted[sorted.count * 99 / 100], bound: 5, unit: "ms",
            details: String(
                format: "%d entries in %d slices, median %.1f ms, longest %.1f ms", result.entries, slices.count,
                Stopwatch.median(slices), sorted.last ?? 0))
    }
}
