import Configuration
import Core
import Foundation
import TestKit
import Testing

@testable import Providers

/// What is Gemini's own among its answers.
@Suite struct GeminiAnswerTests {
    private let dialect = GeminiDialect(ResolvedProvider(name: "p", type: .gemini))

    private func answer(_ chunks: String...) async throws -> Answer {
        let body = chunks.map { "data: \($0)\r\n\r\n" }.joined()
        let server = try await FakeTextServer.start(FakeGeminiForm()) { _ in
            .raw(body, contentType: "text/event-stream")
        }
        return try await provider(.gemini, server.baseURL).generate(call(), permit: permit()) { _ in }
    }

    private func failure(_ status: Int, _ body: String) async throws -> ProviderError {
        let server = try await FakeTextServer.start(FakeGeminiForm()) { _ in
            .raw(body, status: status, contentType: "application/json; charset=UTF-8")
        }
        return try #require(await ProvidersTests.failure(of: provider(.gemini, server.baseURL)))
    }

    private func chunk(_ text: String, finish: String) -> String {
        #"{"candidates":[{"content":{"parts":[{"text":"\#(text)"}]},"finishReason":"\#(finish)"}]}"#
    }

    @Test func theRequestIsAsTheCallSays() async throws {
        let server = try await FakeTextServer.start(FakeGeminiForm())
        var call = call(model: "gemini-2.5-flash", seed: .max)
        call.messages += [Message(.assistant, "Hello."), Message(.user, "Again.")]
        (call.temperature, call.topP, call.stop, call.wantsJSON) = (0.8, 0.9, ["END"], true)
        (call.topK, call.frequencyPenalty, call.presencePenalty) = (40, 0.5, -0.5)
        _ = try await provider(.gemini, server.baseURL).generate(call, permit: permit()) { _ in }
        let request = try #require(server.requests.first)
        #expect(request.path == "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse")
        #expect(
            request.body == [
                "contents": [
                    ["role": "user", "parts": [["text": "Say hello."]]],
                    ["role": "model", "parts": [["text": "Hello."]]], ["role": "user", "parts": [["text": "Again."]]],
                ],
                "systemInstruction": ["parts": [["text": "You write."]]],
                "generationConfig": [
                    "maxOutputTokens": 500, "temperature": .number(JSONNumber(0.8)), "topP": .number(JSONNumber(0.9)),
                    "topK": 40, "frequencyPenalty": .number(JSONNumber(0.5)),
                    "presencePenalty": .number(JSONNumber(-0.5)), "seed": JSONValue(Int32.max),
                    "stopSequences": ["END"], "responseMimeType": "application/json",
                ],
            ])
    }

    @Test(arguments: [
        ("gemini-2.5-flash", "/v1beta/models/gemini-2.5-flash:streamGenerateContent"),
        ("models/gemini-2.5-flash", "/v1beta/models/gemini-2.5-flash:streamGenerateContent"),
        ("tunedModels/mine", "/v1beta/tunedModels/mine:streamGenerateContent"),
        ("a?b#c d", "/v1beta/models/a%3Fb%23c%20d:streamGenerateContent"),
    ])
    func aModelHasItsPlaceInTheAddress(model: String, path: String) throws {
        for base in ["https://generativelanguage.googleapis.com", "https://generativelanguage.googleapis.com/v1beta"] {
            let url = dialect.url(of: call(model: model), at: try #require(URL(string: base)))
            #expect(url.absoluteString == "https://generativelanguage.googleapis.com\(path)?alt=sse")
        }
    }

    @Test func thoughtsAreKeptApart() async throws {
        let answer = try await answer(
            #"{"candidates":[{"content":{"parts":[{"text":"Hm.","thought":true},{"text":"Hi"}]}}]}"#,
            chunk(".", finish: "STOP"))
        #expect(answer.text == "Hi." && answer.reasoning == "Hm.")
    }

    @Test func theLastChunksFiguresCount() async throws {
        let answer = try await answer(
            #"{"candidates":[{"content":{"parts":[{"text":"Hi."}]}}],"usageMetadata":{"promptTokenCount":5}}"#,
            #"""
            {"candidates":[{"finishReason":"STOP"}],"modelVersion":"gemini-x","responseId":"r-1","usageMetadata":
             {"promptTokenCount":5,"candidatesTokenCount":2,"thoughtsTokenCount":7,"totalTokenCount":14}}
            """#.replacing("\n", with: ""))
        #expect(answer.usage == Usage(inputTokens: 5, outputTokens: 9, reasoningTokens: 7))
        #expect(!answer.isUsageEstimated && answer.model == "gemini-x" && answer.responseID == "r-1")
    }

    @Test(arguments: [
        ("STOP", Answer.Finish.stop), ("MAX_TOKENS", .length), ("SAFETY", .filtered), ("RECITATION", .filtered),
        ("LANGUAGE", .filtered), ("BLOCKLIST", .filtered), ("PROHIBITED_CONTENT", .filtered), ("SPII", .filtered),
        ("OTHER", .other), ("MALFORMED_FUNCTION_CALL", .other),
    ])
    func theFinishReasonIsKept(reason: String, finish: Answer.Finish) async throws {
        #expect(try await answer(chunk("Hi.", finish: reason)).finish == finish)
    }

    @Test func anAnswerThatIsWithheldMayBeEmpty() async throws {
        let answer = try await answer(#"{"candidates":[{"finishReason":"SAFETY"}]}"#)
        #expect(answer.text.isEmpty && answer.finish == .filtered)
    }

    @Test func aBlockedPromptIsAFilteredAnswer() async throws {
        let body = #"{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":5}}"#
        let streamed = try await answer(body)
        #expect(streamed.finish == .filtered && streamed.text.isEmpty)
        #expect(streamed.usage == Usage(inputTokens: 5, outputTokens: 0) && !streamed.isUsageEstimated)
        let server = try await FakeTextServer.start(FakeGeminiForm()) { _ in
            .raw(body, contentType: "application/json")
        }
        let whole = try await provider(.gemini, server.baseURL).generate(call(), permit: permit()) { _ in }
        #expect(whole.finish == .filtered)
    }

    @Test func aWrongKeyIsSaidToBeWrong() async throws {
        let error = try await failure(
            400,
            #"""
            {"error":{"code":400,"message":"API key not valid. \#(secretKey)","status":"INVALID_ARGUMENT",
             "details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}}
            """#)
        #expect(error.kind == .unauthorized && error.message.contains("check api_key"))
        #expect(!String(reflecting: error).contains(secretKey))
        #expect(try await failure(400, #"{"error":{"message":"Bad"}}"#).kind == .rejected)
    }

    @Test(arguments: [false, true]) func aLimitCarriesGooglesAdvice(isWrapped: Bool) async throws {
        let body = #"""
            {"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED",
             "details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34s"}]}}
            """#
        let error = try await failure(429, isWrapped ? "[\(body)]" : body)
        #expect(error.kind == .rateLimited && error.limits?.retryAfter == 34_000_000)
        #expect(error.message.contains("Quota exceeded"))
    }
}
