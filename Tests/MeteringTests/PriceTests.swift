import Configuration
import Core
import Testing

@testable import Metering

@Suite struct PriceTests {
    /// A price of whole pico-dollars that differ in every class, with a tier.
    private let price = Price(
        tokens: TokenPrices(
            input: Money(picodollars: 100), cachedInput: Money(picodollars: 10), cacheWrite: Money(picodollars: 125),
            cacheWriteHour: Money(picodollars: 200), output: Money(picodollars: 500)),
        tiers: [
            Price.Tier(
                above: 1_000,
                tokens: TokenPrices(input: Money(picodollars: 150), output: Money(picodollars: 700))),
            Price.Tier(
                above: 2_000,
                tokens: TokenPrices(input: Money(picodollars: 120), output: Money(picodollars: 900))),
        ],
        request: Money(picodollars: 7), image: Money(picodollars: 1_000_000), character: Money(picodollars: 3))

    private func settings(_ change: (inout RateLimitSettings) throws -> Void) rethrows -> RateLimitSettings {
        var settings = RateLimitSettings()
        try change(&settings)
        return settings
    }

    private func dollars(_ text: String) throws -> Money { try Money(dollars: text) }

    // MARK: - Arithmetic

    @Test func costIsTheExactSumOfDisjointClasses() {
        let usage = Usage(
            inputTokens: 1, cachedInputTokens: 20, cacheWriteTokens: 300, cacheWriteHourTokens: 4, outputTokens: 50,
            reasoningTokens: 40, images: 2, characters: 11)
        // 100 + 200 + 37,500 + 800 + 25,000 + 2,000,000 + 33 + 7
        #expect(price.cost(of: usage).picodollars == 2_063_640)
        #expect(Price.free.cost(of: usage) == .zero)
    }

    @Test func classWithoutAPriceCostsWhatItsKindCosts() {
        let plain = TokenPrices(input: Money(picodollars: 100), output: Money(picodollars: 500))
        #expect(plain.cachedInput == plain.input && plain.cacheWrite == plain.input)
        #expect(plain.cacheWriteHour == plain.input)
        let written = TokenPrices(
            input: Money(picodollars: 100), cacheWrite: Money(picodollars: 125), output: Money(picodollars: 500))
        #expect(written.cacheWriteHour == written.cacheWrite)
    }

    @Test(arguments: [(1_000, 100_000), (1_001, 150_150), (2_000, 300_000), (2_001, 240_120)])
    func tierIsChosenByAllInputTokens(count: Int, picodollars: Int) {
        var plain = price
        plain.request = .zero
        plain.tokens = TokenPrices(input: Money(picodollars: 100), output: Money(picodollars: 500))
        let mixes = [
            Usage(inputTokens: count, outputTokens: 0),
            Usage(inputTokens: count - 900, cachedInputTokens: 900, outputTokens: 0),
            Usage(inputTokens: 1, cacheWriteTokens: count - 500, cacheWriteHourTokens: 499, outputTokens: 0),
        ]
        for usage in mixes { #expect(plain.cost(of: usage).picodollars == Int128(picodollars)) }
    }

    @Test func noCallCostsMoreThanItsWorstCase() {
        for bound in [0, 1, 999, 1_000, 1_001, 2_000, 2_001, 5_000] {
            let worst = price.worstCase(inputTokens: bound, outputTokens: 100)
            for step in 0...10 {
                let part = bound * step / 10
                let mixes = [
                    Usage(inputTokens: part, outputTokens: 100),
                    Usage(inputTokens: 0, cachedInputTokens: part, outputTokens: 100),
                    Usage(inputTokens: 0, cacheWriteTokens: part, outputTokens: 100),
                    Usage(inputTokens: bound - part, cacheWriteHourTokens: part, outputTokens: 100),
                ]
                for usage in mixes { #expect(price.cost(of: usage) <= worst) }
            }
        }
        #expect(price.worstCase(inputTokens: 1_000, outputTokens: 100).picodollars == 200 * 1_000 + 500 * 100 + 7)
        #expect(price.worstCase(inputTokens: 1_001, outputTokens: 100).picodollars == 200 * 1_001 + 700 * 100 + 7)
        #expect(price.worstCase(inputTokens: 2_001, outputTokens: 100).picodollars == 200 * 2_001 + 900 * 100 + 7)
    }

    @Test func aMillionCostsAddUpExactly() {
        let costs = (0..<10).map { price.cost(of: Usage(inputTokens: 3 + $0, outputTokens: 1)) }
        var sum = Money.zero
        for index in 0..<1_000_000 { sum += costs[index % 10] }
        // Each: 300 + 100 × (0 … 9) + 500 + 7.
        #expect(sum.picodollars == 1_000_000 * 807 + 100_000 * 100 * 45)
    }

    // MARK: - Where a price comes from

    @Test func modelsPriceComesBeforeItsProvidersAndThatBeforeTheTables() throws {
        let settings = try settings {
            $0.providerPrices["mine"] = PriceOverride(
                inputToken: try dollars("0.5"), outputToken: try dollars("0.6"))
            $0.modelPrices["gpt-4o"] = PriceOverride(inputToken: try dollars("0.1"))
        }
        let known = settings.price(provider: "mine", model: "gpt-4o", type: "openai", isLocal: false)
        #expect(known?.tokens.input.dollars == "0.1")
        #expect(known?.tokens.output.dollars == "0.6")
        #expect(known?.tokens.cachedInput.dollars == "0.00000125")
        let other = settings.price(provider: "mine", model: "nobody-knows", type: "openai", isLocal: false)
        #expect(other?.tokens.input.dollars == "0.5" && other?.tokens.cachedInput.dollars == "0.5")
        let plain = settings.price(provider: "openai", model: "gpt-5", type: "openai", isLocal: false)
        #expect(plain?.tokens.input.dollars == "0.00000125")
    }

    @Test func configuredPriceHoldsForEveryTierAndEveryWrittenToken() throws {
        let settings = try settings {
            $0.modelPrices["gemini-2.5-pro"] = PriceOverride(
                inputToken: try dollars("0.1"), cacheWriteToken: try dollars("0.2"))
        }
        let price = try #require(
            settings.price(provider: "gemini", model: "gemini-2.5-pro", type: "gemini", isLocal: false))
        #expect(price.tokens.cacheWrite.dollars == "0.2" && price.tokens.cacheWriteHour.dollars == "0.2")
        #expect(price.tiers.map(\.above) == [200_000])
        let tier = try #require(price.tiers.first)
        #expect(tier.tokens.input.dollars == "0.1" && tier.tokens.cacheWriteHour.dollars == "0.2")
        #expect(tier.tokens.output.dollars == "0.000015" && price.tokens.output.dollars == "0.00001")
    }

    @Test(arguments: ["openai", "anthropic", "nothing", nil] as [String?])
    func unknownModelIsUnpricedAndLocalModelIsFree(type: String?) {
        let settings = RateLimitSettings()
        #expect(settings.price(provider: "p", model: "nobody-knows", type: type, isLocal: false) == nil)
        #expect(settings.price(provider: "p", model: "nobody-knows", type: type, isLocal: true) == .free)
        // A name of the table's, given to a model on this machine.
        #expect(settings.price(provider: "p", model: "gpt-4o", type: type, isLocal: true) == .free)
    }

    @Test func halfAPriceIsNoPriceExceptOnThisMachine() throws {
        let settings = try settings {
            $0.modelPrices["in"] = PriceOverride(inputToken: try dollars("0.1"))
            $0.modelPrices["out"] = PriceOverride(outputToken: try dollars("0.1"))
        }
        #expect(settings.price(provider: "p", model: "in", type: "openai", isLocal: false) == nil)
        #expect(settings.price(provider: "p", model: "out", type: "openai", isLocal: false) == nil)
        let local = settings.price(provider: "p", model: "in", type: "openai", isLocal: true)
        #expect(local?.tokens.input.dollars == "0.1" && local?.tokens.output == .zero)
    }

    @Test func pricePerRequestAloneIsAPrice() throws {
        let settings = try settings {
            $0.modelPrices["m"] = PriceOverride(perRequest: try dollars("0.02"))
        }
        let price = settings.price(provider: "p", model: "m", type: "openai", isLocal: false)
        #expect(price?.cost(of: Usage(inputTokens: 9, outputTokens: 9)).dollars == "0.02")
    }

    @Test func pricePerPieceAloneIsAPriceWhereNothingWritesText() throws {
        let settings = try settings {
            $0.modelPrices["m"] = PriceOverride(perImage: try dollars("0.04"), perCharacter: try dollars("0.00003"))
        }
        func cost(_ usage: Usage, _ type: String?) -> String? {
            settings.price(provider: "p", model: "m", type: type, isLocal: false)?.cost(of: usage).dollars
        }
        #expect(cost(Usage(inputTokens: 9, outputTokens: 0, images: 3), "dalle") == "0.12")
        #expect(cost(Usage(inputTokens: 0, outputTokens: 0, characters: 1_000), "elevenlabs") == "0.03")
        #expect(cost(Usage(inputTokens: 9, outputTokens: 9), "openai") == nil)
        #expect(cost(Usage(inputTokens: 9, outputTokens: 9), nil) == nil)
    }

    @Test(arguments: [
        ("openai_tts", "tts-1", Usage(inputTokens: 0, outputTokens: 0, characters: 1_234), "0.01851"),
        ("elevenlabs", "eleven_v3", Usage(inputTokens: 0, outputTokens: 0, characters: 1_234), "0.09872"),
        ("imagen", "imagen-3.0-generate-001", Usage(inputTokens: 0, outputTokens: 0, images: 3), "0.12"),
        ("dalle", "gpt-image-1", Usage(inputTokens: 50, outputTokens: 4_160), "0.16665"),
    ])
    func picturesAndSoundArePricedToo(type: String, model: String, usage: Usage, dollars: String) {
        let price = RateLimitSettings().price(provider: type, model: model, type: type, isLocal: false)
        #expect(price?.cost(of: usage).dollars == dollars)
    }
}
