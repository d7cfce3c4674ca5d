/// One answered call, as ``Pace`` counts it.
struct PaceSample: Hashable {
    var provider: String
    var model: String
    /// From sending the request to the end of its answer.
    var latencyMilliseconds: Int
    /// nil where the count is estimated.
    var outputTokens: Int?
}

/// How fast a provider's models, or one of them, answered lately.
///
/// What counts are the calls that were answered among the ledger's last ``window`` rows, and of each provider and model
/// the newest ``mostCalls`` of those. Hits count in neither. A median is the middle of the values in their order, and of
/// an even number of them the mean of the middle two.
public struct Pace: Hashable, Sendable {
    /// How many of the ledger's rows are looked at.
    public static let window = 500
    /// How many calls of a provider and model count at most.
    public static let mostCalls = 50

    public var provider: String
    /// nil for all models of the provider together.
    public var model: String?
    /// How many calls count.
    public var calls: Int
    /// The median of the times from sending a request to the end of its answer.
    public var latencyMilliseconds: Double
    /// The median, over the calls whose tokens were counted exactly and that took time, of output tokens, reasoning
    /// included, divided by the latency in seconds; nil when there is no such call.
    public var tokensPerSecond: Double?

    /// The paces of every provider, each followed by those of its models; the samples newest first.
    static func paces(of samples: [PaceSample]) -> [Pace] {
        Dictionary(grouping: samples, by: \.provider).sorted { $0.key < $1.key }.flatMap { provider, samples in
            let models = Dictionary(grouping: samples, by: \.model).mapValues { Array($0.prefix(mostCalls)) }
            let each = models.sorted { $0.key < $1.key }.map { Pace(provider, $0, of: $1) }
            return [Pace(provider, nil, of: models.values.flatMap { $0 })] + each
        }
    }

    private init(_ provider: String, _ model: String?, of samples: [PaceSample]) {
        self.provider = provider
        self.model = model
        calls = samples.count
        latencyMilliseconds = Self.median(samples.map { Double($0.latencyMilliseconds) }) ?? 0
        tokensPerSecond = Self.median(
            samples.compactMap { sample in
                guard let tokens = sample.outputTokens, sample.latencyMilliseconds > 0 else { return nil }
                return Double(tokens) * 1_000 / Double(sample.latencyMilliseconds)
            })
    }

    private static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
