import Configuration
import Core
import Testing

@testable import Metering

@Suite struct PriceTableTests {
    private func input(_ model: String, _ type: ProviderType?) -> String? {
        PriceTable.builtIn.listing(of: model, type: type)?.figures.input?.dollars
    }

    @Test func dataReadsWithoutAFault() throws {
        let table = try PriceTable(reading: PackageResources.prices_tsv)
        #expect(table.source == PriceTable.source)
        #expect(table.listing(of: "gpt-4o", type: .openai) != nil)
    }

    @Test func tableNamesItsSource() {
        #expect(PriceTable.source.list == "litellm")
        #expect(PriceTable.source.release == "1.110.2")
        let date = PriceTable.source.date.wholeMatch(of: /20[0-9]{2}-[0-9]{2}-[0-9]{2}/)
        #expect(date != nil)
        #expect(PriceTable.source.description.hasPrefix("litellm 1.110.2, read on 20"))
    }

    @Test(
        arguments: [
            (.openai, "gpt-4o", "0.0000025"), (.openai, "gpt-4o-mini", "0.00000015"), (.openai, "gpt-5", "0.00000125"),
            (.openai, "o3", "0.000002"), (.openai, "grok-4.3", "0.00000125"),
            (.anthropic, "claude-sonnet-4-5", "0.000003"), (.anthropic, "claude-haiku-4-5", "0.000001"),
            (.gemini, "gemini-2.5-flash", "0.0000003"), (.gemini, "gemini-2.5-pro", "0.00000125"),
            (.bedrock, "anthropic.claude-sonnet-4-5-20250929-v1:0", "0.000003"),
            (.dalle, "gpt-image-1", "0.000005"),
        ] as [(ProviderType, String, String)])
    func modelsOfTheProvidersAreKnown(type: ProviderType, model: String, dollars: String) {
        #expect(input(model, type) == dollars)
    }

    @Test func everyProvidersDefaultModelIsKnown() {
        for type in [ProviderType.openai, .anthropic, .gemini] {
            #expect(input(type.defaultModel ?? "", type) != nil)
        }
    }

    @Test(
        arguments: [
            (.openai, "openai/gpt-4o", "gpt-4o"), (.openai, "xai/grok-4.3", "grok-4.3"),
            (.openai, "gpt-4o-2099-12-31", "gpt-4o"), (.openai, "gpt-5-2025-08-07", "gpt-5"),
            (.openai, "ft:gpt-4o-2024-08-06:my-org:tales:Ab12", "ft:gpt-4o-2024-08-06"),
            (.anthropic, "claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
            (.gemini, "models/gemini-2.5-flash", "gemini-2.5-flash"),
            (.gemini, "gemini/gemini-2.5-flash", "gemini-2.5-flash"),
            (.imagen, "models/imagen-3.0-generate-001", "imagen-3.0-generate-001"),
        ] as [(ProviderType, String, String)])
    func prefixDateAndOwnerAreTolerated(type: ProviderType, model: String, known: String) {
        let listing = PriceTable.builtIn.listing(of: model, type: type)
        #expect(listing != nil && listing == PriceTable.builtIn.listing(of: known, type: type))
    }

    @Test(
        arguments: [
            (.openai, ""), (.openai, "gpt"), (.openai, "GPT-4O"), (.openai, "gpt-4o-micro"), (.openai, "gpt-4o-2024"),
            (.openai, "gpt-4o-2024-8-6"), (.openai, "anthropic/claude-sonnet-4-5"), (.openai, "claude-sonnet-4-5"),
            (.openai, "text-embedding-3-small"), (.openai, "ft:"), (.anthropic, "gpt-4o"), (.anthropic, "claude"),
            (.gemini, "models/"), (.bedrock, "eu-west-9/nobody-knows"), (.elevenlabs, "tts-1"),
            (.ollama, "gpt-4o"), (.embedded, "gpt-4o"), (.a1111, "gpt-4o"), (nil, "gpt-4o"),
        ] as [(ProviderType?, String)])
    func whatIsOnlyAlikeIsUnknown(type: ProviderType?, model: String) {
        #expect(PriceTable.builtIn.listing(of: model, type: type) == nil)
    }

    @Test func dearerOfTwoFiguresForTheSameTokensCounts() {
        // Pictures $120, text and thoughts $12 for a million tokens: usage does not tell them apart.
        let image = PriceTable.builtIn.listing(of: "gemini-3-pro-image", type: .gemini)
        #expect(image?.figures.output?.dollars == "0.00012" && image?.figures.image == nil)
    }

    @Test func longCallsHaveTheirTiers() throws {
        let listing = try #require(PriceTable.builtIn.listing(of: "gemini-2.5-pro", type: .gemini))
        #expect(listing.tiers.map(\.above) == [200_000])
        #expect(listing.tiers.first?.figures.cachedInput?.dollars == "0.00000025")
        // xAI's begin at the threshold itself.
        #expect(PriceTable.builtIn.listing(of: "grok-4.3", type: .openai)?.tiers.map(\.above) == [199_999])
    }

    // MARK: - Reading

    private static let head = "# Prices\n# list: somebody\n# release: 7\n# date: 2026-01-02\n"

    private func table(_ lines: String) throws(PriceTable.Fault) -> PriceTable {
        try PriceTable(reading: Array((Self.head + lines).utf8))
    }

    @Test func linesOfATableAreRead() throws {
        let table = try table(
            "openai\tm n\t0\t3\t4\t\t5\n\t\t100\t6\t7\n\t\t200\t8\t9\nopenai\to\t0\t\t\t\t\t\t1\t2\t3\n")
        #expect(table.source == PriceTable.Source(list: "somebody", release: "7", date: "2026-01-02"))
        let listing = try #require(table.listing(of: "m", type: .openai))
        #expect(listing == table.listing(of: "n", type: .openai))
        #expect(
            listing.figures
                == PriceFigures(
                    input: Money(picodollars: 3), output: Money(picodollars: 4), cacheWrite: Money(picodollars: 5)))
        #expect(listing.tiers.map(\.above) == [100, 200])
        #expect(listing.tiers.last?.figures.output == Money(picodollars: 9))
        #expect(
            table.listing(of: "o", type: .openai)?.figures
                == PriceFigures(
                    request: Money(picodollars: 1), image: Money(picodollars: 2), character: Money(picodollars: 3)))
    }

    @Test(arguments: [
        "openai\tm\t0", "openai\tm\tx\t1", "openai\tm\t-1\t1", "openai\tm\t0\t-1", "openai\tm\t0\t1.5",
        "openai\tm\t0\t1\t1\t1\t1\t1\t1\t1\t1\t1", "openai\t\t0\t1", "openai\tm m\t0\t1", "\t\t100\t1", "m",
        "openai\tm\t0\t99999999999999999999",
    ])
    func lineThatCannotBeIsAFault(line: String) {
        #expect(throws: PriceTable.Fault(line: 5)) { try table(line) }
    }

    @Test func tiersThatDoNotAscendAreAFault() {
        #expect(throws: PriceTable.Fault(line: 7)) { try table("openai\tm\t0\t1\n\t\t200\t2\n\t\t200\t3\n") }
    }

    @Test func tableWithoutASourceIsAFault() {
        #expect(throws: PriceTable.Fault(line: 1)) { try PriceTable(reading: Array("openai\tm\t0\t1\n".utf8)) }
    }
}
