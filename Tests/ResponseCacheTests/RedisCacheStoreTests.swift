#if Redis
    import Configuration
    import Core
    import Foundation
    import TestKit
    import Testing

    @testable import RedisStores
    @testable import ResponseCache

    @Suite(.timeLimit(.minutes(10))) struct RedisCacheStoreTests {
        private let shelf: StoreShelf

        init() throws { shelf = try StoreShelf() }

        private func store() throws -> RedisCacheStore {
            RedisCacheStore(try shelf.connection(), keys: RedisKeys(RedisSettings(), project: "book"))
        }

        /// Waits until what was only said is done.
        private func flush(_ store: RedisCacheStore) throws { _ = try store.count(nil, now: .start, bootID: "boot-1") }

        @Test func answerOfOneProcessIsAHitInAnother() throws {
            let (one, other) = (try store(), try store())
            let time = ManualTime()
            try ResponseCache.over(one, time: time).keep()
            try flush(one)
            #expect(ResponseCache.over(other, time: time).find().answer?.answer == .sample())
            #expect(try other.count(nil, now: .start, bootID: "boot-1").entries == 1)
        }

        @Test func projectsOnOneServerKnowNothingOfEachOther() throws {
            let one = try store()
            try one.put(.sample("a"), usedAt: 1, caps: .none)
            try flush(one)
            let other = RedisCacheStore(try shelf.connection(), keys: RedisKeys(RedisSettings(), project: "another"))
            #expect(try other.record("a") == nil && other.count(nil, now: .start, bootID: "boot-1").entries == 0)
        }

        @Test func everyKeyBeginsWithTheProjectInBraces() async throws {
            let store = try store()
            try store.put(.sample("a"), usedAt: 1, caps: .none)
            try store.put(.sample("b", size: 600), usedAt: 2, caps: CacheCaps(total: 1_000, provider: .max))
            try flush(store)
            let keys = try await shelf.running().command("KEYS", "*").split(separator: "\n")
            #expect(keys.count > 4 && keys.allSatisfy { $0.hasPrefix("{questfoundry:book}:cache:") })
        }

        @Test func hitAndMissTakeOneRoundTrip() async throws {
            let store = try store()
            let cache = ResponseCache.over(store, time: ManualTime())
            try cache.keep()
            try flush(store)
            let server = try shelf.running()
            try await server.command("CONFIG", "RESETSTAT")
            #expect(cache.find().answer != nil)
            #expect(cache.find(.sample(words: "Something else")).cause == .new)
            let stats = try await server.command("INFO", "commandstats")
            // What a miss asks beside the answer goes with it.
            #expect(stats.contains("cmdstat_get:calls=2,") && stats.contains("cmdstat_hget:calls=2,"), "\(stats)")
            #expect(!stats.contains("cmdstat_evalsha"))
        }

        @Test func recordLeavesTheServerAMinuteAfterItsEnd() async throws {
            let store = try store()
            try store.put(.sample("a", length: 1_000_000), usedAt: 1, caps: .none)
            try store.put(.sample("b"), usedAt: 1, caps: .none)
            try flush(store)
            let server = try shelf.running()
            let left = try await server.command("PTTL", "{questfoundry:book}:cache:r:a").trimmingCharacters(
                in: .newlines)
            #expect((50_000...61_000).contains(Int(left) ?? 0))
            #expect(try await server.command("PTTL", "{questfoundry:book}:cache:r:b") == "-1\n")
            // The index knows of it until it is swept.
            try await server.command("DEL", "{questfoundry:book}:cache:r:a")
            let late = Moment.start.moved(wall: 2_000_000, sinceBoot: 2_000_000)
            #expect(try store.removeAll(.expired, now: late) == PruneResult(entries: 1, bytes: 1_000))
            #expect(try store.count(nil, now: late, bootID: "boot-1") == PruneResult(entries: 1, bytes: 1_000))
        }

        @Test func serverThatIsAwayIsAMissAndNoAnswerIsKept() async throws {
            let store = try store()
            let cache = ResponseCache.over(store, time: ManualTime())
            try cache.keep()
            try flush(store)
            await (try shelf.running()).kill()
            while store.connection.health.state == .connected { await Task.yield() }
            #expect(cache.find().cause == .new)
            let error = #expect(throws: CacheError.self) { try cache.keep() }
            #expect(error?.code == .unreachable && error?.description.contains("state.redis.host") == true)
            #expect(throws: CacheError.self) { try cache.size() }
        }
    }
#endif
