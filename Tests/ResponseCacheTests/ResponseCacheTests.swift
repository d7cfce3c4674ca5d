import Configuration
import Core
import TestKit
import Testing

@testable import ResponseCache

@Suite struct ResponseCacheTests {
    private let time = ManualTime()
    private let store = MemoryCacheStore()

    private func makeCache(_ change: (inout CachingSettings) -> Void = { _ in }) -> ResponseCache {
        .over(store, time: time, change)
    }

    @Test func hitHasEverythingThatTheFirstAnswerHad() throws {
        let cache = makeCache()
        let kept = CachedAnswer(answer: .sample(), cost: try Money(dollars: "0.000123"), storedAt: time.now())
        try cache.keep(cost: kept.cost)
        time.advance(seconds: 5)
        #expect(cache.find().answer == kept)
    }

    @Test func answerExpiresExactlyAtItsTimeToLive() throws {
        let cache = makeCache { $0.ttlSeconds = 60 }
        try cache.keep()
        time.advance(seconds: 59.5)
        #expect(cache.find().answer != nil)
        time.advance(seconds: 0.5)
        #expect(cache.find().cause == .expired)
    }

    @Test func wallClockThatIsSetBackRevivesNothing() throws {
        let cache = makeCache { $0.ttlSeconds = 60 }
        let start = time.now().wall
        try cache.keep()
        time.advance(seconds: 60)
        time.setWall(start)
        #expect(cache.find().cause == .expired)
        time.setWall(start - 86_400_000_000)
        #expect(cache.find().cause == .expired)
    }

    @Test func wallClockThatIsSetForthExpiresNothing() throws {
        let cache = makeCache { $0.ttlSeconds = 60 }
        try cache.keep()
        time.setWall(time.now().wall + 86_400_000_000)
        #expect(cache.find().answer != nil)
    }

    @Test func answerOfAnEarlierBootExpiresByTheWallClock() throws {
        let settings: (inout CachingSettings) -> Void = { $0.ttlSeconds = 60 }
        try makeCache(settings).keep()
        func cause(secondsLater: Int64) -> MissCause? {
            let later = ManualTime(
                wall: time.now().wall + secondsLater * 1_000_000, sinceBoot: 5_000_000, bootID: "boot-2")
            return ResponseCache.over(store, time: later, settings).find().cause
        }
        #expect(cause(secondsLater: 59) == nil)
        #expect(cause(secondsLater: 60) == .expired)
        #expect(cause(secondsLater: -1) == .expired)
    }

    @Test func timeToLiveOfZeroNeverEnds() throws {
        let cache = makeCache { $0.ttlSeconds = 0 }
        try cache.keep()
        time.advance(seconds: 10 * 366 * 86_400)
        #expect(cache.find().answer != nil)
    }

    @Test func storingAgainRenewsTheExpiry() throws {
        let cache = makeCache { $0.ttlSeconds = 60 }
        try cache.keep()
        time.advance(seconds: 40)
        try cache.keep(.sample(), .sample("Another start"))
        time.advance(seconds: 40)
        #expect(cache.find().answer?.answer.text == "Another start")
    }

    @Test(arguments: [
        Answer.sample(finish: .length), .sample(finish: .filtered), .sample(finish: .other), .sample(""),
        .sample(" \n\t\u{A0}"),
    ])
    func onlyWholeAnswersAreKept(_ answer: Answer) throws {
        let cache = makeCache()
        try cache.keep(.sample(), answer)
        #expect(cache.find().cause == .new)
        #expect(try cache.size().entries == 0)
        try cache.keep()
        try cache.keep(.sample(), answer)
        #expect(cache.find().answer?.answer == Answer.sample())
    }

    @Test func cachingMayBeOff() throws {
        try makeCache().keep()
        let cache = makeCache { $0.enabled = false }
        #expect(!cache.isEnabled(for: .text(.sample()), role: .sceneSmith))
        #expect(cache.find().isOff)
        try cache.keep(.sample(words: "other"))
        #expect(try cache.size().entries == 1)
    }

    @Test func roleComesBeforeProviderComesBeforeAll() throws {
        let cache = makeCache {
            $0.perProvider["local"] = CachingSettings.Exception(enabled: false)
            $0.perRole[.gatekeeper] = CachingSettings.Exception(enabled: true)
            $0.perRole[.researcher] = CachingSettings.Exception(enabled: false)
        }
        let local = TextCall.sample(provider: "local")
        #expect(cache.find(local).isOff)
        try cache.keep(local)
        #expect(try cache.size().entries == 0)
        try cache.keep(local, role: .gatekeeper)
        #expect(cache.find(local, role: .gatekeeper).answer != nil)
        #expect(cache.find(local).isOff)
        #expect(cache.find().cause != nil)
        #expect(cache.find(role: .researcher).isOff)
    }

    @Test(arguments: [("openai", RoleName.sceneSmith, 60), ("local", .sceneSmith, 10), ("local", .gatekeeper, 30)])
    func timeToLiveIsThatOfTheProviderAndTheRole(_ provider: String, _ role: RoleName, _ seconds: Int) throws {
        let cache = makeCache {
            $0.ttlSeconds = 60
            $0.perProvider["local"] = CachingSettings.Exception(ttlSeconds: 10)
            $0.perRole[.gatekeeper] = CachingSettings.Exception(ttlSeconds: 30)
        }
        let call = TextCall.sample(provider: provider)
        try cache.keep(call, role: role)
        time.advance(seconds: Double(seconds) - 0.5)
        #expect(cache.find(call, role: role).answer != nil)
        time.advance(seconds: 0.5)
        #expect(cache.find(call, role: role).cause == .expired)
    }

    @Test func streamedAnswersShareTheEntryWithOthers() throws {
        let cache = makeCache()
        try cache.keep(isStreamed: true)
        #expect(cache.find().answer != nil)
    }

    @Test func streamedAnswersAreKeptOutWhereTheSettingsSaySo() throws {
        let cache = makeCache { $0.stream = false }
        try cache.keep(isStreamed: true)
        #expect(cache.find().cause == .new)
        try cache.keep(isStreamed: false)
        #expect(cache.find().answer != nil)
    }

    @Test func missSaysWhy() throws {
        let cache = makeCache { $0.ttlSeconds = 60 }
        #expect(cache.find().cause == .new)
        try cache.keep()
        #expect(cache.find(.sample(words: "Write a scene")).cause == .new)
        #expect(cache.find(.sample(model: "gpt-4o-mini")).cause == .changed)
        #expect(cache.find(.sample(provider: "local")).cause == .changed)
        #expect(cache.find(.sample(take: 2)).cause == .newTake)
        time.advance(seconds: 60)
        #expect(cache.find().cause == .expired)
    }
}
