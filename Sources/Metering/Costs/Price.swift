public import Configuration
public import Core

/// Dollars for one token of each class.
public struct TokenPrices: Hashable, Sendable {
    public var input: Money
    public var cachedInput: Money
    /// For a token that the provider keeps in its prompt cache for minutes.
    public var cacheWrite: Money
    /// For a token that the provider keeps in its prompt cache for an hour or longer.
    public var cacheWriteHour: Money
    public var output: Money

    /// A class without a price of its own costs what the one costs that it is a kind of, never nothing.
    public init(
        input: Money, cachedInput: Money? = nil, cacheWrite: Money? = nil, cacheWriteHour: Money? = nil, output: Money
    ) {
        self.input = input
        self.cachedInput = cachedInput ?? input
        self.cacheWrite = cacheWrite ?? input
        self.cacheWriteHour = cacheWriteHour ?? self.cacheWrite
        self.output = output
    }

    /// nil when there is no price for input or for output, and nothing that stands in for it.
    init?(_ figures: PriceFigures, otherwise: Money?) {
        guard let input = figures.input ?? otherwise, let output = figures.output ?? otherwise else { return nil }
        self.init(
            input: input, cachedInput: figures.cachedInput, cacheWrite: figures.cacheWrite,
            cacheWriteHour: figures.cacheWriteHour, output: output)
    }

    fileprivate var dearestInput: Money { max(input, cachedInput, cacheWrite, cacheWriteHour) }

    /// Reasoning is part of the output.
    fileprivate func cost(of usage: Usage) -> Money {
        let read = input * usage.inputTokens + cachedInput * usage.cachedInputTokens
        let written = cacheWrite * usage.cacheWriteTokens + cacheWriteHour * usage.cacheWriteHourTokens
        return read + written + output * usage.outputTokens
    }
}

/// What one model costs.
public struct Price: Hashable, Sendable {
    /// What the tokens of a long call cost.
    public struct Tier: Hashable, Sendable {
        /// The tier is for calls with more input tokens than this, cached and written ones included.
        public var above: Int
        public var tokens: TokenPrices

        public init(above: Int, tokens: TokenPrices) {
            self.above = above
            self.tokens = tokens
        }
    }

    /// What the tokens of a call cost that belongs to no tier.
    public var tokens: TokenPrices
    /// From the fewest tokens to the most. All tokens of a call cost what its tier says.
    public var tiers: [Tier]
    public var request: Money
    public var image: Money
    /// Dollars for one character of text that is spoken.
    public var character: Money

    public static let free = Price(tokens: TokenPrices(input: .zero, output: .zero))

    public init(
        tokens: TokenPrices, tiers: [Tier] = [], request: Money = .zero, image: Money = .zero, character: Money = .zero
    ) {
        self.tokens = tokens
        self.tiers = tiers
        self.request = request
        self.image = image
        self.character = character
    }

    /// The exact cost of a call: each disjoint class at its price.
    public func cost(of usage: Usage) -> Money {
        let tier = tiers.last { $0.above < usage.allInputTokens }
        let pieces = image * usage.images + character * usage.characters
        return (tier?.tokens ?? tokens).cost(of: usage) + pieces + request
    }

    /// A bound on the cost of a call that uses no more than this, its tokens at the dearest prices that may apply.
    public func worstCase(of bound: Usage) -> Money {
        let pieces = image * bound.images + character * bound.characters
        return worstCase(inputTokens: bound.allInputTokens, outputTokens: bound.outputTokens) + pieces
    }

    /// The same for a call that uses tokens alone.
    public func worstCase(inputTokens: Int, outputTokens: Int) -> Money {
        var (input, output) = (tokens.dearestInput, tokens.output)
        for tier in tiers where tier.above < inputTokens {
            input = max(input, tier.tokens.dearestInput)
            output = max(output, tier.tokens.output)
        }
        return input * inputTokens + output * outputTokens + request
    }
}

extension RateLimitSettings {
    /// The price of a model of a provider of a type (`openai`): class by class the model's own, else its provider's,
    /// else the built-in table's; else $0 for what runs on this machine, which the table is not asked about. What the
    /// configuration sets holds for every tier.
    ///
    /// nil when the price is not known: an unpriced model never counts as free. A price for a request is a whole price;
    /// one for an image or a character is where nothing writes text.
    ///
    /// `variants` are names under which the call's own sort may have other prices, which count before the model's: those
    /// of a region (`eu-west-1/MODEL`), of a picture's quality and size (`hd/1024-x-1024/MODEL`).
    public func price(
        provider: String, model: String, variants: [String] = [], type: String?, isLocal: Bool
    ) -> Price? {
        let type = type.flatMap(ProviderType.init(rawValue:))
        let names = variants + [model]
        let listings = isLocal ? [] : names.compactMap { PriceTable.builtIn.listing(of: $0, type: type) }
        let own = names.reduce(PriceFigures()) { $0.filled(from: PriceFigures(modelPrices[$1])) }
            .filled(from: PriceFigures(providerPrices[provider]))
        let figures = listings.reduce(own) { $0.filled(from: $1.figures) }
        let piece = type?.kinds.contains(.text) == false ? figures.image ?? figures.character : nil
        let otherwise: Money? = isLocal || (figures.request ?? piece) != nil ? .zero : nil
        guard let tokens = TokenPrices(figures, otherwise: otherwise) else { return nil }
        let tiers = (listings.first?.tiers ?? []).compactMap { tier in
            TokenPrices(own.filled(from: tier.figures), otherwise: otherwise).map {
                Price.Tier(above: tier.above, tokens: $0)
            }
        }
        return Price(
            tokens: tokens, tiers: tiers, request: figures.request ?? .zero, image: figures.image ?? .zero,
            character: figures.character ?? .zero)
    }
}
