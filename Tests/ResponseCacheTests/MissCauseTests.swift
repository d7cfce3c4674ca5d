import Configuration
import Core
import GRDB
import TestKit
import Testing

@testable import ResponseCache

/// Why look-ups find nothing.
@Suite struct MissCauseTests {
    private let folder: StoreShelf
    private let time = ManualTime()

    init() throws { folder = try StoreShelf() }

    private func cache(_ kind: StoreKind, _ change: (inout CachingSettings) -> Void = { _ in }) throws -> ResponseCache
    {
        try .over(kind.store(in: folder), time: time, change)
    }

    @Test(arguments: StoreKind.allCases)
    func answerThatMadeRoomWasEvicted(_ kind: StoreKind) throws {
        let cache = try cache(kind) { $0.maxCacheSizeMB = 1 }
        let long = Answer.sample(String(repeating: "x", count: 600_000))
        try cache.keep(.sample(words: "one"), long)
        time.advance(seconds: 1)
        try cache.keep(.sample(words: "two"), long)
        #expect(cache.find(.sample(words: "one")).cause == .evicted)
        // Kept again, and the other one has to go.
        time.advance(seconds: 1)
        try cache.keep(.sample(words: "one"), long)
        #expect(cache.find(.sample(words: "one")).answer != nil)
        #expect(cache.find(.sample(words: "two")).cause == .evicted)
    }

    @Test(arguments: StoreKind.allCases)
    func answerThatSomebodyRemovedWasPruned(_ kind: StoreKind) throws {
        for filter in [PruneFilter.everything, .provider("openai"), .key(CacheKey(for: .sample()).description)] {
            let cache = try cache(kind)
            try cache.keep()
            #expect(try cache.prunePlan(filter).entries == 1)
            #expect(try cache.prune(filter).entries == 1)
            #expect(cache.find().cause == .pruned)
            try cache.keep()
            #expect(cache.find().answer != nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func keyRemovesItsOwnEntryAlone(_ kind: StoreKind) throws {
        let cache = try cache(kind)
        try cache.keep()
        try cache.keep(.sample(words: "other"))
        _ = try cache.prune(.key(CacheKey(for: .sample()).description))
        #expect(cache.find().answer == nil && cache.find(.sample(words: "other")).answer != nil)
    }

    @Test(arguments: StoreKind.allCases)
    func expiredAnswerIsRememberedAsSuchAfterItsRemoval(_ kind: StoreKind) throws {
        let cache = try cache(kind) { $0.ttlSeconds = 60 }
        try cache.keep()
        time.advance(seconds: 60)
        #expect(try cache.prune(.expired).entries == 1)
        #expect(cache.find().cause == .expired)
    }

    @Test(arguments: StoreKind.allCases)
    func otherTakesAreToldFromOtherSettings(_ kind: StoreKind) throws {
        let cache = try cache(kind)
        try cache.keep()
        #expect(cache.find(.sample(take: 2)).cause == .newTake && cache.find(.sample(take: 9)).cause == .newTake)
        #expect(cache.find(.sample(model: "gpt-4o-mini", take: 2)).cause == .changed)
        try cache.keep(.sample(words: "other", take: 4))
        #expect(cache.find(.sample(words: "other", take: 5)).cause == .newTake)
        #expect(cache.find(.sample(words: "other")).cause == .changed)
        #expect(cache.find(.sample(words: "third", take: 2)).cause == .new)
    }

    @Test func olderFileTakesAnswers() throws {
        let path = folder.folder.file("responses.db")
        let queue = try DatabaseQueue(path: path)
        try SQLiteCacheStore.migrator.migrate(queue, upTo: "1 entries")
        try queue.close()
        let older = CacheEntry.sample("k")
        try SQLiteCacheStore(path: path).put(older, usedAt: 1, caps: .none)
        #expect(try SQLiteCacheStore(path: path).record("k") == older.record)
        #expect(try SQLiteCacheStore(path: path).departure(of: "k") == nil)
    }
}
