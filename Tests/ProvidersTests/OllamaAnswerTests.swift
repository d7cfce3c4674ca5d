import Configuration
import Core
import TestKit
import Testing

@testable import Providers

/// What is Ollama's own among its answers.
@Suite struct OllamaAnswerTests {
    private func answer(_ lines: String...) async throws -> Answer {
        let body = lines.joined(separator: "\r\n\n")
        let server = try await FakeTextServer.start(FakeOllamaForm()) { _ in
            .raw(body, contentType: "application/x-ndjson")
        }
        return try await provider(.ollama, server.baseURL, key: nil).generate(call(), permit: permit()) { _ in }
    }

    private static let text = #"{"model":"llama3","message":{"role":"assistant","content":"Hi."},"done":false}"#

    @Test func theRequestIsAsTheCallSays() async throws {
        let server = try await FakeTextServer.start(FakeOllamaForm())
        var call = call(seed: 7)
        (call.temperature, call.topP, call.stop, call.wantsJSON) = (0.8, 0.9, ["END"], true)
        (call.topK, call.frequencyPenalty, call.presencePenalty) = (40, 0.5, -0.5)
        _ = try await provider(.ollama, server.baseURL).generate(call, permit: permit()) { _ in }
        let request = try #require(server.requests.first)
        #expect(request.path == "/api/chat")
        #expect(
            request.body == [
                "model": "test-model",
                "messages": [
                    ["role": "system", "content": "You write."], ["role": "user", "content": "Say hello."],
                ],
                "stream": true, "truncate": false, "shift": false,
                "options": [
                    "num_predict": 500, "temperature": .number(JSONNumber(0.8)), "top_p": .number(JSONNumber(0.9)),
                    "top_k": 40, "frequency_penalty": .number(JSONNumber(0.5)),
                    "presence_penalty": .number(JSONNumber(-0.5)), "seed": 7, "stop": ["END"],
                ],
                "format": "json",
            ])
        call.wantsJSON = false
        _ = try await provider(.ollama, server.baseURL).generate(call, permit: permit()) { _ in }
        #expect(server.requests.last?.body["format"] == nil)
    }

    @Test func aPromptStillInMemoryHasNoCount() async throws {
        let answer = try await answer(
            Self.text, #"{"message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","eval_count":4}"#
        )
        #expect(answer.isUsageEstimated)
        #expect(answer.usage.outputTokens == 4 && answer.usage.inputTokens > 0)
    }

    @Test func thinkingIsKeptApart() async throws {
        let answer = try await answer(
            #"{"message":{"content":"","thinking":"Hm."},"done":false}"#, Self.text,
            #"{"done":true,"prompt_eval_count":3,"eval_count":4}"#)
        #expect(answer.text == "Hi." && answer.reasoning == "Hm." && answer.model == "llama3")
        #expect(answer.finish == .stop && answer.usage == Usage(inputTokens: 3, outputTokens: 4))
    }

    @Test(arguments: [("stop", Answer.Finish.stop), ("length", .length), ("load", .other)])
    func theReasonIsKept(reason: String, finish: Answer.Finish) async throws {
        #expect(try await answer(Self.text, #"{"done":true,"done_reason":"\#(reason)"}"#).finish == finish)
    }

    @Test func aModelThatIsNotThereIsNamed() async throws {
        let server = try await FakeTextServer.start(FakeOllamaForm()) { _ in
            .error(status: 404, message: "model 'test-model' not found")
        }
        let error = await failure(of: try provider(.ollama, server.baseURL, key: nil))
        #expect(error?.kind == .notFound && error?.message.contains("model 'test-model' not found") == true)
    }
}
