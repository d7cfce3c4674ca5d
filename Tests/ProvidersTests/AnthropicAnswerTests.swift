import Configuration
import Core
import Foundation
import TestKit
import Testing

@testable import Providers

/// What is Anthropic's own among its messages.
@Suite struct AnthropicAnswerTests {
    private func answer(_ events: String...) async throws -> Answer {
        let body = events.map { "data: \($0)\n\n" }.joined()
        let server = try await FakeTextServer.start(FakeAnthropicForm()) { _ in
            .raw(body, contentType: "text/event-stream; charset=utf-8")
        }
        return try await provider(.anthropic, server.baseURL).generate(call(), permit: permit()) { _ in }
    }

    private static let end =
        #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}"#
    private static let text = #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi."}}"#

    @Test func theRequestIsAsTheCallSays() async throws {
        let server = try await FakeTextServer.start(FakeAnthropicForm())
        var call = call(seed: 7)
        call.messages.insert(Message(.system, "Be brief."), at: 1)
        call.messages += [Message(.assistant, "Hello."), Message(.user, "Again.")]
        (call.temperature, call.topP, call.stop, call.wantsJSON) = (0.8, 0.9, ["END"], true)
        (call.topK, call.frequencyPenalty, call.presencePenalty) = (40, 0.5, 0.5)
        _ = try await provider(.anthropic, server.baseURL).generate(call, permit: permit()) { _ in }
        let request = try #require(server.requests.first)
        #expect(request.path == "/v1/messages")
        #expect(request.headers["anthropic-version"] == "2023-06-01")
        #expect(
            request.body == [
                "model": "test-model", "max_tokens": 500,
                "messages": [
                    ["role": "user", "content": "Say hello."], ["role": "assistant", "content": "Hello."],
                    ["role": "user", "content": "Again."],
                ],
                "stream": true, "system": "You write.\n\nBe brief.", "temperature": .number(JSONNumber(0.8)),
                "top_k": 40, "stop_sequences": ["END"],
            ])
        #expect(!AnthropicDialect.capabilities.jsonMode && !AnthropicDialect.capabilities.seed)
    }

    @Test func settingsStayWithinWhatItTakes() {
        let dialect = AnthropicDialect(ResolvedProvider(name: "p", type: .anthropic))
        var call = call()
        (call.temperature, call.topP) = (1.5, 0.5)
        #expect(dialect.body(of: call)["temperature"]?.double == 1)
        #expect(dialect.body(of: call)["top_p"] == nil)
        call.temperature = nil
        #expect(dialect.body(of: call)["top_p"]?.double == 0.5)
    }

    @Test(arguments: ["", "/v1", "/v1/"]) func theAddressMayNameTheVersion(path: String) throws {
        let base = try #require(URL(string: "https://api.anthropic.com\(path)"))
        let dialect = AnthropicDialect(ResolvedProvider(name: "p", type: .anthropic))
        #expect(dialect.url(of: call(), at: base).absoluteString == "https://api.anthropic.com/v1/messages")
    }

    @Test func theStartTellsOfTheInputAndTheEndOfTheOutput() async throws {
        let answer = try await answer(
            #"""
            {"type":"message_start","message":{"id":"msg_7","model":"claude-x","usage":{"input_tokens":3,
             "cache_creation_input_tokens":5,"cache_read_input_tokens":40,"output_tokens":1}}}
            """#.replacing("\n", with: ""), Self.text, #"{"type":"something_new","value":[1]}"#, Self.end)
        #expect(
            answer.usage == Usage(inputTokens: 3, cachedInputTokens: 40, cacheWriteTokens: 5, outputTokens: 9))
        #expect(!answer.isUsageEstimated)
        #expect(answer.responseID == "msg_7" && answer.model == "claude-x")
    }

    @Test func aStartAloneTellsOfNoOutput() async throws {
        let answer = try await answer(
            #"{"type":"message_start","message":{"usage":{"input_tokens":3,"output_tokens":1}}}"#, Self.text, Self.text,
            #"{"type":"message_delta","delta":{"stop_reason":"end_turn"}}"#)
        #expect(answer.isUsageEstimated && answer.usage == Usage(inputTokens: 3, outputTokens: 2))
    }

    @Test func figuresAtTheEndCountBeforeThoseAtTheStart() async throws {
        let answer = try await answer(
            #"{"type":"message_start","message":{"usage":{"input_tokens":3,"output_tokens":1}}}"#, Self.text,
            #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":8,"output_tokens":9}}"#
        )
        #expect(answer.usage == Usage(inputTokens: 8, outputTokens: 9))
    }

    @Test func thinkingIsKeptApart() async throws {
        let answer = try await answer(
            #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm."}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"x"}}"#,
            Self.text, Self.end)
        #expect(answer.text == "Hi." && answer.reasoning == "Hm.")
    }

    @Test(arguments: [
        ("end_turn", Answer.Finish.stop), ("stop_sequence", .stop), ("max_tokens", .length),
        ("model_context_window_exceeded", .length), ("refusal", .filtered), ("tool_use", .other),
        ("pause_turn", .other),
    ])
    func theStopReasonIsKept(reason: String, finish: Answer.Finish) async throws {
        let end = Self.end.replacing("end_turn", with: reason)
        #expect(try await answer(Self.text, end).finish == finish)
    }

    @Test func aRefusalMayBeEmpty() async throws {
        let answer = try await answer(Self.end.replacing("end_turn", with: "refusal"))
        #expect(answer.text.isEmpty && answer.finish == .filtered)
    }

    @Test func anOverloadedServerFailedAndMayBeAskedAgain() async throws {
        let server = try await FakeTextServer.start(FakeAnthropicForm()) { _ in
            .error(status: 529, message: "Overloaded", code: "overloaded_error")
        }
        let error = await failure(of: try provider(.anthropic, server.baseURL))
        #expect(error?.kind == .serverFailed && error?.status == 529 && error?.billing == .nothing)
    }

    @Test(arguments: [
        #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":7}}"#,
        #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":[]}}"#,
    ])
    func textThatIsNoneIsUnreadable(event: String) async throws {
        let error = await #expect(throws: ProviderError.self) { try await answer(event, Self.end) }
        #expect(error?.kind == .unreadable)
    }
}
