import Core
import Testing

@testable import Providers

@Suite struct ChatUsageTests {
    private func usage(_ json: String) throws -> Usage? { Usage(chat: try JSONValue(parsing: json)) }

    @Test func cachedTokensAreTakenOutOfThePrompt() throws {
        let usage = try usage(
            #"""
            {"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,
             "prompt_tokens_details":{"cached_tokens":60},"completion_tokens_details":{"reasoning_tokens":20}}
            """#)
        #expect(usage == Usage(inputTokens: 40, cachedInputTokens: 60, outputTokens: 50, reasoningTokens: 20))
    }

    @Test func tokensWrittenToTheCacheAreTakenOutOfThePrompt() throws {
        let usage = try usage(
            #"""
            {"prompt_tokens":100,"completion_tokens":5,"total_tokens":105,
             "prompt_tokens_details":{"cached_tokens":60,"cache_write_tokens":30}}
            """#)
        #expect(usage == Usage(inputTokens: 10, cachedInputTokens: 60, cacheWriteTokens: 30, outputTokens: 5))
        #expect(usage?.allInputTokens == 100 && usage?.totalTokens == 105)
    }

    @Test func reasoningBesideTheAnswerIsAddedWhenOnlyThatSums() throws {
        let usage = try usage(
            #"""
            {"prompt_tokens":100,"completion_tokens":50,"total_tokens":170,
             "completion_tokens_details":{"reasoning_tokens":20}}
            """#)
        #expect(usage == Usage(inputTokens: 100, outputTokens: 70, reasoningTokens: 20))
    }

    @Test func detailsAndTotalMayBeMissing() throws {
        let plain = Usage(inputTokens: 7, outputTokens: 3)
        #expect(try usage(#"{"prompt_tokens":7,"completion_tokens":3}"#) == plain)
        #expect(try usage(#"{"prompt_tokens":7.0,"completion_tokens":3,"prompt_tokens_details":null}"#) == plain)
        #expect(try usage(#"{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}"#) == .zero)
    }

    @Test(arguments: [
        #"{}"#, #"[]"#, #"7"#,
        #"{"prompt_tokens":7}"#,
        #"{"prompt_tokens":-1,"completion_tokens":3}"#,
        #"{"prompt_tokens":7.5,"completion_tokens":3}"#,
        #"{"prompt_tokens":"7","completion_tokens":3}"#,
        #"{"prompt_tokens":100000001,"completion_tokens":3}"#,
        #"{"prompt_tokens":1e400,"completion_tokens":3}"#,
        #"{"prompt_tokens":NaN,"completion_tokens":3}"#,
        #"{"prompt_tokens":9223372036854775807,"completion_tokens":9223372036854775807}"#,
        #"{"prompt_tokens":7,"completion_tokens":3,"total_tokens":11}"#,
        #"{"prompt_tokens":7,"completion_tokens":3,"total_tokens":"10"}"#,
        #"{"prompt_tokens":7,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":8}}"#,
        #"{"prompt_tokens":7,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":-1}}"#,
        #"{"prompt_tokens":7,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":4}}"#,
        #"{"prompt_tokens":7,"completion_tokens":3,"prompt_tokens_details":{"cache_write_tokens":0.5}}"#,
        #"{"prompt_tokens":7,"completion_tokens":3,"completion_tokens_details":{"reasoning_tokens":4}}"#,
        #"{"prompt_tokens":1,"completion_tokens":99999999,"total_tokens":100000010,"completion_tokens_details":{"reasoning_tokens":10}}"#,
    ])
    func impossibleFiguresAreRefused(json: String) throws {
        #expect(try usage(json) == nil)
    }

    @Test func anEstimateStaysWithinTheWorstCase() {
        let call = call("x", maxTokens: 10)
        let estimate = Usage.estimated(for: call, text: String(repeating: "word ", count: 1_000))
        #expect(estimate.inputTokens <= call.inputTokenBound)
        #expect(estimate.outputTokens == 10)
        #expect(Usage.worstCase(of: call) == Usage(inputTokens: call.inputTokenBound, outputTokens: 10))
    }
}
