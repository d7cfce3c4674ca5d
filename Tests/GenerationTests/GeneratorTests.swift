import Configuration
import Core
import Metering
import ResponseCache
import TestKit
import Testing

@testable import Generation

/// What a request brings, what it costs, and what the next one finds.
@Suite struct GeneratorTests {
    @Test func missAsksTheProviderOnceAndLeavesOneLedgerRow() async throws {
        let fixture = try GenerationFixture()
        let generated = try await fixture.generate(fixture.request())
        #expect(generated.answer == .saying("Hello there.") && generated.rejection == nil)
        #expect(generated.record.source == .provider && generated.record.usage == .scripted)
        #expect(generated.record.cost?.dollars == "0.000444" && !generated.record.isEstimated)
        #expect(fixture.provider.calls == [fixture.call()])
        #expect(try fixture.rows() == [LedgerRow()])
        #expect(try fixture.openAttempts().isEmpty)
    }

    @Test func secondIdenticalRequestIsAFreeHit() async throws {
        let fixture = try GenerationFixture()
        let first = try await fixture.generate(fixture.request())
        let second = try await fixture.generate(fixture.request(role: .plotwright))
        #expect(fixture.provider.calls.count == 1)
        #expect(second.answer == first.answer && second.key == first.key)
        #expect(second.record.source == .cache && second.record.cost == .zero)
        #expect(second.record.savedCost == first.record.cost)
        #expect(second.record.savedTokens == first.record.usage.totalTokens)
        let hit = LedgerRow(
            source: "cache", lookup: "hit", missCause: nil, cost: .zero,
            savedCost: Money(picodollars: 444_000_000), savedTokens: 74)
        #expect(try fixture.rows() == [LedgerRow(), hit])
        #expect(try fixture.lookups().hitRate == 0.5)
    }

    @Test func expiredAnswerIsAskedForAgain() async throws {
        let fixture = try GenerationFixture(caching: { $0.ttlSeconds = 60 })
        try await fixture.generate(fixture.request())
        fixture.time.advance(seconds: 59)
        #expect(try await fixture.generate(fixture.request()).record.source == .cache)
        fixture.time.advance(seconds: 1)
        #expect(try await fixture.generate(fixture.request()).record.source == .provider)
        #expect(fixture.provider.calls.count == 2)
        #expect(try fixture.rows().map(\.missCause) == ["new", nil, "expired"])
    }

    @Test func answerThatFailsItsCheckIsChargedAndNotKept() async throws {
        let fixture = try GenerationFixture()
        for _ in 1...2 {
            let generated = try await fixture.generate(fixture.request { _ in "no scene in it" })
            #expect(generated.rejection == "no scene in it" && generated.answer.text == "Hello there.")
            #expect(generated.record.cost?.dollars == "0.000444")
        }
        #expect(fixture.provider.calls.count == 2)
        #expect(try fixture.rows() == [LedgerRow(), LedgerRow()])
    }

    @Test func keptAnswerIsNoHitForARequestThatCannotReadIt() async throws {
        let fixture = try GenerationFixture()
        try await fixture.generate(fixture.request())
        let generated = try await fixture.generate(fixture.request { $0.text == "Hello there." ? "prose" : nil })
        #expect(generated.record.source == .provider && generated.rejection == "prose")
        #expect(fixture.provider.calls.count == 2)
    }

    @Test func cutOffAnswerIsChargedAndNotKept() async throws {
        let fixture = try GenerationFixture()
        fixture.provider.answers { _ in
            var answer = Answer.saying("Hello th")
            answer.finish = .length
            return .success(answer)
        }
        try await fixture.generate(fixture.request())
        #expect(!fixture.isCached(fixture.request()))
        #expect(try fixture.rows() == [LedgerRow()])
    }

    @Test func freshRequestSkipsTheLookUpAndReplacesTheEntry() async throws {
        let fixture = try GenerationFixture()
        fixture.provider.answers { .success(.saying("Answer \($0).")) }
        try await fixture.generate(fixture.request())
        let fresh = try await fixture.generate(fixture.request(isFresh: true))
        #expect(fresh.answer.text == "Answer 2." && fresh.record.source == .provider)
        let after = try await fixture.generate(fixture.request())
        #expect(after.answer.text == "Answer 2." && after.record.source == .cache)
        #expect(try fixture.rows().map(\.lookup) == ["miss", "bypassed", "hit"])
        let lookups = try fixture.lookups()
        #expect(lookups.bypassed == 1 && lookups.hitRate == 0.5 && lookups.lookups == 3)
    }

    @Test(arguments: [false, true]) func switchedOffCacheCountsNoLookUp(isFresh: Bool) async throws {
        let fixture = try GenerationFixture(caching: { $0.enabled = false })
        for _ in 1...2 { try await fixture.generate(fixture.request(isFresh: isFresh)) }
        #expect(fixture.provider.calls.count == 2)
        #expect(try fixture.rows().map(\.lookup) == ["none", "none"])
        #expect(try fixture.lookups() == LookupTotals())
    }

    @Test func switchedOffForOneRoleLeavesTheOthersTheirCache() async throws {
        let fixture = try GenerationFixture(caching: {
            $0.perRole[.gatekeeper] = CachingSettings.Exception(enabled: false)
        })
        for role in [RoleName.sceneSmith, .gatekeeper, .sceneSmith] {
            try await fixture.generate(fixture.request(role: role))
        }
        #expect(try fixture.rows().map(\.lookup) == ["miss", "none", "hit"])
    }

    @Test func answerWithoutAPriceIsRecordedWithoutACost() async throws {
        let fixture = try GenerationFixture()
        let first = try await fixture.generate(fixture.request(model: "nobody-knows"))
        #expect(first.record.cost == nil)
        let second = try await fixture.generate(fixture.request(model: "nobody-knows"))
        #expect(second.record.cost == .zero && second.record.savedCost == .zero && second.record.savedTokens == 74)
        #expect(try fixture.rows().map(\.cost) == [nil, .zero])
    }

    @Test func estimatedUsageIsMarkedInTheLedger() async throws {
        let fixture = try GenerationFixture()
        fixture.provider.answers { _ in
            var answer = Answer.saying("Hello there.")
            answer.isUsageEstimated = true
            return .success(answer)
        }
        #expect(try await fixture.generate(fixture.request()).record.isEstimated)
        #expect(try fixture.rows() == [LedgerRow(isEstimated: true)])
    }

    @Test(
        arguments: [
            (GenerationFixture.remote, "model-1", "0.000852"), (GenerationFixture.remote, "nobody-knows", nil),
            ("https://127.0.0.1.example.com/v1", "nobody-knows", nil),
            ("http://127.0.0.1:8080/v1", "nobody-knows", "0"),
            ("http://localhost/v1", "nobody-knows", "0"), ("http://[::1]:8080/v1", "nobody-knows", "0"),
            ("", "embedded", "0"), ("", "model-1", "0.000852"),
            (GenerationFixture.remote, "gpt-4o", "0.001065"), ("http://localhost/v1", "gpt-4o", "0"),
        ] as [(String, String, String?)])
    func worstCaseIsKnownWhereAPriceIs(endpoint: String, model: String, dollars: String?) throws {
        let fixture = try GenerationFixture()
        let call = fixture.call(model: model, endpoint: endpoint)
        #expect(fixture.generator.worstCase(of: .text(call))?.dollars == dollars)
    }
}
