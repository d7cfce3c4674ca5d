import Core
import Testing

@testable import Providers

@Suite struct GeminiUsageTests {
    private func usage(_ json: String) throws -> Usage? { Usage(gemini: try JSONValue(parsing: json)) }

    @Test func cachedTokensAreTakenOutOfThePromptAndThoughtsAddedToTheAnswer() throws {
        let usage = try usage(
            #"""
            {"promptTokenCount":1000,"cachedContentTokenCount":600,"candidatesTokenCount":50,"thoughtsTokenCount":200,
             "toolUsePromptTokenCount":30,"totalTokenCount":1280,"promptTokensDetails":[{"modality":"TEXT"}]}
            """#)
        #expect(
            usage == Usage(inputTokens: 430, cachedInputTokens: 600, outputTokens: 250, reasoningTokens: 200))
        #expect(usage?.totalTokens == 1_280)
    }

    @Test func thoughtsWithinTheAnswerAreNotAddedWhenOnlyThatSums() throws {
        let usage = try usage(
            #"""
            {"promptTokenCount":100,"candidatesTokenCount":50,"thoughtsTokenCount":20,"totalTokenCount":150}
            """#)
        #expect(usage == Usage(inputTokens: 100, outputTokens: 50, reasoningTokens: 20))
    }

    @Test func countsOfZeroAndTheTotalMayBeMissing() throws {
        #expect(
            try usage(#"{"promptTokenCount":7,"totalTokenCount":7}"#) == Usage(inputTokens: 7, outputTokens: 0))
        #expect(
            try usage(#"{"promptTokenCount":7,"candidatesTokenCount":3,"thoughtsTokenCount":2}"#)
                == Usage(inputTokens: 7, outputTokens: 5, reasoningTokens: 2))
    }

    @Test(arguments: [
        #"{}"#, #"[]"#, #"7"#,
        #"{"candidatesTokenCount":7,"totalTokenCount":7}"#,
        #"{"promptTokenCount":-1}"#,
        #"{"promptTokenCount":7.5}"#,
        #"{"promptTokenCount":"7"}"#,
        #"{"promptTokenCount":100000001}"#,
        #"{"promptTokenCount":9223372036854775807,"candidatesTokenCount":9223372036854775807}"#,
        #"{"promptTokenCount":7,"candidatesTokenCount":3,"totalTokenCount":11}"#,
        #"{"promptTokenCount":7,"candidatesTokenCount":3,"totalTokenCount":6}"#,
        #"{"promptTokenCount":7,"candidatesTokenCount":3,"totalTokenCount":"10"}"#,
        #"{"promptTokenCount":7,"cachedContentTokenCount":8}"#,
        #"{"promptTokenCount":7,"cachedContentTokenCount":-1}"#,
        #"{"promptTokenCount":7,"toolUsePromptTokenCount":0.5}"#,
        #"{"promptTokenCount":7,"candidatesTokenCount":3,"thoughtsTokenCount":4,"totalTokenCount":10}"#,
        #"{"promptTokenCount":7,"candidatesTokenCount":99999999,"thoughtsTokenCount":9}"#,
        #"{"promptTokenCount":99999999,"toolUsePromptTokenCount":9}"#,
    ])
    func impossibleFiguresAreRefused(json: String) throws {
        #expect(try usage(json) == nil)
    }
}
