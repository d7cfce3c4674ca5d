import Core
import Foundation
import TestKit
import Testing

@testable import Providers

/// Everything that can go wrong between this program and an OpenAI-compatible server, over real connections.
@Suite struct OpenAIErrorTests {
    private func failure(_ reply: FakeReply, key: String? = secretKey) async throws -> ProviderError {
        let server = try await FakeOpenAIServer.start { _ in reply }
        return try #require(await ProvidersTests.failure(of: openAI(server.baseURL, key: key)))
    }

    private func failure(_ script: @escaping @Sendable (RawConnection) -> Void) async throws -> ProviderError {
        let server = try RawServer(script)
        return try #require(await ProvidersTests.failure(of: openAI(server.baseURL)))
    }

    @Test(arguments: [
        (401, ProviderError.Kind.unauthorized, "api_key"), (403, .forbidden, "Try harder"),
        (404, .notFound, "test-model"), (429, .rateLimited, "wait"), (400, .rejected, "Try harder"),
        (422, .rejected, "Try harder"), (500, .serverFailed, "try again"), (503, .serverFailed, "Try harder"),
        (529, .serverFailed, "529"),
    ])
    func anHTTPErrorSaysWhatToDoAndCostsNothing(status: Int, kind: ProviderError.Kind, word: String) async throws {
        let error = try await failure(.error(status: status, message: "Try harder"))
        #expect(error.kind == kind)
        #expect(error.status == status)
        #expect(error.billing == .nothing)
        #expect(error.provider == "my_server")
        #expect(error.host?.hasPrefix("127.0.0.1:") == true)
        #expect(error.message.contains(word))
        #expect(error.message.contains(try #require(error.host)))
        #expect(error.description == error.message)
    }

    @Test func anAccountWithoutCreditIsNoLimitThatPasses() async throws {
        let error = try await failure(.error(status: 429, message: "Check your plan", code: "insufficient_quota"))
        #expect(error.kind == .outOfCredit && error.billing == .nothing)
        #expect(error.message.contains("no credit left (429): \"Check your plan\""))
    }

    @Test func withoutAKeyA401SaysToSetOne() async throws {
        #expect(try await failure(.error(status: 401, message: "no"), key: nil).message.contains("set api_key"))
    }

    @Test(arguments: ["application/json", "text/plain", "text/html"])
    func anErrorsBodyMayBeAnything(type: String) async throws {
        for body in ["", "<html>", "{", #"{"error":"short"}"#, #"{"error":{"code":7}}"#, "[1]", #"{"error":null}"#] {
            let error = try await failure(.raw(body, status: 500, contentType: type))
            #expect(error.kind == .serverFailed && error.billing == .nothing)
        }
    }

    @Test func theServersTextIsShortAndHarmless() async throws {
        let error = try await failure(
            .error(status: 400, message: "\u{1B}[2J\n\u{202E}" + String(repeating: "long ", count: 100_000)))
        #expect(error.message.count < 600)
        #expect(!error.message.contains("\u{1B}") && !error.message.contains("\n"))
        #expect(!error.message.unicodeScalars.contains("\u{202E}"))
    }

    @Test(arguments: [400, 401, 403, 404, 429, 500]) func theKeyIsInNoError(status: Int) async throws {
        let error = try await failure(.error(status: status, message: "Bad key \(secretKey) for \(secretKey)x"))
        #expect(!"\(error)\(String(reflecting: error))".contains(secretKey))
    }

    @Test func theKeyIsInNoBrokenAnswer() async throws {
        let broken = try await failure(
            .raw(
                event("Echo \(secretKey)") + "data: {\"error\":{\"message\":\"\(secretKey)\"}}\n\n",
                contentType: "text/event-stream"))
        #expect(broken.kind == .serverFailed && broken.billing == .worstCase)
        #expect(broken.partialText == "Echo (the key)")
        #expect(!String(reflecting: broken).contains(secretKey))
        let typed = try await failure(.raw("x", contentType: "text/\(secretKey)"))
        #expect(!String(reflecting: typed).contains(secretKey))
    }

    @Test(arguments: ["sk bad", "sk\r\nX-Evil: 1", "", "schlüssel"])
    func aKeyThatCannotBeSentIsNotSent(key: String) async throws {
        let server = try await FakeOpenAIServer.start()
        let error = try #require(await ProvidersTests.failure(of: openAI(server.baseURL, key: key)))
        #expect(error.kind == .misconfigured && error.billing == .nothing)
        #expect(error.message.contains("api_key"))
        #expect(server.served == 0)
    }

    @Test func aRefusedConnectionCostsNothing() async throws {
        let url = try #require(URL(string: "http://127.0.0.1:\(RawServer.closedPort())/v1"))
        let error = try #require(await ProvidersTests.failure(of: openAI(url)))
        #expect(error.kind == .unreachable && error.billing == .nothing)
        #expect(error.message.contains("nobody answers at 127.0.0.1:"))
    }

    @Test func anUnknownHostCostsNothing() async throws {
        let url = try #require(URL(string: "http://no-such-host.invalid/v1"))
        let error = try #require(await ProvidersTests.failure(of: openAI(url)))
        #expect(error.kind == .unreachable && error.billing == .nothing)
        #expect(error.message.contains("no-such-host.invalid"))
    }

    @Test func aServerWithoutTLSIsNotTrusted() async throws {
        let server = try RawServer { _ in }
        let url = try #require(URL(string: "https://127.0.0.1:\(server.port)/v1"))
        let error = try #require(await ProvidersTests.failure(of: openAI(url)))
        #expect(error.kind == .unreachable && error.billing == .nothing)
        #expect(error.message.contains("secure"))
    }

    @Test(arguments: [
        ("{\"choices\":", "application/json"), ("", "application/json"), ("[]", "application/json"),
        ("{}", "application/json"), (#"{"choices":[{"message":{"content":7}}]}"#, "application/json"),
        ("data: {\"choices\":\n\n", "text/event-stream"), ("data: 7\n\n", "text/event-stream"),
        ("<html>Log in</html>", "text/html"), ("hello", ""),
    ])
    func whatIsNoAnswerIsSaidToBeNone(body: String, type: String) async throws {
        let error = try await failure(.raw(body, contentType: type))
        #expect(error.kind == .unreadable)
        #expect(error.billing == .worstCase)
        #expect(error.status == 200)
    }

    @Test func invalidUTF8IsUnreadable() async throws {
        let body = Array(#"{"choices":[{"message":{"content":""#.utf8) + [0xC3, 0x28] + Array(#""}}]}"#.utf8)
        let plain = try await failure(.raw(body: body))
        #expect(plain.kind == .unreadable)
        let stream = try await failure(
            .raw(headers: ["Content-Type": "text/event-stream"], body: Array("data: ".utf8) + body + Array("\n\n".utf8))
        )
        #expect(stream.kind == .unreadable)
    }

    @Test(arguments: ["application/json", "text/event-stream"])
    func deepNestingIsUnreadable(type: String) async throws {
        let deep = String(repeating: "[", count: 200_000)
        let body = type == "application/json" ? "{\"choices\":\(deep)" : "data: {\"choices\":\(deep)\n\n"
        #expect(try await failure(.raw(body, contentType: type)).kind == .unreadable)
    }

    @Test(arguments: [
        #"{"choices":[{"message":{"content":null},"finish_reason":"stop"}]}"#,
        #"{"choices":[{"message":{"content":" \n"},"finish_reason":"stop"}]}"#,
        #"{"choices":[{"message":{},"finish_reason":"tool_calls"}]}"#,
    ])
    func anAnswerWithoutTextIsEmpty(body: String) async throws {
        let error = try await failure(.raw(body, contentType: "application/json"))
        #expect(error.kind == .empty && error.billing == .worstCase)
    }

    @Test func anEmptyAnswerAtItsLengthSaysToRaiseMaxTokens() async throws {
        let error = try await failure(.answer("", finish: "length"))
        #expect(error.kind == .empty && error.message.contains("raise max_tokens"))
    }

    @Test func aStreamWithoutItsEndIsInterrupted() async throws {
        let error = try await failure { connection in
            connection.sendHead(contentType: "text/event-stream")
            connection.send(event("Once ") + event("upon") + "data: {\"cho")
        }
        #expect(error.kind == .interrupted)
        #expect(error.partialText == "Once upon")
        #expect(error.billing == .worstCase)
    }

    @Test func aResetKeepsWhatHasCome() async throws {
        let seen = Signal()
        let server = try RawServer { connection in
            connection.sendHead(contentType: "text/event-stream", "Content-Length: 100000\r\n")
            connection.send(event("Once"))
            seen.waitOnThread()
            connection.reset()
        }
        let provider = try openAI(server.baseURL)
        let error = await #expect(throws: ProviderError.self) {
            try await provider.generate(call(), permit: permit()) { _ in seen.fire() }
        }
        #expect(error?.kind == .interrupted && error?.partialText == "Once" && error?.billing == .worstCase)
    }

    @Test func aConnectionClosedWithoutAnAnswerIsChargedAtItsWorst() async throws {
        let error = try await failure { connection in connection.close() }
        #expect(error.kind == .interrupted && error.billing == .worstCase && error.partialText == nil)
    }

    @Test func anAddressThatRefusedBeforeAnotherTookTheCallMakesItNoCheaper() async throws {
        let server = try RawServer { connection in connection.close() }
        let url = try #require(URL(string: "http://localhost:\(server.port)/v1"))
        let error = try #require(await ProvidersTests.failure(of: openAI(url)))
        #expect(error.kind == .interrupted && error.billing == .worstCase)
    }

    @Test func anErrorsBodyThatBreaksOffIsStillThatError() async throws {
        let error = try await failure { connection in
            connection.sendHead("503 Busy", contentType: "application/json", "Content-Length: 1000\r\n")
            connection.send("{\"error\":")
        }
        #expect(error.kind == .serverFailed && error.status == 503 && error.billing == .nothing)
    }

    @Test func aHugeResponseIsRefused() async throws {
        let error = try await failure { connection in
            connection.sendHead(contentType: "application/json")
            let block = [UInt8](repeating: 0x20, count: 1 << 20)
            for _ in 0..<40 { connection.send(block) }
        }
        #expect(error.kind == .tooLarge && error.billing == .worstCase)
        #expect(error.message.contains("32 MiB"))
    }
}
