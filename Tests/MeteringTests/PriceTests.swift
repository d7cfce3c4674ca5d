import Configuration
import Core
import Testing

@testable import Metering

@Suite struct PriceTests {
    private func settings(_ change: (inout RateLimitSettings) throws -> Void) rethrows -> RateLimitSettings {
        var settings = RateLimitSettings()
        try change(&settings)
        return settings
    }

    @Test func costIsTheExactSumOfDisjointClasses() throws {
        let price = try Price(
            input: Money(dollars: "0.0000025"), cachedInput: Money(dollars: "0.00000125"),
            output: Money(dollars: "0.00001"), request: Money(dollars: "0.01"))
        let usage = Usage(inputTokens: 1_000, cachedInputTokens: 200, outputTokens: 300, reasoningTokens: 100)
        #expect(price.cost(of: usage).dollars == "0.01575")
        #expect(price.worstCase(inputTokens: 1_000, outputTokens: 500).dollars == "0.0175")
    }

    @Test func cachedInputWithoutPriceCostsTheInputPrice() throws {
        let price = try Price(input: Money(dollars: "0.000001"), output: Money(dollars: "0.000002"))
        #expect(price.cost(of: Usage(inputTokens: 0, cachedInputTokens: 10, outputTokens: 0)).dollars == "0.00001")
    }

    @Test func modelPriceComesBeforeProviderPrice() throws {
        let settings = try settings {
            $0.providerPrices["openai"] = PriceOverride(
                inputToken: try Money(dollars: "0.5"), outputToken: try Money(dollars: "0.6"))
            $0.modelPrices["gpt-4o"] = PriceOverride(inputToken: try Money(dollars: "0.1"))
        }
        let price = settings.price(provider: "openai", model: "gpt-4o", isLocal: false)
        #expect(price?.input.dollars == "0.1")
        #expect(price?.output.dollars == "0.6")
        #expect(settings.price(provider: "openai", model: "gpt-5", isLocal: false)?.input.dollars == "0.5")
    }

    @Test func unknownModelIsUnpricedAndLocalModelIsFree() throws {
        let settings = RateLimitSettings()
        #expect(settings.price(provider: "openai", model: "gpt-4o", isLocal: false) == nil)
        #expect(settings.price(provider: "embedded", model: "embedded", isLocal: true) == .free)
    }

    @Test func halfAPriceIsNoPriceExceptOnThisMachine() throws {
        let settings = try settings {
            $0.modelPrices["m"] = PriceOverride(inputToken: try Money(dollars: "0.1"))
        }
        #expect(settings.price(provider: "p", model: "m", isLocal: false) == nil)
        #expect(settings.price(provider: "p", model: "m", isLocal: true)?.output == .zero)
    }

    @Test func pricePerRequestAloneIsAPrice() throws {
        let settings = try settings {
            $0.modelPrices["m"] = PriceOverride(perRequest: try Money(dollars: "0.02"))
        }
        let price = settings.price(provider: "p", model: "m", isLocal: false)
        #expect(price?.cost(of: Usage(inputTokens: 9, outputTokens: 9)).dollars == "0.02")
    }
}
