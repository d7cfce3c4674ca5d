import Configuration
import Core
import Foundation
import TestKit
import Testing

@testable import Providers

/// What is Bedrock's own among its answers and requests.
@Suite struct BedrockAnswerTests {
    private let form = FakeBedrockForm(secretKey: secretKey)
    private let model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"

    private func answer(_ events: [[UInt8]]) async throws -> Answer {
        let server = try await FakeTextServer.start(form) { _ in
            .raw(headers: ["Content-Type": FakeBedrockForm(secretKey: "").streamType], body: Array(events.joined()))
        }
        return try await provider(.bedrock, server.baseURL).generate(call(), permit: permit()) { _ in }
    }

    private func event(_ name: String, _ json: String) -> [UInt8] {
        form.frame(type: "event", name: name, Array(json.utf8))
    }

    private func failure(_ status: Int, _ type: String, _ message: String = "Words") async throws -> ProviderError {
        let server = try await FakeTextServer.start(form) { _ in
            .raw(
                status: status, headers: ["Content-Type": "application/json", "x-amzn-ErrorType": type],
                body: Array(#"{"message":"\#(message)"}"#.utf8))
        }
        return try #require(await ProvidersTests.failure(of: provider(.bedrock, server.baseURL)))
    }

    @Test func theRequestIsSignedAndAsTheCallSays() async throws {
        let server = try await FakeTextServer.start(form)
        var call = call(model: model)
        call.messages += [Message(.assistant, "Hello."), Message(.user, "Again.")]
        (call.temperature, call.topP, call.stop, call.seed, call.wantsJSON) = (1.5, 0.9, ["END"], 7, true)
        _ = try await provider(.bedrock, server.baseURL).generate(call, permit: permit()) { _ in }
        let request = try #require(server.requests.first)
        #expect(request.wire.path == "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream")
        #expect(request.headers["authorization"]?.hasPrefix("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/") == true)
        #expect(
            request.body == [
                "messages": [
                    ["role": "user", "content": [["text": "Say hello."]]],
                    ["role": "assistant", "content": [["text": "Hello."]]],
                    ["role": "user", "content": [["text": "Again."]]],
                ],
                "system": [["text": "You write."]],
                "inferenceConfig": [
                    "maxTokens": 500, "temperature": .number(JSONNumber(1.0)), "stopSequences": ["END"],
                ],
            ])
    }

    @Test func modelsThatTakeBothSettingsGetBoth() {
        var call = call(model: "amazon.nova-lite-v1:0")
        (call.temperature, call.topP, call.topK) = (0.5, 0.9, 40)
        let dialect = BedrockDialect(ResolvedProvider(name: "p", type: .bedrock))
        #expect(dialect.body(of: call)["inferenceConfig"]?["topP"] == .number(JSONNumber(0.9)))
        #expect(dialect.body(of: call)["additionalModelRequestFields"] == nil)
        call.model = model
        #expect(dialect.body(of: call)["additionalModelRequestFields"] == ["top_k": 40])
    }

    @Test(arguments: [
        "amazon.nova-lite-v1:0", "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.meta.llama3-3-70b-v1:0",
        "a b/ü?#%",
    ])
    func everyNameOfAModelIsSignedAsItIsSent(model: String) async throws {
        let server = try await FakeTextServer.start(form)
        let provider = try provider(.bedrock, server.baseURL)
        #expect(try await !provider.generate(call(model: model), permit: permit()) { _ in }.text.isEmpty)
        #expect(server.requests.first?.wire.path.split(separator: "/").count == 3)
    }

    @Test func aSessionTokenTravelsSigned() async throws {
        let server = try await FakeTextServer.start(form)
        let pool = ProviderPool(time: SystemTime()) { name, _, _ in
            ResolvedProvider(
                name: name, type: .bedrock, baseURL: server.baseURL,
                signingKeys: SigningKeys(
                    accessKeyID: Secret("AKIDEXAMPLE"), secretAccessKey: Secret(secretKey),
                    sessionToken: Secret("token/+=1"), region: "us-east-1"))
        }
        _ = try await pool.provider(named: "p").generate(call(), permit: permit()) { _ in }
        let headers = try #require(server.requests.first?.headers)
        #expect(headers["x-amz-security-token"] == "token/+=1")
        #expect(headers["authorization"]?.contains("content-type;host;x-amz-date;x-amz-security-token") == true)
    }

    @Test func aWrongKeyIsSaidToBeWrong() async throws {
        let server = try await FakeTextServer.start(FakeBedrockForm(secretKey: "another"))
        let error = try #require(await ProvidersTests.failure(of: provider(.bedrock, server.baseURL)))
        #expect(error.kind == .unauthorized && error.message.contains("check access_key_id, secret_access_key"))
    }

    @Test(arguments: [
        (403, "UnrecognizedClientException:http://internal.amazon.com/", ProviderError.Kind.unauthorized),
        (403, "com.amazon.coral.service#ExpiredTokenException", .unauthorized),
        (400, "IncompleteSignatureException", .unauthorized), (403, "AccessDeniedException", .forbidden),
        (400, "ValidationException", .rejected), (404, "ResourceNotFoundException", .notFound),
        (408, "ModelTimeoutException", .timedOut), (424, "ModelErrorException", .serverFailed),
        (429, "ThrottlingException", .rateLimited), (429, "ModelNotReadyException", .rateLimited),
        (500, "InternalServerException", .serverFailed), (503, "ServiceUnavailableException", .serverFailed),
    ])
    func anExceptionHasItsKind(status: Int, type: String, kind: ProviderError.Kind) async throws {
        let error = try await failure(status, type)
        #expect(error.kind == kind && error.billing == .nothing)
        #expect(error.message.contains("Words") == (kind != .unauthorized))
    }

    @Test func reasoningIsKeptApartAndTheCachesFiguresAre() async throws {
        let answer = try await answer([
            event("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"Hm."}}}"#),
            event("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"x"}}}"#),
            event("contentBlockDelta", #"{"contentBlockIndex":1,"delta":{"text":"Hi."}}"#),
            event("somethingNew", "{}"), event("messageStop", #"{"stopReason":"end_turn"}"#),
            event(
                "metadata",
                #"""
                {"usage":{"inputTokens":5,"outputTokens":2,"totalTokens":36,"cacheReadInputTokens":20,
                 "cacheWriteInputTokens":9,"cacheDetails":[{"ttl":"1h","inputTokens":4},{"ttl":"5m","inputTokens":5}]}}
                """#),
        ])
        #expect(answer.text == "Hi." && answer.reasoning == "Hm." && !answer.isUsageEstimated)
        #expect(
            answer.usage
                == Usage(
                    inputTokens: 5, cachedInputTokens: 20, cacheWriteTokens: 5, cacheWriteHourTokens: 4,
                    outputTokens: 2))
    }

    @Test(arguments: [
        ("end_turn", Answer.Finish.stop), ("stop_sequence", .stop), ("max_tokens", .length),
        ("model_context_window_exceeded", .length), ("guardrail_intervened", .filtered),
        ("content_filtered", .filtered), ("tool_use", .other),
    ])
    func theStopReasonIsKept(reason: String, finish: Answer.Finish) async throws {
        let answer = try await answer([
            event("contentBlockDelta", #"{"delta":{"text":"Hi."}}"#),
            event("messageStop", #"{"stopReason":"\#(reason)"}"#),
        ])
        #expect(answer.finish == finish && answer.isUsageEstimated)
    }

    @Test(arguments: [
        (#"{"inputTokens":1,"outputTokens":2,"totalTokens":4}"#, Usage?.none),
        (#"{"inputTokens":1,"outputTokens":2}"#, Usage(inputTokens: 1, outputTokens: 2)),
        (
            #"{"inputTokens":1,"outputTokens":2,"totalTokens":3,"cacheReadInputTokens":7}"#,
            Usage(inputTokens: 1, cachedInputTokens: 7, outputTokens: 2)
        ),
        (#"{"inputTokens":1,"outputTokens":2,"cacheDetails":[{"ttl":"1h","inputTokens":1}]}"#, nil),
        (#"{"outputTokens":2}"#, nil), ("[]", nil),
    ])
    func figuresAreReadWholeOrRefused(report: String, usage: Usage?) throws {
        #expect(Usage(converse: try JSONValue(parsing: report)) == usage)
    }
}
