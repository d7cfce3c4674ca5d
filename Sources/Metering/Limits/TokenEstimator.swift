import Configuration
import Core
import Synchronization

/// How many tokens a call will probably use: what it takes from token buckets until its real usage is known.
public struct TokenEstimate: Hashable, Sendable {
    public var input: Int
    public var output: Int

    /// What the call takes from a bucket.
    func units(_ metric: LimitMetric) -> Int64 {
        switch metric {
        case .requests: 1
        case .tokens: Int64(input) + Int64(output)
        case .inputTokens: Int64(input)
        case .outputTokens: Int64(output)
        }
    }
}

/// Learns from a provider's answers how far its calls stay below their bounds.
///
/// The bounds, a token for each byte and `max_tokens`, are three to five times what a call uses; taking them whole would
/// leave most of a token limit unused.
final class TokenEstimator: Sendable {
    /// Shares of the bounds, in thousandths.
    private struct Shares {
        /// English text has about four bytes a token, other scripts fewer.
        var input = 300
        var output = 1_000
    }

    private let shares = Mutex<[String: Shares]>([:])

    func estimate(_ demand: Demand) -> TokenEstimate {
        let share = shares.withLock { $0[demand.provider] ?? Shares() }
        return TokenEstimate(
            input: Self.part(share.input, of: demand.worstInputTokens),
            output: Self.part(share.output, of: demand.worstOutputTokens))
    }

    /// Moves a provider's shares an eighth of the way to what an answer used.
    func learn(_ demand: Demand, _ usage: Usage) {
        shares.withLock { shares in
            var share = shares[demand.provider] ?? Shares()
            share.input +=
                (Self.share(usage.totalTokens - usage.outputTokens, demand.worstInputTokens) - share.input) / 8
            share.output += (Self.share(usage.outputTokens, demand.worstOutputTokens) - share.output) / 8
            shares[demand.provider] = share
        }
    }

    private static func part(_ share: Int, of bound: Int) -> Int {
        let part = (Int128(max(bound, 0)) * Int128(share) + 999) / 1_000
        return Int(clamping: part)
    }

    private static func share(_ used: Int, _ bound: Int) -> Int {
        guard bound > 0 else { return 1_000 }
        return Int(min(1_000, Int128(max(used, 0)) * 1_000 / Int128(bound)))
    }
}
