public import Configuration
public import Core

/// What one model costs, in dollars for one token of each class.
public struct Price: Hashable, Sendable {
    public var input: Money
    public var cachedInput: Money
    public var output: Money
    public var request: Money

    public static let free = Price(input: .zero, cachedInput: .zero, output: .zero, request: .zero)

    public init(input: Money, cachedInput: Money? = nil, output: Money, request: Money = .zero) {
        self.input = input
        self.cachedInput = cachedInput ?? input
        self.output = output
        self.request = request
    }

    /// The exact cost of a call: each disjoint class of tokens at its price. Reasoning is part of the output.
    public func cost(of usage: Usage) -> Money {
        input * usage.inputTokens + cachedInput * usage.cachedInputTokens + output * usage.outputTokens + request
    }

    /// A bound on the cost of a call, its input at the dearest price that may apply.
    public func worstCase(inputTokens: Int, outputTokens: Int) -> Money {
        max(input, cachedInput) * inputTokens + output * outputTokens + request
    }
}

extension RateLimitSettings {
    /// The price of a provider's model: the model's own, else its provider's, class by class; else $0 for what runs on
    /// this machine. nil when it is not known: an unpriced model never counts as free.
    public func price(provider: String, model: String, isLocal: Bool) -> Price? {
        let layers = [modelPrices[model], providerPrices[provider]].compactMap { $0 }
        guard !layers.isEmpty else { return isLocal ? .free : nil }
        func first(_ field: (PriceOverride) -> Money?) -> Money? { layers.lazy.compactMap(field).first }
        let local = isLocal ? Money.zero : nil
        let request = first(\.perRequest)
        guard let input = first(\.inputToken) ?? local ?? request.map({ _ in .zero }),
            let output = first(\.outputToken) ?? local ?? request.map({ _ in .zero })
        else { return nil }
        return Price(
            input: input, cachedInput: first(\.cachedInputToken), output: output, request: request ?? .zero)
    }
}
