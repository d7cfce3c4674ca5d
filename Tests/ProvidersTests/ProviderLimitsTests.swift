import Core
import Foundation
import TestKit
import Testing

@testable import Providers

/// What providers say about their limits: published forms, and what a broken or hostile server may write.
@Suite struct ProviderLimitsTests {
    /// 25 November 2026, 12:00:00 UTC.
    private static let noon = Moment(wall: 1_795_608_000_000_000, sinceBoot: 5)
    private static let second: Int64 = 1_000_000

    private func limits(_ fields: [String: String]) -> ProviderLimits? {
        ProviderLimits(head: HTTPHead(status: 429, fields: fields, receivedAt: Self.noon))
    }

    @Test func openAIsHeadersAreRead() {
        let limits = limits([
            "x-ratelimit-limit-requests": "60", "x-ratelimit-limit-tokens": "150000",
            "x-ratelimit-remaining-requests": "59", "x-ratelimit-remaining-tokens": "149984",
            "x-ratelimit-reset-requests": "1s", "x-ratelimit-reset-tokens": "6m0s",
            "x-ratelimit-remaining-tokens_usage_based": "7",
        ])
        #expect(
            limits
                == ProviderLimits(
                    receivedAt: Self.noon, requests: .init(limit: 60, remaining: 59, reset: Self.second),
                    tokens: .init(limit: 150_000, remaining: 149_984, reset: 360 * Self.second)))
        #expect(limits?.earliestRetry == nil)
    }

    @Test func anthropicsHeadersAreRead() {
        let limits = limits([
            "anthropic-ratelimit-requests-limit": "50", "anthropic-ratelimit-requests-remaining": "0",
            "anthropic-ratelimit-requests-reset": "2026-11-25T12:00:30Z",
            "anthropic-ratelimit-tokens-remaining": "0",
            "anthropic-ratelimit-tokens-reset": "2026-11-25T13:01:00+01:00",
            "anthropic-ratelimit-input-tokens-limit": "40000",
            "anthropic-ratelimit-output-tokens-reset": "2026-11-25T12:00:00.25Z",
        ])
        #expect(limits?.requests == .init(limit: 50, remaining: 0, reset: 30 * Self.second))
        #expect(limits?.tokens == .init(remaining: 0, reset: 60 * Self.second))
        #expect(limits?.inputTokens == .init(limit: 40_000))
        #expect(limits?.outputTokens == .init(reset: 250_000))
        #expect(limits?.earliestRetry == 60 * Self.second)
    }

    @Test func theProvidersOwnWaitCountsBeforeAReset() {
        let limits = limits([
            "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s", "retry-after": "20",
        ])
        #expect(limits?.earliestRetry == 20 * Self.second)
    }

    @Test(arguments: [
        ("1s", Int64(1_000_000)), ("6m0s", 360_000_000), ("20ms", 20_000), ("1h2m3.5s", 3_723_500_000), ("0s", 0),
        ("2m59.56s", 179_560_000), ("7", 7_000_000), ("0.25", 250_000), (".5s", 500_000), ("1.5µs", 2), ("1ns", 1),
        ("31d", ProviderLimits.durationLimit), ("34.074824224s", 34_074_825),
    ])
    func durationsAreRead(text: String, microseconds: Int64) {
        #expect(ProviderLimits.duration(text) == microseconds)
    }

    @Test(arguments: [
        "", " ", "s", "-1", "-1s", "1x", "1 s", "1e3", "0x10", "NaN", "inf", "1s2", ".", ".s", "1..2s", "1s\n", "+1s",
        "٣s", "99999999999999999999h", "32d", "1_000", "1,5s", "soon", String(repeating: "9", count: 41),
        String(repeating: "1h", count: 100_000),
    ])
    func nonsenseIsNoDuration(text: String) {
        #expect(ProviderLimits.duration(text) == nil)
        #expect(limits(["x-ratelimit-reset-requests": text]) == nil)
        #expect(limits(["retry-after-ms": text]) == nil)
    }

    @Test(arguments: [
        ("20", Int64(20_000_000)), ("1.5", 1_500_000), ("0", 0), ("Wed, 25 Nov 2026 12:00:10 GMT", 10_000_000),
        ("Wednesday, 25-Nov-26 12:00:10 GMT", 10_000_000), ("Wed Nov 25 12:00:10 2026", 10_000_000),
        ("Wed, 25 Nov 2026 11:00:00 GMT", 0),
    ])
    func retryAfterIsSecondsOrADate(text: String, microseconds: Int64) {
        #expect(limits(["retry-after": text])?.retryAfter == microseconds)
    }

    @Test(arguments: [
        "", "-5", "tomorrow", "Wed, 99 Nov 2026 12:00:10 GMT", "Wed, 25 Nov 2030 12:00:10 GMT", "99999999999999999999",
        "Wed, 25 Nov 999999999999 12:00:10 GMT", "2678401", String(repeating: "Wed, 25 Nov ", count: 10_000),
    ])
    func aWaitThatCannotBeIsIgnored(text: String) {
        #expect(limits(["retry-after": text]) == nil)
    }

    @Test func millisecondsArePreferred() {
        #expect(limits(["retry-after": "3", "retry-after-ms": "2500"])?.retryAfter == 2_500_000)
        #expect(limits(["retry-after": "3", "retry-after-ms": "x"])?.retryAfter == 3 * Self.second)
    }

    @Test func timesAreComparedWithTheServersClock() {
        let limits = limits([
            "date": "Wed, 25 Nov 2026 10:00:00 GMT", "anthropic-ratelimit-requests-reset": "2026-11-25T10:00:30Z",
            "retry-after": "Wed, 25 Nov 2026 10:00:20 GMT",
        ])
        #expect(limits?.requests.reset == 30 * Self.second)
        #expect(limits?.retryAfter == 20 * Self.second)
    }

    @Test(arguments: ["-1", "", "7.5", "1e3", "1000000000000001", "99999999999999999999999", "many", "٣"])
    func countsThatCannotBeAreIgnored(text: String) {
        #expect(limits(["x-ratelimit-remaining-tokens": text, "anthropic-ratelimit-requests-limit": text]) == nil)
    }

    @Test(arguments: ["0000-01-01T00:00:00Z", "99999-01-01T00:00:00Z", "2026-13-45T99:00:00Z", "2026-11-25"])
    func timesThatCannotBeAreIgnored(text: String) {
        let reset = limits(["anthropic-ratelimit-requests-reset": text])?.requests.reset
        #expect(reset == nil || reset == 0)
    }

    @Test func theServerMaySayWhetherToTryAgain() {
        #expect(limits(["x-should-retry": "true"])?.shouldRetry == true)
        #expect(limits(["x-should-retry": "False"])?.shouldRetry == false)
        #expect(limits(["x-should-retry": "maybe"]) == nil)
    }

    @Test func googlesAdviceStandsInTheBody() throws {
        func advice(_ delay: String) throws -> Int64? {
            let body = try JSONValue(
                parsing: #"""
                    {"error":{"code":429,"details":[7,{"@type":"type.googleapis.com/google.rpc.QuotaFailure"},
                     {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":\#(delay)}]}}
                    """#)
            let head = HTTPHead(status: 429, fields: [:], receivedAt: Self.noon)
            return ProviderLimits(head: head, body: body)?.retryAfter
        }
        #expect(try advice(#""34s""#) == 34 * Self.second)
        #expect(try advice(#""34.5s""#) == 34_500_000)
        for nonsense in [#""-3s""#, "34", "null", #""""#, #"{"seconds":3}"#] {
            #expect(try advice(nonsense) == nil)
        }
    }

    @Test func anyHeadIsReadWithoutTrapping() {
        var random = StableRandom(seed: 11)
        let alphabet = Array("0123456789.-+:TZhmsµ eEWed,NovGT")
        for _ in 0..<20_000 {
            let text = String((0..<random.next(below: 30)).map { _ in alphabet[random.next(below: alphabet.count)] })
            let read = limits([
                "date": text, "retry-after": text, "retry-after-ms": text, "x-ratelimit-reset-tokens": text,
                "x-ratelimit-remaining-tokens": text, "anthropic-ratelimit-requests-reset": text,
            ])
            let durations = [read?.retryAfter, read?.tokens.reset, read?.requests.reset].compactMap { $0 }
            #expect(durations.allSatisfy { (0...ProviderLimits.durationLimit).contains($0) })
            #expect(read?.tokens.remaining ?? 0 >= 0)
        }
    }

    @Test func anAnswerAndAnErrorCarryThem() async throws {
        let fields = ["Content-Type": "application/json", "X-RateLimit-Remaining-Requests": "3", "Retry-After": "7"]
        let body = #"{"choices":[{"message":{"content":"Hi."},"finish_reason":"stop"}]}"#
        let time = ManualTime()
        for status in [200, 429] {
            let server = try await FakeOpenAIServer.start { _ in
                .raw(status: status, headers: fields, body: Array(body.utf8))
            }
            let provider = try openAI(server.baseURL, time: time)
            let expected = ProviderLimits(
                receivedAt: time.now(), requests: .init(remaining: 3), retryAfter: 7 * Self.second)
            if status == 200 {
                let answer = try await provider.generate(call(), permit: permit()) { _ in }
                #expect(answer.limits == expected)
                let kept = try JSONDecoder().decode(Answer.self, from: JSONEncoder().encode(answer))
                #expect(kept.limits == nil && kept.text == "Hi.")
            } else {
                #expect(await failure(of: provider)?.limits == expected)
            }
        }
    }
}
