import Configuration
import Core
import Foundation
import TestKit
import Testing

@testable import Providers

/// Answers of OpenAI-compatible servers, over real HTTP.
@Suite struct OpenAIAnswerTests {
    private func answer(
        _ reply: FakeReply, to call: TextCall = call(), deltas: Deltas = Deltas()
    ) async throws -> Answer {
        let server = try await FakeOpenAIServer.start { _ in reply }
        return try await openAI(server.baseURL).generate(call, permit: permit()) { deltas.add($0) }
    }

    private func raw(_ events: String) async throws -> Answer {
        try await answer(.raw(events, contentType: "text/event-stream; charset=utf-8"))
    }

    @Test(arguments: [false, true]) func theServersFiguresAreTheAnswers(isPlain: Bool) async throws {
        let server = try await FakeOpenAIServer.start { _ in
            .answer("It is late, and the lamp is out. 🚢", ignoresStream: isPlain)
        }
        let deltas = Deltas()
        let answer = try await openAI(server.baseURL).generate(call(), permit: permit()) { deltas.add($0) }
        #expect(answer.text == "It is late, and the lamp is out. 🚢")
        #expect(deltas.text == answer.text)
        #expect(answer.usage.inputTokens == server.reportedInputTokens)
        #expect(answer.usage.outputTokens == server.reportedOutputTokens)
        #expect(answer.usage.totalTokens > 0)
        #expect(!answer.isUsageEstimated)
        #expect(answer.finish == .stop)
        #expect(answer.responseID == "chatcmpl-1")
        #expect(answer.model == "test-model")
    }

    @Test func theRequestIsAsTheCallSays() async throws {
        let server = try await FakeOpenAIServer.start()
        var call = call(seed: 7)
        call.take = 3
        call.temperature = 0.8
        call.topP = 0.9
        call.topK = 40
        call.frequencyPenalty = 0
        call.presencePenalty = -0.5
        call.stop = ["END"]
        call.wantsJSON = true
        let permit = permit()
        let provider = try openAI(server.baseURL, organization: "org-1")
        _ = try await provider.generate(call, permit: permit) { _ in }
        let request = try #require(server.requests.first)
        #expect(request.path == "/v1/chat/completions")
        #expect(request.headers["authorization"] == "Bearer \(secretKey)")
        #expect(request.headers["openai-organization"] == "org-1")
        #expect(request.headers["idempotency-key"] == permit.idempotencyKey.description)
        #expect(request.headers["content-type"] == "application/json")
        #expect(
            request.body == [
                "model": "test-model",
                "messages": [
                    ["role": "system", "content": "You write."], ["role": "user", "content": "Say hello."],
                ],
                "stream": true, "stream_options": ["include_usage": true], "max_tokens": 500,
                "temperature": .number(JSONNumber(0.8)), "top_p": .number(JSONNumber(0.9)),
                "top_k": 40, "frequency_penalty": .number(JSONNumber(0.0)),
                "presence_penalty": .number(JSONNumber(-0.5)), "seed": 9, "stop": ["END"],
                "response_format": ["type": "json_object"],
            ])
    }

    @Test func withoutAKeyNoneIsSent() async throws {
        let server = try await FakeOpenAIServer.start()
        _ = try await openAI(server.baseURL, key: nil).generate(call(), permit: permit()) { _ in }
        let headers = try #require(server.requests.first?.headers)
        #expect(headers["authorization"] == nil)
        #expect(headers["openai-organization"] == nil)
    }

    private func body(_ call: TextCall, host: String) -> JSONValue {
        let provider = ResolvedProvider(name: "p", type: .openai, baseURL: URL(string: "https://\(host)/v1"))
        return OpenAIDialect(provider).body(of: call)
    }

    @Test(arguments: [("api.openai.com", true), ("API.OpenAI.com", true), ("127.0.0.1", false)])
    func openAIsOwnServerTakesMaxCompletionTokens(host: String, isOpenAI: Bool) {
        let body = body(call(), host: host)
        #expect((body["max_completion_tokens"]?.int == 500) == isOpenAI)
        #expect((body["max_tokens"]?.int == 500) == !isOpenAI)
    }

    @Test func aSeedStaysWithinWhatServersRead() {
        #expect(body(call(seed: .max), host: "h")["seed"]?.int == Int.max)
    }

    @Test(arguments: [400, 422]) func aServerThatRefusesAFieldIsAskedWithoutItFromThenOn(status: Int) async throws {
        let server = try await FakeOpenAIServer.start { request in
            if request.body["stream_options"] != nil {
                return .error(status: status, message: "Unknown field: stream_options")
            }
            if request.body["max_tokens"] != nil {
                return .error(
                    status: status,
                    message: "Unsupported parameter: 'max_tokens' is not supported with this model. "
                        + "Use 'max_completion_tokens' instead.")
            }
            return .answer("Text.")
        }
        let provider = try openAI(server.baseURL)
        let answer = try await provider.generate(call(), permit: permit()) { _ in }
        #expect(answer.text == "Text." && answer.isUsageEstimated)
        #expect(server.requests.map { $0.body["max_completion_tokens"]?.int } == [nil, nil, 500])
        _ = try await provider.generate(call(), permit: permit()) { _ in }
        #expect(server.served == 4)
        // What one model refuses, another may take.
        _ = try await provider.generate(call(model: "other"), permit: permit()) { _ in }
        #expect(server.served == 7)
    }

    @Test func aServerThatDoesNotKnowTopKIsAskedWithoutIt() async throws {
        let server = try await FakeOpenAIServer.start { request in
            request.body["top_k"] == nil
                ? .answer("Text.") : .error(status: 400, message: "Unrecognized request argument supplied: top_k")
        }
        let provider = try openAI(server.baseURL)
        var call = call()
        call.topK = 40
        for _ in 0..<2 { _ = try await provider.generate(call, permit: permit()) { _ in } }
        #expect(server.requests.map { $0.body["top_k"]?.int } == [40, nil, nil])
    }

    @Test func aRefusalOfWhatWasNotSentIsNotTriedAgain() async throws {
        let server = try await FakeOpenAIServer.start { _ in
            .error(status: 400, message: "stream_options, max_tokens and max_completion_tokens are not for you")
        }
        let error = await failure(of: try openAI(server.baseURL))
        #expect(error?.kind == .rejected && error?.billing == .nothing)
        #expect(server.served == 3)
    }

    @Test func missingUsageIsEstimated() async throws {
        let answer = try await answer(
            .answer("Eleven words or so of text, to be counted by guessing.", figures: .missing))
        #expect(answer.isUsageEstimated)
        #expect((10...20).contains(answer.usage.outputTokens))
        #expect(answer.usage.inputTokens > 0)
    }

    @Test(arguments: [
        JSONValue.object(JSONObject([("prompt_tokens", -5), ("completion_tokens", 3)])),
        ["prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 9], "many",
    ])
    func impossibleUsageCountsAsTheWorstCase(figures: JSONValue) async throws {
        let call = call()
        let answer = try await answer(.answer("Text.", figures: .these(figures)), to: call)
        #expect(answer.isUsageEstimated)
        #expect(answer.usage == Usage(inputTokens: call.inputTokenBound, outputTokens: call.maxTokens))
    }

    @Test(arguments: [
        ("stop", Answer.Finish.stop), ("length", .length), ("content_filter", .filtered), ("tool_calls", .other),
    ])
    func theFinishReasonIsKept(reason: String, finish: Answer.Finish) async throws {
        #expect(try await answer(.answer("Text.", finish: reason)).finish == finish)
        #expect(try await answer(.answer("Text.", finish: reason, ignoresStream: true)).finish == finish)
    }

    @Test func aFilteredAnswerMayBeEmpty() async throws {
        let answer = try await answer(.answer("", finish: "content_filter"))
        #expect(answer.text.isEmpty && answer.finish == .filtered)
    }

    @Test func aRefusalIsAFilteredAnswer() async throws {
        let answer = try await raw(
            #"data: {"choices":[{"index":0,"delta":{"content":null,"refusal":"I will not."}}]}"#
                + "\n\ndata: [DONE]\n\n")
        #expect(answer.text == "I will not." && answer.finish == .filtered)
    }

    @Test(arguments: ["reasoning_content", "reasoning"]) func reasoningIsKeptApart(key: String) async throws {
        let answer = try await raw(
            #"data: {"choices":[{"index":0,"delta":{"\#(key)":"Hm."}}]}"# + "\n\n" + event("Text.", finish: "stop"))
        #expect(answer.text == "Text." && answer.reasoning == "Hm.")
    }

    @Test func onlyTheFirstChoiceCounts() async throws {
        let other = #"data: {"choices":[{"index":1,"delta":{"content":"other"}}]}"# + "\n\n"
        #expect(try await raw(other + event("first", finish: "stop")).text == "first")
    }

    @Test func aStreamMayEndWithoutDone() async throws {
        #expect(try await raw(event("Whole", finish: "stop")).text == "Whole")
    }

    @Test func doneWithoutAFinishReasonIsAnEnd() async throws {
        let answer = try await raw(event("Whole") + "data: [DONE]\n\ndata: not json\n\n")
        #expect(answer.text == "Whole" && answer.finish == .other)
    }

    @Test func aLastEventMayLackItsEmptyLine() async throws {
        let deltas = Deltas()
        let stream = event("One, ") + event("two.", finish: "stop").dropLast()
        let answer = try await answer(.raw(stream, contentType: "text/event-stream"), deltas: deltas)
        #expect(answer.text == "One, two." && deltas.text == answer.text)
    }

    @Test func aStreamMayComeByteByByte() async throws {
        let server = try RawServer { connection in
            connection.sendHead(contentType: "text/event-stream")
            let stream = ": hello\r\n\r\n" + event("Łódź 🚢 ") + event("ärgert", finish: "stop") + "data: [DONE]\n\n"
            for byte in stream.replacing("\n\n", with: "\r\n\r\n").utf8 { connection.send([byte]) }
        }
        let answer = try await openAI(server.baseURL).generate(call(), permit: permit()) { _ in }
        #expect(answer.text == "Łódź 🚢 ärgert")
    }

    @Test func textIsHandedOverBeforeTheAnswerEnds() async throws {
        let seen = Signal()
        let server = try RawServer { connection in
            connection.sendHead(contentType: "text/event-stream")
            connection.send(event("Once"))
            seen.waitOnThread()
            connection.send(event(" upon", finish: "stop") + "data: [DONE]\n\n")
        }
        let answer = try await openAI(server.baseURL).generate(call(), permit: permit()) { _ in seen.fire() }
        #expect(answer.text == "Once upon")
    }

    @Test func aServerThatKeepsTheConnectionAfterDoneIsNotWaitedFor() async throws {
        let server = try RawServer { connection in
            connection.sendHead(contentType: "text/event-stream")
            connection.send(event("Whole", finish: "stop") + "data: [DONE]\n\n")
            connection.waitUntilClosed()
        }
        #expect(try await openAI(server.baseURL).generate(call(), permit: permit()) { _ in }.text == "Whole")
    }

    @Test func aResetAfterTheFinishReasonLosesNothing() async throws {
        let seen = Signal()
        let server = try RawServer { connection in
            connection.sendHead(contentType: "text/event-stream", "Content-Length: 100000\r\n")
            connection.send(event("Whole", finish: "stop"))
            seen.waitOnThread()
            connection.reset()
        }
        let answer = try await openAI(server.baseURL).generate(call(), permit: permit()) { _ in seen.fire() }
        #expect(answer.text == "Whole" && answer.isUsageEstimated)
    }
}
