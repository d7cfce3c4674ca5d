import Configuration
import Core
import Foundation
import TestKit
import Testing

@testable import Providers

/// What holds for every text provider behind a server, good or bad, run by each against its server's published form.
@Suite struct RemoteProviderContractTests {
    static let types = fakeForms.keys.sorted { $0.rawValue < $1.rawValue }
    static let text = (1...12).map { "\($0): Łódź 🚢 ärgert sich.\n" }.joined()

    private func form(_ type: ProviderType) throws -> any FakeForm { try #require(fakeForms[type]) }

    /// A streamed answer as it goes over the wire.
    private func stream(_ type: ProviderType, _ reply: FakeReply = .answer(text)) throws -> FakeReply.Rendered {
        let request = FakeTextServer.Request(
            path: ":streamGenerateContent/converse-stream",
            body: ["model": "m", "stream": true, "stream_options": ["include_usage": true]])
        return try reply.rendered(for: request, as: form(type))
    }

    /// Its two halves: the first ends with a whole object, and with some of the text.
    private func halves(_ type: ProviderType) throws -> (first: [UInt8], rest: [UInt8]) {
        let usage = try form(type).usage(input: 4, output: 60)
        guard case .answer(let answered) = FakeReply.answer(Self.text) else { return ([], []) }
        let body: JSONValue = ["model": "m", "stream_options": ["include_usage": true]]
        let objects = try form(type).stream(answered, request: body, usage: usage)
        let middle = objects.count / 2
        return (Array(objects[..<middle].joined()), Array(objects[middle...].joined()))
    }

    private func failure(_ type: ProviderType, _ reply: FakeReply) async throws -> ProviderError {
        let server = try await FakeTextServer.start(try form(type)) { _ in reply }
        return try #require(await ProvidersTests.failure(of: provider(type, server.baseURL)))
    }

    private func failure(
        _ type: ProviderType, _ script: @escaping @Sendable (RawConnection) -> Void
    ) async throws -> ProviderError {
        let server = try RawServer(script)
        return try #require(await ProvidersTests.failure(of: provider(type, server.baseURL)))
    }

    private func answer(_ type: ProviderType, _ reply: FakeReply, to call: TextCall = call()) async throws -> Answer {
        let server = try await FakeTextServer.start(try form(type)) { _ in reply }
        return try await provider(type, server.baseURL).generate(call, permit: permit()) { _ in }
    }

    // MARK: - Answers

    @Test(arguments: types, [false, true])
    func theServersFiguresAreTheAnswers(type: ProviderType, isPlain: Bool) async throws {
        let server = try await FakeTextServer.start(try form(type)) { _ in .answer(Self.text, ignoresStream: isPlain) }
        let deltas = Deltas()
        let provider = try provider(type, server.baseURL)
        let answer = try await provider.generate(call(), permit: permit()) { deltas.add($0) }
        #expect(answer.text == Self.text && deltas.text == Self.text)
        #expect(answer.usage.inputTokens == server.reportedInputTokens && answer.usage.inputTokens == 4)
        #expect(answer.usage.outputTokens == server.reportedOutputTokens && answer.usage.outputTokens == 60)
        #expect(!answer.isUsageEstimated && answer.finish == .stop)
    }

    @Test(arguments: types) func aStreamMayComeByteByByte(type: ProviderType) async throws {
        let stream = try stream(type)
        let server = try RawServer { connection in
            connection.sendHead(contentType: stream.headers["Content-Type"] ?? "")
            for byte in stream.body { connection.send([byte]) }
        }
        let deltas = Deltas()
        let provider = try provider(type, server.baseURL)
        let answer = try await provider.generate(call(), permit: permit()) { deltas.add($0) }
        #expect(answer.text == Self.text && deltas.text == Self.text)
    }

    @Test(arguments: types) func textIsHandedOverBeforeTheAnswerEnds(type: ProviderType) async throws {
        let seen = Signal()
        let (first, rest) = try halves(type)
        let media = try form(type).streamType
        let server = try RawServer { connection in
            connection.sendHead(contentType: media)
            connection.send(first)
            seen.waitOnThread()
            connection.send(rest)
        }
        let provider = try provider(type, server.baseURL)
        let answer = try await provider.generate(call(), permit: permit()) { _ in seen.fire() }
        #expect(answer.text == Self.text)
    }

    @Test(arguments: types) func anAnswerAtItsLengthSaysSo(type: ProviderType) async throws {
        #expect(try await answer(type, .answer("Text", finish: "length")).finish == .length)
        #expect(try await answer(type, .answer("Text", finish: "length", ignoresStream: true)).finish == .length)
        let empty = try await failure(type, .answer("", finish: "length"))
        #expect(empty.kind == .empty && empty.message.contains("raise max_tokens"))
        #expect(try await answer(type, .answer("Text", finish: "SOMETHING_NEW")).finish == .other)
    }

    @Test(arguments: types, [false, true])
    func missingUsageIsEstimated(type: ProviderType, isPlain: Bool) async throws {
        let answer = try await answer(type, .answer(Self.text, figures: .missing, ignoresStream: isPlain))
        #expect(answer.isUsageEstimated)
        #expect((60...200).contains(answer.usage.outputTokens) && answer.usage.inputTokens > 0)
    }

    @Test(arguments: types, [-5, 100_000_001, .max])
    func impossibleUsageCountsAsTheWorstCase(type: ProviderType, count: Int) async throws {
        let call = call()
        let usage = try form(type).usage(input: 7, output: 1).object.map { usage in
            JSONValue.object(JSONObject(usage.map { ($0.key, JSONValue(count)) }))
        }
        for isPlain in [false, true] {
            let reply = FakeReply.answer("Text.", figures: .these(try #require(usage)), ignoresStream: isPlain)
            let answer = try await answer(type, reply, to: call)
            #expect(answer.isUsageEstimated)
            #expect(answer.usage == Usage(inputTokens: call.inputTokenBound, outputTokens: call.maxTokens))
        }
    }

    // MARK: - The key

    @Test func theKeyTravelsInItsHeaderAlone() async throws {
        let fields = [
            ProviderType.openai: ("authorization", "Bearer " + secretKey), .anthropic: ("x-api-key", secretKey),
            .gemini: ("x-goog-api-key", secretKey),
        ]
        for type in Self.types {
            let server = try await FakeTextServer.start(try form(type))
            _ = try await provider(type, server.baseURL).generate(call(), permit: permit()) { _ in }
            let request = try #require(server.requests.first)
            let holders = request.headers.filter { $0.value.contains(secretKey) }
            #expect(holders == (fields[type].map { [$0.0: $0.1] } ?? [:]))
            #expect(!request.path.contains(secretKey) && !request.body.text().contains(secretKey))
            _ = try await provider(type, server.baseURL, key: nil).generate(call(), permit: permit()) { _ in }
            #expect(server.requests.last?.headers[fields[type]?.0 ?? ""] == nil)
        }
    }

    @Test(arguments: types, [400, 401, 403, 404, 429, 500])
    func theKeyIsInNoError(type: ProviderType, status: Int) async throws {
        let error = try await failure(type, .error(status: status, message: "Bad key \(secretKey) for \(secretKey)x"))
        #expect(!"\(error)\(String(reflecting: error))".contains(secretKey))
    }

    @Test(arguments: types) func theKeyIsInNoBrokenAnswer(type: ProviderType) async throws {
        let form = try form(type)
        let body = form.streamedError(status: 500, message: "about \(secretKey)", code: secretKey)
        let error = try await failure(type, .raw(headers: ["Content-Type": form.streamType], body: body))
        #expect(error.kind == .serverFailed && !String(reflecting: error).contains(secretKey))
    }

    @Test(arguments: types) func noRedirectTakesTheKeyElsewhere(type: ProviderType) async throws {
        let other = try await FakeTextServer.start(try form(type))
        let reply = FakeReply.raw(status: 307, headers: ["Location": other.baseURL.absoluteString], body: [])
        let error = try await failure(type, reply)
        #expect(error.kind == .redirected && error.billing == .nothing && other.served == 0)
    }

    // MARK: - Failures

    @Test(arguments: types)
    func anHTTPErrorSaysWhatToDoAndCostsNothing(type: ProviderType) async throws {
        let kinds: [(Int, ProviderError.Kind)] = [
            (400, .rejected), (401, .unauthorized), (402, .outOfCredit), (403, .forbidden), (404, .notFound),
            (413, .rejected),
            (429, .rateLimited), (500, .serverFailed), (503, .serverFailed), (529, .serverFailed),
        ]
        for (status, kind) in kinds {
            let error = try await failure(type, .error(status: status, message: "Try harder"))
            #expect(error.kind == kind && error.status == status && error.billing == .nothing)
            #expect(error.message.contains("Try harder") == (status != 401))
        }
    }

    @Test(arguments: types) func anErrorCarriesTheProvidersAdvice(type: ProviderType) async throws {
        let error = try await failure(
            type, .raw(status: 429, headers: ["Content-Type": "text/html", "Retry-After": "7"], body: []))
        #expect(error.limits?.retryAfter == 7_000_000)
    }

    @Test(arguments: types) func anErrorInTheMiddleKeepsWhatHasCome(type: ProviderType) async throws {
        let form = try form(type)
        let broken = form.streamedError(status: 529, message: "Overloaded", code: "overloaded_error")
        let body = try halves(type).first + broken
        let error = try await failure(type, .raw(headers: ["Content-Type": form.streamType], body: body))
        #expect(error.kind == .serverFailed && error.billing == .worstCase)
        #expect(error.message.contains("Overloaded"))
        #expect(error.partialText.map { !$0.isEmpty && Self.text.hasPrefix($0) } == true)
    }

    @Test(arguments: types, [0, 3])
    func aStreamThatIsCutKeepsWhatHasCome(type: ProviderType, missing: Int) async throws {
        let media = try form(type).streamType
        let first = try halves(type).first.dropLast(missing)
        let error = try await failure(type) { connection in
            connection.sendHead(contentType: media)
            connection.send(first)
        }
        #expect(error.kind == .interrupted && error.billing == .worstCase)
        #expect(error.partialText.map { !$0.isEmpty && Self.text.hasPrefix($0) } == true)
    }

    @Test(arguments: types) func aResetKeepsWhatHasCome(type: ProviderType) async throws {
        let seen = Signal()
        let media = try form(type).streamType
        let first = try halves(type).first
        let server = try RawServer { connection in
            connection.sendHead(contentType: media, "Content-Length: 100000\r\n")
            connection.send(first)
            seen.waitOnThread()
            connection.reset()
        }
        let provider = try provider(type, server.baseURL)
        let error = await #expect(throws: ProviderError.self) {
            try await provider.generate(call(), permit: permit()) { _ in seen.fire() }
        }
        #expect(error?.kind == .interrupted && error?.billing == .worstCase && error?.partialText?.isEmpty == false)
    }

    @Test(arguments: types) func cancellingInTheMiddleClosesTheConnection(type: ProviderType) async throws {
        let seen = Signal()
        let closed = Signal()
        let media = try form(type).streamType
        let first = try halves(type).first
        let server = try RawServer { connection in
            connection.sendHead(contentType: media)
            connection.send(first)
            connection.waitUntilClosed()
            closed.fire()
        }
        let provider = try provider(type, server.baseURL)
        let task = Task { try await provider.generate(call(), permit: permit()) { _ in seen.fire() } }
        await seen.wait()
        task.cancel()
        let error = await #expect(throws: ProviderError.self) { try await task.value }
        #expect(error?.kind == .cancelled && error?.billing == .worstCase && error?.partialText?.isEmpty == false)
        await closed.wait()
    }

    @Test(arguments: types) func whatIsNoAnswerIsSaidToBeNone(type: ProviderType) async throws {
        let media = try form(type).streamType
        for json in ["{\"message", "[]", "7", "{\"a\":\u{1}}", String(repeating: "[", count: 200_000)] {
            let body = try form(type).streamed(json)
            let streamed = try await failure(type, .raw(headers: ["Content-Type": media], body: body))
            #expect(streamed.kind == .unreadable && streamed.billing == .worstCase, "\(json.prefix(20))")
            let whole = try await failure(type, .raw(json, contentType: "application/json"))
            #expect(whole.kind == .unreadable && whole.billing == .worstCase, "\(json.prefix(20))")
        }
        for json in ["", "{}"] {
            #expect(try await failure(type, .raw(json, contentType: "application/json")).kind == .unreadable)
        }
        #expect(try await failure(type, .raw("", contentType: media)).kind == .interrupted)
        #expect(try await failure(type, .raw("<html>", contentType: "text/html")).kind == .unreadable)
    }

    @Test(arguments: types) func aHugeResponseIsRefused(type: ProviderType) async throws {
        let error = try await failure(type) { connection in
            connection.sendHead(contentType: "application/json")
            let block = [UInt8](repeating: 0x20, count: 1 << 20)
            for _ in 0..<40 { connection.send(block) }
        }
        #expect(error.kind == .tooLarge && error.billing == .worstCase)
    }
}
