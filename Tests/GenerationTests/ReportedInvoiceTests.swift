import Configuration
import Core
import Metering
import Testing

@testable import Providers

/// From what a provider reports, as it stands in the answer, to the pico-dollar; each sum worked out by hand.
@Suite struct ReportedInvoiceTests {
    private func cost(_ type: String, _ model: String, _ usage: Usage?) throws -> Int128? {
        let price = RateLimitSettings().price(provider: "p", model: model, type: type, isLocal: false)
        return price?.cost(of: try #require(usage)).picodollars
    }

    // MARK: - OpenAI

    private func openAI(_ model: String, _ json: String) throws -> Int128? {
        try cost("openai", model, Usage(chat: JSONValue(parsing: json)))
    }

    @Test func openAIsCachedPromptTokensArePaidOnce() throws {
        let invoice = try openAI(
            "gpt-5",
            #"""
            {"prompt_tokens":9426,"completion_tokens":2345,"total_tokens":11771,
             "prompt_tokens_details":{"cached_tokens":8192,"audio_tokens":0},
             "completion_tokens_details":{"reasoning_tokens":1024,"accepted_prediction_tokens":0}}
            """#)
        // 1,234 × 1,250,000 + 8,192 × 125,000 + 2,345 × 10,000,000
        #expect(invoice == 26_016_500_000)
    }

    @Test func openAIsCacheWritesArePaidOnce() throws {
        let invoice = try openAI(
            "gpt-5.6",
            #"""
            {"prompt_tokens":10000,"completion_tokens":77,"total_tokens":10077,
             "prompt_tokens_details":{"cached_tokens":6000,"cache_write_tokens":3000}}
            """#)
        // 1,000 × 4,000,000 + 6,000 × 400,000 + 3,000 × 5,000,000 + 77 × 20,000,000
        #expect(invoice == 22_940_000_000)
    }

    @Test func openAIsTierBeginsAbove272kTokensCachedOnesIncluded() throws {
        let below = try openAI(
            "gpt-5.4",
            #"""
            {"prompt_tokens":272000,"completion_tokens":1000,"total_tokens":273000,
             "prompt_tokens_details":{"cached_tokens":200000}}
            """#)
        // 72,000 × 2,500,000 + 200,000 × 250,000 + 1,000 × 15,000,000
        #expect(below == 245_000_000_000)
        let above = try openAI(
            "gpt-5.4",
            #"""
            {"prompt_tokens":272001,"completion_tokens":1000,"total_tokens":273001,
             "prompt_tokens_details":{"cached_tokens":200000}}
            """#)
        // 72,001 × 5,000,000 + 200,000 × 500,000 + 1,000 × 22,500,000
        #expect(above == 482_505_000_000)
    }

    // MARK: - Anthropic

    private func anthropic(_ model: String, _ json: String) throws -> Int128? {
        try cost("anthropic", model, Usage(anthropic: JSONValue(parsing: json)))
    }

    @Test func anthropicsReadingAndBothKindsOfWritesHaveTheirPrices() throws {
        let invoice = try anthropic(
            "claude-sonnet-4-5",
            #"""
            {"input_tokens":21,"cache_creation_input_tokens":1480,"cache_read_input_tokens":188086,"output_tokens":393,
             "cache_creation":{"ephemeral_5m_input_tokens":456,"ephemeral_1h_input_tokens":1024}}
            """#)
        // 21 × 3,000,000 + 188,086 × 300,000 + 456 × 3,750,000 + 1,024 × 6,000,000 + 393 × 15,000,000
        #expect(invoice == 70_237_800_000)
    }

    @Test func anthropicsWritesWithoutASplitAreThoseOfFiveMinutes() throws {
        let invoice = try anthropic(
            "claude-sonnet-4-5",
            #"{"input_tokens":21,"cache_creation_input_tokens":1480,"cache_read_input_tokens":0,"output_tokens":393}"#)
        // 21 × 3,000,000 + 1,480 × 3,750,000 + 393 × 15,000,000
        #expect(invoice == 11_508_000_000)
    }

    @Test func anthropicsTierCountsWhatWasReadAndWrittenToo() throws {
        let cache = #""ephemeral_5m_input_tokens":40000,"ephemeral_1h_input_tokens":9999"#
        func invoice(_ input: Int) throws -> Int128? {
            try anthropic(
                "claude-haiku-5-5",
                #"""
                {"input_tokens":\#(input),"cache_read_input_tokens":50000,"output_tokens":10,
                 "cache_creation_input_tokens":49999,"cache_creation":{\#(cache)}}
                """#)
        }
        // 1 × 100,000 + 50,000 × 10,000 + 40,000 × 125,000 + 9,999 × 200,000 + 10 × 500,000
        #expect(try invoice(1) == 7_504_900_000)
        // 2 × 500,000 + 50,000 × 50,000 + 40,000 × 625,000 + 9,999 × 1,000,000 + 10 × 2,500,000
        #expect(try invoice(2) == 37_525_000_000)
    }

    // MARK: - Gemini

    private func gemini(_ model: String, _ json: String) throws -> Int128? {
        try cost("gemini", model, Usage(gemini: JSONValue(parsing: json)))
    }

    @Test func geminisThoughtsArePaidLikeTheAnswer() throws {
        let beside = try gemini(
            "gemini-2.5-flash",
            #"{"promptTokenCount":1000,"candidatesTokenCount":50,"thoughtsTokenCount":20,"totalTokenCount":1070}"#)
        // 1,000 × 300,000 + 70 × 2,500,000
        #expect(beside == 475_000_000)
        let within = try gemini(
            "gemini-2.5-flash",
            #"{"promptTokenCount":1000,"candidatesTokenCount":50,"thoughtsTokenCount":20,"totalTokenCount":1050}"#)
        // 1,000 × 300,000 + 50 × 2,500,000
        #expect(within == 425_000_000)
    }

    @Test func geminisTierBeginsAbove200kTokensToolsIncluded() throws {
        let below = try gemini(
            "gemini-2.5-pro",
            #"""
            {"promptTokenCount":200000,"cachedContentTokenCount":50000,"candidatesTokenCount":500,
             "thoughtsTokenCount":1000,"totalTokenCount":201500}
            """#)
        // 150,000 × 1,250,000 + 50,000 × 125,000 + 1,500 × 10,000,000
        #expect(below == 208_750_000_000)
        let above = try gemini(
            "gemini-2.5-pro",
            #"""
            {"promptTokenCount":199999,"toolUsePromptTokenCount":2,"cachedContentTokenCount":50000,
             "candidatesTokenCount":500,"thoughtsTokenCount":1000,"totalTokenCount":201501}
            """#)
        // 150,001 × 2,500,000 + 50,000 × 250,000 + 1,500 × 15,000,000
        #expect(above == 410_002_500_000)
    }

    // MARK: - xAI, in OpenAI's form

    @Test func xAIsReasoningBesideTheAnswerIsPaidAndItsTierBeginsAt200kTokens() throws {
        let below = try openAI(
            "grok-4.3",
            #"""
            {"prompt_tokens":199999,"completion_tokens":500,"total_tokens":201699,
             "prompt_tokens_details":{"text_tokens":199999,"cached_tokens":99999},
             "completion_tokens_details":{"reasoning_tokens":1200}}
            """#)
        // 100,000 × 1,250,000 + 99,999 × 200,000 + 1,700 × 2,500,000
        #expect(below == 149_249_800_000)
        let from = try openAI(
            "grok-4.3",
            #"""
            {"prompt_tokens":200000,"completion_tokens":500,"total_tokens":201700,
             "prompt_tokens_details":{"cached_tokens":100000},"completion_tokens_details":{"reasoning_tokens":1200}}
            """#)
        // 100,000 × 2,500,000 + 100,000 × 400,000 + 1,700 × 5,000,000
        #expect(from == 298_500_000_000)
    }

    @Test func reasoningWithinTheAnswerIsNotPaidTwice() throws {
        let invoice = try openAI(
            "grok-4.3",
            #"""
            {"prompt_tokens":1000,"completion_tokens":1700,"total_tokens":2700,
             "completion_tokens_details":{"reasoning_tokens":1200}}
            """#)
        // 1,000 × 1,250,000 + 1,700 × 2,500,000
        #expect(invoice == 5_500_000_000)
    }
}
