import Configuration
import Core
import Providers
import Testing

@testable import Generation

/// Which failures are tried again, and when.
@Suite struct RetryRuleTests {
    private let now = Moment(wall: 1_795_608_000_000_000, sinceBoot: 3_600_000_000)

    private func rule(random: Double = 1, patience: Int = 300, _ change: (inout RetrySettings) -> Void = { _ in })
        -> RetryRule
    {
        var settings = RetrySettings()
        change(&settings)
        return RetryRule(settings, patienceSeconds: patience) { random }
    }

    private func error(
        _ kind: ProviderError.Kind = .serverFailed, status: Int? = 500, text: String? = nil,
        limits: ProviderLimits? = nil
    ) -> ProviderError {
        ProviderError(
            kind: kind, provider: "p", status: status, message: "m", partialText: text, billing: .nothing,
            limits: limits)
    }

    private func advice(_ seconds: Int64?, should: Bool? = nil, since: Int64 = 0) -> ProviderLimits {
        let then = Moment(wall: now.wall - since, sinceBoot: now.sinceBoot - since)
        return ProviderLimits(receivedAt: then, retryAfter: seconds.map { $0 * 1_000_000 }, shouldRetry: should)
    }

    @Test func theWaitDoublesUpToItsLimit() {
        let rule = rule {
            $0.maxRetries = 100
            $0.maxDelayMilliseconds = 10_000
        }
        let waits = [1, 2, 3, 4, 5, 100].map { rule.verdict(after: error(), try: $0, now: now) }
        #expect(waits == [1, 2, 4, 8, 10, 10].map { .again(after: $0 * 1_000_000) })
    }

    @Test(arguments: [0, 0.25, 0.5]) func aRandomPartOfTheWaitIsTaken(random: Double) {
        let verdict = rule(random: random).verdict(after: error(), try: 3, now: now)
        #expect(verdict == .again(after: Int64(4_000_000 * random)))
    }

    @Test func thereIsOneCountOfTries() {
        #expect(rule().verdict(after: error(), try: 3, now: now) == .again(after: 4_000_000))
        #expect(rule().verdict(after: error(), try: 4, now: now) == .never)
        #expect(rule { $0.maxRetries = 0 }.verdict(after: error(), try: 1, now: now) == .never)
    }

    @Test func theProvidersAdviceIsNeverUndercut() {
        let limited = error(.rateLimited, status: 429, limits: advice(20))
        #expect(rule(random: 0).verdict(after: limited, try: 1, now: now) == .again(after: 20_000_000))
        let late = error(.rateLimited, status: 429, limits: advice(20, since: 15_000_000))
        #expect(rule(random: 0).verdict(after: late, try: 1, now: now) == .again(after: 5_000_000))
        let past = error(.rateLimited, status: 429, limits: advice(20, since: 25_000_000))
        #expect(rule().verdict(after: past, try: 1, now: now) == .again(after: 1_000_000))
    }

    @Test func aWaitBeyondTheRequestsPatienceIsNone() {
        let limited = error(.rateLimited, status: 429, limits: advice(301))
        #expect(rule().verdict(after: limited, try: 1, now: now) == .tooLong(301_000_000))
        #expect(rule(patience: 301).verdict(after: limited, try: 1, now: now) == .again(after: 301_000_000))
        #expect(rule(patience: .max).verdict(after: limited, try: 1, now: now) == .again(after: 301_000_000))
        #expect(rule(patience: -1).verdict(after: error(), try: 1, now: now) == .tooLong(1_000_000))
    }

    @Test(arguments: ProviderError.Kind.allCases) func onlyWhatMayPassIsTriedAgain(kind: ProviderError.Kind) {
        let passing: Set<ProviderError.Kind> = [.unreachable, .timedOut, .interrupted, .rateLimited, .serverFailed]
        let verdict = rule().verdict(after: error(kind, status: nil), try: 1, now: now)
        #expect((verdict != .never) == passing.contains(kind))
    }

    @Test(arguments: [(400, false), (408, true), (409, true), (413, false), (422, false)])
    func someRejectionsPass(status: Int, isPassing: Bool) {
        #expect((rule().verdict(after: error(.rejected, status: status), try: 1, now: now) != .never) == isPassing)
    }

    @Test func whatTheServerSaysOverrulesItsStatus() {
        let yes = error(.rejected, status: 400, limits: advice(nil, should: true))
        #expect(rule().verdict(after: yes, try: 1, now: now) != .never)
        let no = error(.serverFailed, limits: advice(nil, should: false))
        #expect(rule().verdict(after: no, try: 1, now: now) == .never)
    }

    @Test func textThatWasShownIsNotWrittenAgain() {
        let broken = error(.interrupted, status: nil, text: "Once", limits: advice(nil, should: true))
        #expect(rule().verdict(after: broken, try: 1, now: now) == .never)
    }
}
