import Configuration
import Core
import Foundation
import TestKit
import Testing

@testable import ResponseCache

/// Where answers are kept, and which of them are thrown away.
@Suite struct ResponseCacheUpkeepTests {
    private let folder: TemporaryFolder
    private let time = ManualTime()
    private let store = MemoryCacheStore()

    init() throws { folder = try TemporaryFolder() }

    private func makeCache(_ change: (inout CachingSettings) -> Void = { _ in }) -> ResponseCache {
        .over(store, time: time, change)
    }

    /// A cache in a workspace whose name an address would have to escape.
    private func placed(_ change: (inout CachingSettings) -> Void) -> ResponseCache {
        var settings = CachingSettings()
        change(&settings)
        return ResponseCache(settings, workspaceRoot: folder.file("my #1 book, 50% done?"), time: time)
    }

    private func files() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".db") }
    }

    @Test func memoryBackendMakesNoFile() throws {
        let cache = placed { $0.backend = .memory }
        try cache.keep()
        #expect(cache.find().answer != nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        #expect(placed { $0.backend = .memory }.find().cause == .new)
    }

    @Test(arguments: [".questfoundry/cache", "answers"])
    func fileBackendKeepsAnswersInTheWorkspace(_ place: String) throws {
        let cache = placed { $0.cacheDir = place }
        #expect(cache.find().cause == .new)
        #expect(try files().isEmpty)
        try cache.keep()
        #expect(try files() == ["my #1 book, 50% done?/\(place)/responses.db"])
        #expect(cache.find().answer != nil)
    }

    @Test func fileBackendKeepsAnswersAtAnAbsolutePlace() throws {
        try placed { $0.cacheDir = folder.file("elsewhere") }.keep()
        #expect(try files() == ["elsewhere/responses.db"])
    }

    @Test func answersOutliveTheProcessWithCostAndUsage() throws {
        let kept = CachedAnswer(answer: .sample(), cost: try Money(dollars: "0.012345678901"), storedAt: time.now())
        try placed { _ in }.keep(cost: kept.cost)
        try placed { _ in }.keep(.sample(take: 2), cost: nil)
        time.advance(seconds: 60)
        let reopened = placed { _ in }
        #expect(reopened.find().answer == kept)
        let unpriced = try #require(reopened.find(.sample(take: 2)).answer)
        #expect(unpriced.cost == nil)
        #expect(try reopened.size().entries == 2)
    }

    @Test(arguments: [
        (PruneFilter.expired, 1), (.olderThan(seconds: 61), 1), (.olderThan(seconds: 62), 0), (.provider("openai"), 2),
        (.provider("other"), 0), (.everything, 3),
    ])
    func pruneRemovesWhatItsPlanSays(_ filter: PruneFilter, _ entries: Int) throws {
        let cache = makeCache { $0.ttlSeconds = 60 }
        try cache.keep()
        time.advance(seconds: 61)
        try cache.keep(.sample(take: 2), .sample("A longer answer than the first one"))
        try cache.keep(.sample(provider: "local"))
        let before = try cache.size()
        let plan = try cache.prunePlan(filter)
        #expect(plan.entries == entries)
        #expect((plan.bytes > 0) == (entries > 0))
        #expect(try cache.size() == before)
        #expect(try cache.prune(filter) == plan)
        let after = try cache.size()
        #expect(after.entries == before.entries - plan.entries && after.bytes == before.bytes - plan.bytes)
        #expect(try cache.prune(filter).entries == 0)
    }

    @Test func laterStoreRemovesExpiredAnswersOnceTheIntervalIsOver() throws {
        let cache = makeCache {
            $0.ttlSeconds = 60
            $0.cleanupIntervalSeconds = 3_600
        }
        try cache.keep()
        time.advance(seconds: 3_599)
        try cache.keep(.sample(take: 2))
        #expect(try cache.size().entries == 2)
        time.advance(seconds: 1)
        try cache.keep(.sample(take: 3))
        try cache.keep(.sample(take: 4))
        #expect(try cache.size().entries == 3)
        #expect(cache.find(.sample(take: 2)).answer != nil)
        #expect(cache.find().cause == .expired)
    }

    @Test func firstStoresCleanUpInSlicesUntilNothingExpiredIsLeft() throws {
        for index in 0..<50 {
            store.put(.sample("\(index)", length: 1), usedAt: 1, caps: .none)
        }
        time.advance(seconds: 1)
        let cache = makeCache()
        var sizes: [Int] = []
        for take in 1...4 {
            try cache.keep(.sample(take: take))
            sizes.append(try cache.size().entries)
        }
        #expect(sizes == [51, 52 - 32, 3, 4])
    }

    @Test(arguments: [true, false])
    func answerThatWasFoundLastIsTheLastToGo(_ isCapOfTheProvider: Bool) throws {
        let cache = makeCache {
            if isCapOfTheProvider {
                $0.perProvider["openai"] = CachingSettings.Exception(maxCacheSizeMB: 1)
            } else {
                $0.maxCacheSizeMB = 1
            }
        }
        let long = Answer.sample(String(repeating: "x", count: 400_000))
        for take in 1...2 {
            try cache.keep(.sample(take: take), long)
            time.advance(seconds: 60)
        }
        #expect(cache.find(.sample(take: 1)).answer != nil)
        time.advance(seconds: 60)
        try cache.keep(.sample(take: 3), long)
        #expect(cache.find(.sample(take: 1)).answer != nil)
        #expect(cache.find(.sample(take: 2)).cause == .evicted)
        #expect(cache.find(.sample(take: 3)).answer != nil)
        #expect(try cache.size().bytes <= 1 << 20)
    }

    @Test func useWithinAMinuteOfTheLastIsNotWritten() throws {
        let cache = makeCache()
        let stored = time.now().wall
        try cache.keep()
        func usedAt() throws -> Int64 { try #require(try cache.entries().first).usedAt - stored }
        for (advance, expected) in [(59, 0), (1, 60), (59, 60), (1, 120)] as [(Double, Int64)] {
            time.advance(seconds: advance)
            _ = cache.find()
            #expect(try usedAt() == expected * 1_000_000)
        }
    }

    @Test func whenAnswersWereFoundIsWrittenOnClosing() throws {
        let first = makeCache()
        for take in 1...2 {
            try first.keep(.sample(take: take))
            time.advance(seconds: 60)
        }
        #expect(first.find(.sample(take: 1)).answer != nil)
        first.close()
        let size = try first.size().bytes
        store.put(.sample("new", size: 300), usedAt: time.now().wall, caps: CacheCaps(total: size, provider: size))
        #expect(first.find(.sample(take: 1)).answer != nil)
        #expect(first.find(.sample(take: 2)).answer == nil)
    }
}
