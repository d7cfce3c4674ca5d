import Configuration
import Core
import Foundation
import TestKit
import Testing

@testable import Providers

/// What holds for every provider that can be asked how it stands.
@Suite struct SurveyContractTests {
    /// Bedrock lists its models at another host, under other permissions, and is not asked.
    static let types = fakeForms.keys.filter { $0 != .bedrock }.sorted { $0.rawValue < $1.rawValue }

    private func form(_ type: ProviderType) throws -> any FakeForm { try #require(fakeForms[type]) }

    private func survey(
        _ type: ProviderType, _ baseURL: URL?, key: String? = secretKey, time: any TimeSource = ManualTime()
    ) async throws -> ProviderSurvey {
        let provider = try #require(try provider(type, baseURL, key: key, time: time) as? any Surveyable)
        return try await provider.survey()
    }

    private func failure(_ type: ProviderType, _ listing: FakeReply) async throws -> ProviderError {
        let server = try await FakeTextServer.start(try form(type), listing: { _ in listing })
        return try #require(await #expect(throws: ProviderError.self) { try await survey(type, server.baseURL) })
    }

    private func failure(
        _ type: ProviderType, _ script: @escaping @Sendable (RawConnection) -> Void
    ) async throws -> ProviderError {
        let server = try RawServer(script)
        return try #require(await #expect(throws: ProviderError.self) { try await survey(type, server.baseURL) })
    }

    @Test func everyTextProviderButBedrockCanBeAsked() throws {
        for type in Self.types {
            let provider = try provider(type, URL(string: "http://127.0.0.1:1"))
            #expect(provider is any Surveyable, "\(type)")
        }
    }

    @Test func theEmbeddedProviderListsItself() async throws {
        let survey = try await survey(.embedded, nil)
        #expect(survey.models?.map(\.name) == ["embedded"] && survey.takesAnyModel)
    }

    @Test(arguments: types) func theModelsAreTheServersOwn(type: ProviderType) async throws {
        let names = ["b-large", "a:latest", "c-20250929", "b-large"]
        let server = try await FakeTextServer.start(try form(type), listing: { _ in .models(names) })
        let survey = try await survey(type, server.baseURL)
        #expect(survey.models?.map(\.name) == ["b-large", "a:latest", "c-20250929"])
        #expect(survey.lists("b-large") == true && survey.lists("b-larg") == false)
        #expect(survey.lists("a") == (type == .ollama) && survey.lists("c") == (type == .anthropic))
        #expect(survey.lists("models/b-large") == (type == .gemini))
        #expect(survey.latencyMicroseconds >= 0 && !survey.takesAnyModel)
        #expect(server.served == 0 && server.looks.allSatisfy { $0.body.isNull })
    }

    @Test func theKeyTravelsInItsHeaderAlone() async throws {
        for type in Self.types {
            let server = try await FakeTextServer.start(try form(type))
            _ = try await survey(type, server.baseURL)
            let look = try #require(server.looks.first)
            #expect(look.headers.filter { $0.value.contains(secretKey) }.count == (type == .ollama ? 0 : 1), "\(type)")
            #expect(!look.path.contains(secretKey))
        }
    }

    @Test(arguments: types, [404, 405, 501])
    func aServerWithoutAListIsNoError(type: ProviderType, status: Int) async throws {
        let listing = FakeReply.raw("nothing here", status: status, contentType: "text/html")
        let server = try await FakeTextServer.start(try form(type), listing: { _ in listing })
        let survey = try await survey(type, server.baseURL)
        #expect(survey.models == nil && survey.lists("tiny") == nil)
    }

    @Test(arguments: types) func aRefusalSaysWhatToDo(type: ProviderType) async throws {
        let kinds: [(Int, ProviderError.Kind)] = [
            (400, .rejected), (401, .unauthorized), (403, .forbidden), (429, .rateLimited), (503, .serverFailed),
        ]
        for (status, kind) in kinds {
            let error = try await failure(type, .error(status: status, message: "Bad key \(secretKey)"))
            #expect(error.kind == kind && error.status == status && error.billing == .nothing)
            #expect(!String(reflecting: error).contains(secretKey))
        }
    }

    @Test func aWrongKeyOfGeminiIsAWrongKey() async throws {
        let body: JSONValue = ["error": ["code": 400, "details": [["reason": "API_KEY_INVALID"]]]]
        let error = try await failure(.gemini, .raw(body.text(), status: 400, contentType: "application/json"))
        #expect(error.kind == .unauthorized)
    }

    @Test(arguments: types) func whatIsNoListIsSaidToBeNone(type: ProviderType) async throws {
        for body in ["<html>", "{\"data", "[]", "{}", "{\"data\": 7}", String(repeating: "[", count: 200_000)] {
            let error = try await failure(type, .raw(body, contentType: "application/json"))
            #expect(error.kind == .unreadable, "\(body.prefix(20))")
        }
        let hostile = ["a\u{1B}[2J", "", String(repeating: "x", count: 201), "good", "bidi\u{202E}"]
        let server = try await FakeTextServer.start(try form(type), listing: { _ in .models(hostile) })
        #expect(try await survey(type, server.baseURL).models?.map(\.name) == ["good"])
    }

    @Test(arguments: types) func aListIsBounded(type: ProviderType) async throws {
        let names = (0..<ProviderSurvey.mostModels + 10).map { "m\($0)" }
        let server = try await FakeTextServer.start(try form(type), listing: { _ in .models(names) })
        #expect(try await survey(type, server.baseURL).models?.count == ProviderSurvey.mostModels)
        let error = try await failure(type) { connection in
            connection.sendHead(contentType: "application/json")
            for _ in 0..<10 { connection.send([UInt8](repeating: 0x20, count: 1 << 20)) }
        }
        #expect(error.kind == .tooLarge && error.message.contains("8 MiB"))
    }

    @Test(arguments: types) func aSlowServerIsLeftAfterTenSeconds(type: ProviderType) async throws {
        let time = ManualTime()
        let server = try RawServer { $0.waitUntilClosed() }
        async let ended = #expect(throws: ProviderError.self) { try await survey(type, server.baseURL, time: time) }
        await time.waitForSleepers(2)
        time.advance(seconds: 10)
        let error = try #require(await ended)
        #expect(error.kind == .timedOut && error.message.contains("10 s"))
    }

    @Test(arguments: types) func nobodyThereIsUnreachable(type: ProviderType) async throws {
        let port = try RawServer.closedPort()
        let error = await #expect(throws: ProviderError.self) {
            try await survey(type, URL(string: "http://127.0.0.1:\(port)"))
        }
        #expect(error?.kind == .unreachable)
    }

    @Test(arguments: types) func cancellingClosesTheConnection(type: ProviderType) async throws {
        let asked = Signal()
        let closed = Signal()
        let server = try RawServer { connection in
            asked.fire()
            connection.waitUntilClosed()
            closed.fire()
        }
        let task = Task { try await survey(type, server.baseURL) }
        await asked.wait()
        task.cancel()
        let error = await #expect(throws: ProviderError.self) { try await task.value }
        #expect(error?.kind == .cancelled)
        await closed.wait()
    }

    @Test(arguments: types) func noRedirectTakesTheKeyElsewhere(type: ProviderType) async throws {
        let other = try await FakeTextServer.start(try form(type))
        let reply = FakeReply.raw(status: 302, headers: ["Location": other.baseURL.absoluteString], body: [])
        #expect(try await failure(type, reply).kind == .redirected && other.looks.isEmpty)
    }

    @Test func anthropicsPagesAreReadToTheEnd() async throws {
        let server = try await FakeTextServer.start(
            FakeAnthropicForm(),
            listing: { look in
                let isLast = look.path.contains("after_id=b")
                let page: JSONValue = [
                    "data": [["id": isLast ? "c" : "a"], ["id": isLast ? "d" : "b"]], "has_more": .bool(!isLast),
                    "last_id": isLast ? "d" : "b",
                ]
                return .raw(page.text(), contentType: "application/json")
            })
        #expect(try await survey(.anthropic, server.baseURL).models?.map(\.name) == ["a", "b", "c", "d"])
        #expect(server.looks.map(\.path) == ["/v1/models?limit=1000", "/v1/models?limit=1000&after_id=b"])
        #expect(server.looks.allSatisfy { $0.headers["anthropic-version"] == "2023-06-01" })
    }

    @Test func geminisPagesAreReadAndOnlyWritersListed() async throws {
        let server = try await FakeTextServer.start(
            FakeGeminiForm(),
            listing: { look in
                let isLast = look.path.contains("pageToken=more")
                let writer: JSONValue = ["name": isLast ? "models/two" : "models/one"]
                let other: JSONValue = ["name": "models/embedding", "supportedGenerationMethods": ["embedContent"]]
                let page: JSONValue = ["models": [writer, other], "nextPageToken": isLast ? "" : "more"]
                return .raw(page.text(), contentType: "application/json")
            })
        #expect(try await survey(.gemini, server.baseURL).models?.map(\.name) == ["one", "two"])
        #expect(server.looks.count == 2 && server.looks[0].path == "/v1beta/models?pageSize=1000")
    }

    @Test func pagesThatNeverEndAreLeft() async throws {
        let server = try await FakeTextServer.start(
            FakeGeminiForm(),
            listing: { look in
                let number = look.path.count
                let page: JSONValue = [
                    "models": [["name": JSONValue("models/m\(number)")]],
                    "nextPageToken": JSONValue(String(repeating: "x", count: number)),
                ]
                return .raw(page.text(), contentType: "application/json")
            })
        #expect(try await survey(.gemini, server.baseURL).models?.isEmpty == false)
        #expect(server.looks.count <= 50)
    }

    @Test func ollamaTellsItsVersion() async throws {
        let server = try await FakeTextServer.start(
            FakeOllamaForm(),
            listing: { look in
                look.path == "/api/version"
                    ? .raw("{\"version\": \"0.12.3\"}", contentType: "application/json") : .models(["llama3:latest"])
            })
        let survey = try await survey(.ollama, server.baseURL)
        #expect(survey.version == "0.12.3" && survey.lists("llama3") == true)
        #expect(server.looks.map(\.path) == ["/api/tags", "/api/version"])
    }

    @Test func llamaCppTakesAnyName() async throws {
        let list = #"{"object": "list", "data": [{"id": "qwen.gguf", "owned_by": "llamacpp"}]}"#
        let listing: FakeTextServer.Responder = { _ in .raw(list, contentType: "application/json") }
        let server = try await FakeTextServer.start(listing: listing)
        #expect(try await survey(.openai, server.baseURL).takesAnyModel)
    }

    @Test func aKeyThatCannotBeSentIsSaidToBe() async throws {
        let server = try await FakeTextServer.start()
        let error = await #expect(throws: ProviderError.self) {
            try await survey(.openai, server.baseURL, key: "two\nlines")
        }
        #expect(error?.kind == .misconfigured && server.looks.isEmpty)
    }
}
