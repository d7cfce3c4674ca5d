import Configuration
import Core

/// How many tokens a call will probably use: what it takes from token buckets until its real usage is known.
public struct TokenEstimate: Hashable, Sendable {
    public var input: Int
    public var output: Int

    package init(input: Int, output: Int) {
        self.input = input
        self.output = output
    }

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
struct TokenEstimator {
    /// Shares of the bounds, in thousandths.
    private struct Shares {
        /// English text has about four bytes a token, other scripts fewer.
        var input = 300
        var output = 1_000
    }

    /// By provider; there are few.
    private var shares: [(provider: String, shares: Shares)] = []

    func estimate(_ demand: Demand) -> TokenEstimate {
        let share = index(of: demand.provider).map { shares[$0].shares } ?? Shares()
        return TokenEstimate(
            input: Self.part(share.input, of: demand.worstInputTokens),
            output: Self.part(share.output, of: demand.worstOutputTokens))
    }

    /// Moves a provider's shares an eighth of the way to what an answer used.
    mutating func learn(_ demand: Demand, _ usage: Usage) {
        let index = index(of: demand.provider)
        var share = index.map { shares[$0].shares } ?? Shares()
        share.input += (Self.share(usage.allInputTokens, demand.worstInputTokens) - share.input) / 8
        share.output += (Self.share(usage.outputTokens, demand.worstOutputTokens) - share.output) / 8
        if let index { shares[index].shares = share } else { shares.append((demand.provider, share)) }
    }

    private func index(of provider: String) -> Int? { shares.indices.first { shares[$0].provider == provider } }

    private static func part(_ share: Int, of bound: Int) -> Int {
        let (product, isTooLarge) = max(bound, 0).multipliedReportingOverflow(by: share)
        return isTooLarge ? bound : product / 1_000 + (product % 1_000 > 0 ? 1 : 0)
    }

    private static func share(_ used: Int, _ bound: Int) -> Int {
        guard bound > 0 else { return 1_000 }
        return Int(min(1_000, Int128(max(used, 0)) * 1_000 / Int128(bound)))
    }
}
