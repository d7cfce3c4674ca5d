import Configuration
import Core
import Testing

@testable import Metering

/// Calls at their providers' published prices, worked out by hand in pico-dollars.
@Suite struct InvoiceTests {
    private func cost(_ type: String, _ model: String, _ usage: Usage) -> Int128? {
        RateLimitSettings().price(provider: "p", model: model, type: type, isLocal: false)?.cost(of: usage).picodollars
    }

    @Test func openAIWithCachedInputAndReasoning() {
        // gpt-5, a million tokens: $1.25 in, $0.125 cached, $10 out; reasoning is part of the output.
        let usage = Usage(
            inputTokens: 1_234, cachedInputTokens: 8_192, outputTokens: 2_345, reasoningTokens: 1_024)
        // 1,542,500,000 + 1,024,000,000 + 23,450,000,000
        #expect(cost("openai", "gpt-5", usage) == 26_016_500_000)
    }

    @Test func openAIWithoutACache() {
        // gpt-4o, a million tokens: $2.50 in, $10 out.
        #expect(cost("openai", "gpt-4o", Usage(inputTokens: 1, outputTokens: 1)) == 12_500_000)
        #expect(cost("openai", "gpt-4o", Usage(inputTokens: 1_000_000, outputTokens: 0)) == 2_500_000_000_000)
    }

    @Test func anthropicWithBothKindsOfWritesAndAReading() {
        // claude-sonnet-4-5, a million tokens: $3 in, $0.30 read, $3.75 and $6 written, $15 out.
        let usage = Usage(
            inputTokens: 21, cachedInputTokens: 188_086, cacheWriteTokens: 456, cacheWriteHourTokens: 1_024,
            outputTokens: 393, reasoningTokens: 300)
        // 63,000,000 + 56,425,800,000 + 1,710,000,000 + 6,144,000,000 + 5,895,000,000
        #expect(cost("anthropic", "claude-sonnet-4-5", usage) == 70_237_800_000)
    }

    @Test func geminiWithThoughtsAndItsTierAbove200kTokens() {
        // gemini-2.5-pro, a million tokens: $1.25 in, $0.125 cached, $10 out; above 200k $2.50, $0.25, $15.
        var usage = Usage(
            inputTokens: 150_000, cachedInputTokens: 50_000, outputTokens: 1_500, reasoningTokens: 1_000)
        // 187,500,000,000 + 6,250,000,000 + 15,000,000,000
        #expect(cost("gemini", "gemini-2.5-pro", usage) == 208_750_000_000)
        usage.inputTokens += 1
        // 375,002,500,000 + 12,500,000,000 + 22,500,000,000
        #expect(cost("gemini", "gemini-2.5-pro", usage) == 410_002_500_000)
    }

    @Test func xAIReachesItsTierAt200kTokens() {
        // grok-4.3, a million tokens: $1.25 in, $0.20 cached, $2.50 out; from 200k on $2.50, $0.40, $5.
        var usage = Usage(
            inputTokens: 100_000, cachedInputTokens: 99_999, outputTokens: 1_700, reasoningTokens: 1_200)
        // 125,000,000,000 + 19,999,800,000 + 4,250,000,000
        #expect(cost("openai", "grok-4.3", usage) == 149_249_800_000)
        usage.cachedInputTokens += 1
        // 250,000,000,000 + 40,000,000,000 + 8,500,000,000
        #expect(cost("openai", "grok-4.3", usage) == 298_500_000_000)
    }

    @Test func bedrockCostsMoreInSomeRegions() {
        // Llama 3 70B, a million tokens: $2.65 in and $3.50 out, in São Paulo $4.45 and $5.88.
        let usage = Usage(inputTokens: 1_000, outputTokens: 100)
        #expect(cost("bedrock", "meta.llama3-70b-instruct-v1:0", usage) == 3_000_000_000)
        #expect(cost("bedrock", "sa-east-1/meta.llama3-70b-instruct-v1:0", usage) == 5_038_000_000)
    }
}
