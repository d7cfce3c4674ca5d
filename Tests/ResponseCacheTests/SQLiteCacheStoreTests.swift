import Core
import Dispatch
import Foundation
import GRDB
import TestKit
import Testing

@testable import ResponseCache

@Suite struct SQLiteCacheStoreTests {
    private let folder: TemporaryFolder
    private let time = ManualTime()
    private let entry = CacheEntry.sample("a")

    init() throws { folder = try TemporaryFolder() }

    private var path: String { folder.file("cache/responses.db") }

    private func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: folder.file(name))[.posixPermissions] as? Int
    }

    private func size(_ store: SQLiteCacheStore) throws -> PruneResult {
        try store.count(nil, now: .start, bootID: "boot-1")
    }

    private func list(_ store: SQLiteCacheStore) throws -> [CachedEntry] {
        try store.entries(of: nil, sortedBy: .used, from: 0, atMost: .max, now: .start, bootID: "boot-1")
    }

    /// Puts ``entry`` and closes the file again.
    private func putOnce() throws {
        try SQLiteCacheStore(path: path).put(entry, usedAt: 1, caps: .none)
    }

    /// Changes the file as another program would.
    private func change(_ sql: String, _ arguments: StatementArguments = []) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: sql, arguments: arguments) }
        try queue.close()
    }

    private func makeGarbage() throws {
        try FileManager.default.createDirectory(atPath: folder.file("cache"), withIntermediateDirectories: true)
        try Data("this is no database, and long enough to be looked at".utf8).write(to: URL(filePath: path))
    }

    @Test func readingMakesNoFile() throws {
        let store = SQLiteCacheStore(path: path)
        #expect(try store.record("a") == nil)
        #expect(try !store.hasNeighbour(of: "a"))
        #expect(try size(store) == PruneResult(entries: 0, bytes: 0))
        #expect(try store.count(.everything, now: .start, bootID: "boot-1").entries == 0)
        #expect(try store.removeAll(.everything) == PruneResult(entries: 0, bytes: 0))
        #expect(try list(store).isEmpty)
        #expect(try store.entries(withPrefix: "a", atMost: 1, now: .start, bootID: "boot-1").isEmpty)
        try store.remove("a")
        try store.touch([:])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func filesAndFolderAreTheirOwnersOnly() throws {
        let store = SQLiteCacheStore(path: path)
        try store.put(entry, usedAt: 1, caps: .none)
        #expect(try mode("cache") == 0o700)
        #expect(try mode("cache/responses.db") == 0o600)
        #expect(try mode("cache/responses.db-wal") == 0o600)
        #expect(try store.record("a") == entry.record)
    }

    @Test func entriesOutliveTheStore() throws {
        try putOnce()
        #expect(try SQLiteCacheStore(path: path).record("a") == entry.record)
    }

    @Test func storesOfOneFileShareTheirEntries() throws {
        let (first, second) = (SQLiteCacheStore(path: path), SQLiteCacheStore(path: path))
        try first.put(entry, usedAt: 1, caps: .none)
        #expect(try second.record("a") == entry.record)
        try second.remove("a")
        #expect(try first.record("a") == nil)
    }

    @Test func storesOfOneFileKeepTheCapTogether() async throws {
        let stores = [SQLiteCacheStore(path: path), SQLiteCacheStore(path: path)]
        for store in stores { try store.put(entry, usedAt: 0, caps: .none) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 1...20 {
                group.addTask {
                    let caps = CacheCaps(total: 5_000, provider: 5_000)
                    try stores[index % 2].put(.sample("\(index)"), usedAt: Int64(index), caps: caps)
                }
            }
            try await group.waitForAll()
        }
        #expect(try size(stores[0]) == PruneResult(entries: 5, bytes: 5_000))
        #expect(try size(stores[1]) == PruneResult(entries: 5, bytes: 5_000))
    }

    @Test func garbageFileIsAMissAndTheNextStoreRepairsIt() throws {
        try makeGarbage()
        let store = SQLiteCacheStore(path: path)
        #expect(try store.record("a") == nil)
        try store.put(entry, usedAt: 1, caps: .none)
        #expect(try store.record("a") == entry.record)
        #expect(try SQLiteCacheStore(path: path).record("a") == entry.record)
    }

    @Test func puttingIntoAGarbageFileMakesItAnew() throws {
        try makeGarbage()
        let store = SQLiteCacheStore(path: path)
        try store.put(entry, usedAt: 1, caps: .none)
        #expect(try size(store) == PruneResult(entries: 1, bytes: 1_000))
        #expect(try mode("cache/responses.db") == 0o600)
    }

    @Test func damagedPagesAreAMissAndTheNextStoreRepairsThem() throws {
        try putOnce()
        var bytes = try Data(contentsOf: URL(filePath: path))
        try #require(bytes.count > 4_096)
        bytes.replaceSubrange(4_096..., with: Data(repeating: 0xAA, count: bytes.count - 4_096))
        try bytes.write(to: URL(filePath: path))
        let store = SQLiteCacheStore(path: path)
        #expect(try store.record("a") == nil)
        try store.put(entry, usedAt: 1, caps: .none)
        #expect(try store.record("a") == entry.record)
    }

    @Test func manyMayMakeTheFileAtOnce() throws {
        for round in 0..<60 {
            let path = path + "-\(round)"
            let failures = Recorder<String>()
            DispatchQueue.concurrentPerform(iterations: 8) { index in
                let store = SQLiteCacheStore(path: path)
                do {
                    if index % 2 == 0 { try store.put(entry, usedAt: 1, caps: .none) }
                    _ = try store.record("a")
                } catch {
                    failures.append("\(error)")
                }
            }
            #expect(failures.elements.isEmpty)
        }
    }

    @Test func fileOfANewerVersionIsMadeAnew() throws {
        try putOnce()
        try change("INSERT INTO grdb_migrations (identifier) VALUES ('9 newer')")
        let store = SQLiteCacheStore(path: path)
        #expect(try store.record("a") == nil)
        try store.put(entry, usedAt: 1, caps: .none)
        #expect(try store.record("a") == entry.record)
    }

    @Test(arguments: ["1 entries", "2 departed entries", "3 entries in bytes, as they came"])
    func fileOfAnEarlierVersionIsEmptiedOnce(_ version: String) throws {
        try FileManager.default.createDirectory(atPath: folder.file("cache"), withIntermediateDirectories: true)
        let queue = try DatabaseQueue(path: path)
        try SQLiteCacheStore.migrator.migrate(queue, upTo: version)
        try queue.write { database in
            let columns = try database.columns(in: "entries").map { $0.name == "lifetime" ? "NULL" : "'7'" }
            try database.execute(sql: "INSERT INTO entries VALUES (\(columns.joined(separator: ", ")))")
        }
        try queue.close()
        #expect(try size(SQLiteCacheStore(path: path)) == PruneResult(entries: 0, bytes: 0))
        try putOnce()
        #expect(try size(SQLiteCacheStore(path: path)) == PruneResult(entries: 1, bytes: 1_000))
        #expect(try list(SQLiteCacheStore(path: path)).map(\.provider) == [entry.provider])
    }

    @Test func sizesAreKeptApartByProviderAcrossStoresAndBoots() throws {
        for (index, provider) in ["openai", "ollama", "openai"].enumerated() {
            var entry = CacheEntry.sample("\(index)", provider: provider)
            entry.lifetime.bootID = "boot-\(index)"
            try SQLiteCacheStore(path: path).put(entry, usedAt: Int64(index), caps: .none)
        }
        let store = SQLiteCacheStore(path: path)
        #expect(try store.count(.provider("openai"), now: .start, bootID: "boot-1").entries == 2)
        #expect(try list(store).map(\.provider) == ["openai", "ollama", "openai"])
        let caps = CacheCaps(total: 1 << 30, provider: 2_000)
        try store.put(.sample("3", provider: "openai"), usedAt: 3, caps: caps)
        #expect(try list(store).map(\.key) == ["3", "2", "1"])
    }

    @Test(arguments: SeededRandom.seeds(4)) func sumsAreWhatTheEntriesComeTo(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let stores = [SQLiteCacheStore(path: path), SQLiteCacheStore(path: path)]
        let providers = ["openai", "ollama", "gemini"]
        for step in 1...150 {
            let store = stores[Int.random(in: 0...1, using: &random)]
            let key = String(format: "%015x", Int.random(in: 0...30, using: &random))
            switch Int.random(in: 0...9, using: &random) {
            case 0: try store.remove(key)
            case 1: _ = try store.removeAll(.provider(providers[Int.random(in: 0...2, using: &random)]))
            case 2: try store.touch([key: Int64(step)])
            default:
                let provider = providers[Int.random(in: 0...2, using: &random)]
                let size = Int.random(in: 300...2_000, using: &random)
                try store.put(
                    .sample(key, provider: provider, size: size), usedAt: Int64(step),
                    caps: CacheCaps(total: 12_000, provider: 6_000))
            }
            let (kept, summed) = try sums()
            #expect(kept == summed, "seed \(seed), step \(step)")
            #expect(kept.values.allSatisfy { $0[1] <= 6_000 } && kept.values.reduce(0) { $0 + $1[1] } <= 12_000)
        }
    }

    /// The entries and bytes of each provider that has some: kept as sums, and added up.
    private func sums() throws -> (kept: [String: [Int]], summed: [String: [Int]]) {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        func read(_ sql: String) throws -> [String: [Int]] {
            let rows = try queue.read { try Row.fetchAll($0, sql: sql) }
            return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], [$0[1], $0[2]]) })
        }
        return (
            try read("SELECT name, entries, bytes FROM sizes WHERE entries != 0 OR bytes != 0"),
            try read(
                "SELECT name, count(*), sum(size) FROM entries JOIN providers ON providers.id = provider GROUP BY name")
        )
    }

    @Test(arguments: [
        ["cache/responses.db"], ["cache/responses.db", "cache/responses.db-wal", "cache/responses.db-shm"], ["cache"],
    ])
    func filesMayBeDeletedUnderAnOpenStore(_ names: [String]) throws {
        let store = SQLiteCacheStore(path: path)
        try store.put(entry, usedAt: 1, caps: .none)
        for name in names { try FileManager.default.removeItem(atPath: folder.file(name)) }
        #expect(try store.record("a") == nil)
        #expect(try size(store).entries == 0)
        let next = CacheEntry.sample("b")
        try store.put(next, usedAt: 2, caps: .none)
        #expect(try store.record("b") == next.record)
        #expect(try store.record("a") == nil)
        #expect(try mode("cache/responses.db") == 0o600)
    }

    @Test(arguments: [
        "record = ?", "record = x''", "record = x'00'", "record = 'text'", "record = 7",
    ])
    func rowThatWasChangedIsAMissAndIsRemoved(_ assignment: String) throws {
        let store = SQLiteCacheStore(path: path)
        let cache = ResponseCache.over(store, time: time)
        try cache.keep()
        #expect(cache.find().answer?.answer == Answer.sample())
        let answer = CachedAnswer(answer: .sample("Forged"), cost: nil, storedAt: time.now())
        var forged = CacheRecord(answer, bootID: time.bootID, length: nil).bytes
        forged[0] ^= 1
        try change(
            "UPDATE entries SET \(assignment)",
            assignment.contains("?") ? [forged] : [])
        #expect(cache.find().cause == .new)
        #expect(try size(store).entries == 0)
        try cache.keep()
        #expect(cache.find().answer?.answer == Answer.sample())
    }

    @Test(arguments: [
        "record = 'text'", "provider = x'ff'", "stored_wall = 'never'", "record = x''", "model = x'c3'",
        "boot = x'ff', stored_since_boot = 'then', used_at = 'now', size = 'large'",
    ])
    func rowOfOtherTypesIsListedAsDamaged(_ assignment: String) throws {
        let store = SQLiteCacheStore(path: path)
        try ResponseCache.over(store, time: time).keep()
        #expect(try list(store).map(\.isDamaged) == [false])
        try change("UPDATE entries SET \(assignment)")
        let found = try #require(try list(store).first)
        #expect(found.key == CacheKey(for: .sample()).description && found.isDamaged && found.opening == "")
        #expect(try store.entries(withPrefix: found.key, atMost: 2, now: .start, bootID: "boot-1") == [found])
    }

    @Test(arguments: [
        "stored_wall = \(Int64.min), stored_since_boot = \(Int64.min)",
        "stored_wall = \(Int64.max), stored_since_boot = \(Int64.max), used_at = \(Int64.max)",
        "lifetime = \(Int64.max), stored_since_boot = \(Int64.max)", "lifetime = \(Int64.min), used_at = \(Int64.min)",
    ])
    func rowWithTimesOutOfAnyCalendarIsListed(_ assignment: String) throws {
        let store = SQLiteCacheStore(path: path)
        let cache = ResponseCache.over(store, time: time)
        try cache.keep()
        try change("UPDATE entries SET \(assignment)")
        for bootID in ["boot-1", "boot-2"] {
            let found = try store.entries(
                of: nil, sortedBy: .stored, from: 0, atMost: .max, now: .start, bootID: bootID)
            #expect(found.count == 1)
            let times: [Int64] = found.flatMap { entry -> [Int64] in
                [entry.storedAt, entry.usedAt, entry.expiresAt ?? 0]
            }
            #expect(times.allSatisfy { (0...253_402_300_799_000_000).contains($0) })
        }
        // Whether it counts is not the point: looking it up ends well.
        _ = cache.find()
    }

    @Test func placeThatCannotBeWrittenIsAMissAndAnErrorOnStoring() throws {
        try Data("a file where the folder should be".utf8).write(to: URL(filePath: folder.file("cache")))
        let cache = ResponseCache.over(SQLiteCacheStore(path: path), time: time)
        #expect(cache.find().cause == .new)
        #expect(throws: (any Error).self) { try cache.keep() }
        #expect(cache.find().cause == .new)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["cache"])
    }
}
