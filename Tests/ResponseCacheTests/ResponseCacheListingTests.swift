import Configuration
import Core
import TestKit
import Testing

@testable import ResponseCache

/// What people see of the cache.
@Suite struct ResponseCacheListingTests {
    private let time = ManualTime()
    private let cache: ResponseCache

    init() { cache = .over(MemoryCacheStore(), time: time) { $0.ttlSeconds = 600 } }

    private func key(_ words: String) -> String { CacheKey(for: .sample(words: words)).description }

    @Test func listKnowsOfUsesThatTheStoreDoesNotHaveYet() throws {
        try cache.keep(.sample(words: "first"))
        time.advance(seconds: 1)
        try cache.keep(.sample(words: "second"))
        #expect(try cache.entries().map(\.key) == [key("second"), key("first")])
        time.advance(seconds: 60)
        #expect(cache.find(.sample(words: "first")).answer != nil)
        #expect(try cache.entries().map(\.key) == [key("first"), key("second")])
        #expect(try cache.entries(withPrefix: key("first"), atMost: 1).first?.usedAt == time.now().wall)
        #expect(try cache.entries(sortedBy: .stored, atMost: 1).map(\.key) == [key("second")])
    }

    @Test func lookingIsNoUseAndRevivesNothing() throws {
        try cache.keep(.sample(words: "first"))
        let before = try cache.entries()
        time.advance(seconds: 600)
        #expect(try cache.answer(key("first"))?.answer == .sample())
        let after = try cache.entries()
        #expect(after.map(\.usedAt) == before.map(\.usedAt))
        #expect(before.map(\.isExpired) == [false] && after.map(\.isExpired) == [true])
        #expect(cache.find(.sample(words: "first")).cause == .expired)
        #expect(try cache.answer("no such key") == nil)
    }

    @Test func openingIsTheBeginningOfTheText() throws {
        let text = String(repeating: "A lamp e\u{301} ", count: 100)
        try cache.keep(.sample(), .sample(text))
        let entry = try #require(try cache.entries().first)
        #expect(entry.opening.unicodeScalars.count == CachedEntry.openingLength)
        #expect(text.unicodeScalars.starts(with: entry.opening.unicodeScalars))
    }
}
