import Core
import Testing

@testable import Providers

@Suite struct AnthropicUsageTests {
    private func usage(_ json: String) throws -> Usage? { Usage(anthropic: try JSONValue(parsing: json)) }

    @Test func inputExcludesWhatTheCacheReadAndWrote() throws {
        let usage = try usage(
            #"""
            {"input_tokens":21,"cache_creation_input_tokens":1480,"cache_read_input_tokens":188086,"output_tokens":393,
             "cache_creation":{"ephemeral_5m_input_tokens":456,"ephemeral_1h_input_tokens":1024},
             "output_tokens_details":{"thinking_tokens":300},"service_tier":"standard"}
            """#)
        let classes = Usage(
            inputTokens: 21, cachedInputTokens: 188_086, cacheWriteTokens: 456, cacheWriteHourTokens: 1_024,
            outputTokens: 393, reasoningTokens: 300)
        #expect(usage == classes)
        #expect(classes.allInputTokens == 21 + 1_480 + 188_086)
    }

    @Test func writtenTokensWithoutASplitAreKeptForMinutes() throws {
        let written = Usage(inputTokens: 7, cacheWriteTokens: 5, outputTokens: 3)
        let input = #""input_tokens":7,"output_tokens":3"#
        #expect(try usage(#"{\#(input),"cache_creation_input_tokens":5}"#) == written)
        #expect(try usage(#"{\#(input),"cache_creation_input_tokens":5,"cache_creation":null}"#) == written)
        #expect(
            try usage(#"{\#(input),"cache_creation":{"ephemeral_1h_input_tokens":5}}"#)
                == Usage(inputTokens: 7, cacheWriteHourTokens: 5, outputTokens: 3))
    }

    @Test func cacheMayBeMissing() throws {
        let plain = Usage(inputTokens: 7, outputTokens: 3)
        #expect(try usage(#"{"input_tokens":7,"output_tokens":3}"#) == plain)
        #expect(
            try usage(
                #"{"input_tokens":7,"output_tokens":3.0,"cache_read_input_tokens":null,"cache_creation":{}}"#) == plain)
    }

    @Test(arguments: [
        #"{}"#, #"[]"#, #"7"#,
        #"{"input_tokens":7}"#,
        #"{"output_tokens":7}"#,
        #"{"input_tokens":-1,"output_tokens":3}"#,
        #"{"input_tokens":7.5,"output_tokens":3}"#,
        #"{"input_tokens":"7","output_tokens":3}"#,
        #"{"input_tokens":7,"output_tokens":100000001}"#,
        #"{"input_tokens":9223372036854775807,"output_tokens":9223372036854775807}"#,
        #"{"input_tokens":7,"output_tokens":3,"cache_read_input_tokens":-1}"#,
        #"{"input_tokens":7,"output_tokens":3,"cache_creation_input_tokens":"5"}"#,
        #"{"input_tokens":7,"output_tokens":3,"cache_creation":5}"#,
        #"{"input_tokens":7,"output_tokens":3,"cache_creation_input_tokens":5,"cache_creation":{}}"#,
        #"{"input_tokens":7,"output_tokens":3,"cache_creation_input_tokens":1e400,"cache_creation":{}}"#,
        #"{"input_tokens":7,"output_tokens":3,"cache_creation":{"ephemeral_5m_input_tokens":-1}}"#,
        #"{"input_tokens":7,"output_tokens":3,"cache_creation":{"ephemeral_1h_input_tokens":0.5}}"#,
        #"{"input_tokens":7,"output_tokens":3,"output_tokens_details":{"thinking_tokens":4}}"#,
    ])
    func impossibleFiguresAreRefused(json: String) throws {
        #expect(try usage(json) == nil)
    }
}
