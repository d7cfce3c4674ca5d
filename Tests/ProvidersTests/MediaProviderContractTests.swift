import Configuration
import Core
import Foundation
import TestKit
import Testing

@testable import Providers

/// What holds for every provider of pictures and of sound, run by each of them.
@Suite struct MediaProviderContractTests {
    struct Maker: Hashable, Sendable, CustomTestStringConvertible {
        var type: ProviderType
        var kind: ProviderKind
        var testDescription: String { "\(type.rawValue) \(kind.rawValue)" }
    }

    static let makers =
        (ProviderTable.image.keys.map { Maker(type: $0, kind: .image) }
        + ProviderTable.speech.keys.map { Maker(type: $0, kind: .audio) })
        .sorted { $0.testDescription < $1.testDescription }

    /// A subject and the server that it needs.
    private func subject(_ maker: Maker) async throws -> (MediaSubject, FakeTextServer?) {
        guard let form = mediaForms[maker.type] else { return (MediaSubject(maker.type, maker.kind, nil), nil) }
        let (server, url) = try await mediaServer(form)
        return (MediaSubject(maker.type, maker.kind, url, server: server), server)
    }

    @Test func everyTypeHasItsLine() {
        for kind in [ProviderKind.image, .audio] {
            let types = Self.makers.filter { $0.kind == kind }.map(\.type)
            #expect(Set(types) == Set(ProviderType.allCases.filter { $0.kinds.contains(kind) }))
        }
        #expect(Set(mediaForms.keys) == Set(Self.makers.map(\.type)).subtracting([.embedded]))
    }

    @Test(arguments: makers) func theAnswerIsMediaOfItsKind(maker: Maker) async throws {
        let (subject, server) = try await subject(maker)
        let answer = try await subject.generate()
        let media = try #require(answer.media)
        #expect(media.type.kind == maker.kind && media.type == MediaType(of: media.bytes))
        #expect(answer.text.isEmpty && answer.finish == .stop && !answer.model.isEmpty)
        #expect(server == nil || server?.served == 1)
    }

    @Test(arguments: makers) func usageStaysWithinItsBound(maker: Maker) async throws {
        let (subject, _) = try await subject(maker)
        let usage = try await subject.generate().usage
        let bound = subject.bound()
        #expect(usage.images <= bound.images && usage.characters <= bound.characters)
        #expect(usage.inputTokens <= bound.inputTokens && usage.outputTokens <= bound.outputTokens)
        #expect(usage != .zero)
    }

    @Test(arguments: makers) func itHasTheNameOfItsConfiguration(maker: Maker) async throws {
        let pool = try await subject(maker).0.pool
        #expect(try (maker.kind == .image ? pool.imageProvider(named: "x").name : "x") == "x")
        #expect(try (maker.kind == .audio ? pool.speechProvider(named: "x").name : "x") == "x")
    }

    @Test(arguments: makers) func aCancelledTaskIsNeverAnswered(maker: Maker) async throws {
        let (subject, server) = try await subject(maker)
        let started = Signal()
        let task = Task { () -> ProviderError? in
            await started.wait()
            return await subject.failure()
        }
        task.cancel()
        started.fire()
        let error = await task.value
        #expect(error?.kind == .cancelled && error?.billing == ProviderError.Billing.nothing)
        #expect(server?.served ?? 0 == 0)
    }
}

/// What holds for those behind a server, good or bad.
@Suite struct RemoteMediaContractTests {
    static let types = mediaForms.keys.sorted { $0.rawValue < $1.rawValue }

    private func form(_ type: ProviderType) throws -> FakeMediaForm { try #require(mediaForms[type]) }

    private func failure(_ type: ProviderType, _ reply: FakeReply) async throws -> ProviderError {
        let form = try form(type)
        let (_server, url) = try await mediaServer(form, reply)
        defer { withExtendedLifetime(_server) {} }
        return try #require(await MediaSubject(type, form.kind, url).failure())
    }

    private func failure(
        _ type: ProviderType, _ script: @escaping @Sendable (RawConnection) -> Void
    ) async throws -> ProviderError {
        let server = try RawServer(script)
        return try #require(await MediaSubject(type, form(type).kind, server.baseURL).failure())
    }

    @Test(arguments: types) func theCallGoesToItsPlaceAndTheKeyInItsFieldAlone(type: ProviderType) async throws {
        let form = try form(type)
        let (server, url) = try await mediaServer(form)
        _ = try await MediaSubject(type, form.kind, url).generate()
        _ = try await MediaSubject(type, form.kind, url, key: nil).generate()
        let request = try #require(server.requests.first)
        #expect(request.wire.path == form.path)
        #expect(request.body.text().contains("A lighthouse in fog."))
        let holders = request.headers.filter { $0.value.contains(secretKey) }.map(\.key)
        #expect(holders == (form.keyField.map { [$0] } ?? []))
        #expect(!request.path.contains(secretKey) && !request.body.text().contains(secretKey))
        #expect(server.requests.last?.headers[form.keyField ?? ""] == nil)
    }

    @Test(arguments: types) func anHTTPErrorSaysWhatToDoAndCostsNothing(type: ProviderType) async throws {
        let kinds: [(Int, ProviderError.Kind)] = [
            (400, .rejected), (401, .unauthorized), (403, .forbidden), (404, .notFound), (408, .timedOut),
            (422, .rejected), (429, .rateLimited), (500, .serverFailed), (503, .serverFailed), (529, .serverFailed),
        ]
        for (status, kind) in kinds {
            let error = try await failure(type, form(type).error(status, "Try harder, \(secretKey)"))
            #expect(error.kind == kind && error.status == status && error.billing == .nothing)
            #expect(!String(reflecting: error).contains(secretKey))
            if type != .a1111 { #expect(error.message.contains("Try harder") == (status != 401)) }
        }
    }

    @Test(arguments: types) func anErrorCarriesTheProvidersAdvice(type: ProviderType) async throws {
        let error = try await failure(
            type, .raw(status: 429, headers: ["Content-Type": "text/html", "Retry-After": "7"], body: []))
        #expect(error.limits?.retryAfter == 7_000_000)
    }

    @Test(arguments: types) func noRedirectTakesTheKeyElsewhere(type: ProviderType) async throws {
        let (other, url) = try await mediaServer(form(type))
        let reply = FakeReply.raw(status: 307, headers: ["Location": url.absoluteString], body: [])
        let error = try await failure(type, reply)
        #expect(error.kind == .redirected && error.billing == .nothing && other.served == 0)
    }

    @Test(arguments: types) func whatIsNoMediaIsSaidToBeNone(type: ProviderType) async throws {
        let form = try form(type)
        let other = form.kind == .image ? FakeMediaForm.mp3 : FakeMediaForm.png
        for bytes in [other, Array("<html>".utf8), Array("RIFFxxxxNONE".utf8)] {
            let error = try await failure(type, form.answer(bytes, form.sample.type))
            #expect(error.kind == .unreadable && error.billing == .worstCase, "\(bytes.prefix(4))")
        }
        #expect(try await failure(type, form.answer([], form.sample.type)).kind == .interrupted)
        for json in ["{\"message", "[]", "7", "{\"a\":1}", String(repeating: "[", count: 200_000)] {
            let error = try await failure(type, .raw(json, contentType: "application/json"))
            #expect(error.kind == .unreadable && error.billing == .worstCase, "\(json.prefix(20))")
        }
        #expect(try await failure(type, .raw("<html>", contentType: "text/html")).kind == .unreadable)
        #expect(try await failure(type, .raw(headers: [:], body: FakeMediaForm.png)).kind == .unreadable)
    }

    @Test(arguments: types) func aHugeResponseIsRefused(type: ProviderType) async throws {
        let error = try await failure(type) { connection in
            connection.sendHead(contentType: "application/json")
            let block = [UInt8](repeating: 0x20, count: 1 << 20)
            for _ in 0..<40 { connection.send(block) }
        }
        #expect(error.kind == .tooLarge && error.billing == .worstCase, "\(error)")
    }

    @Test(arguments: types) func aResetInTheMiddleIsChargedAtItsWorst(type: ProviderType) async throws {
        let media = try form(type).sample
        let error = try await failure(type) { connection in
            connection.sendHead(contentType: media.type, "Content-Length: 100000\r\n")
            connection.send(media.bytes)
            connection.reset()
        }
        #expect(error.kind == .interrupted && error.billing == .worstCase)
    }

    @Test(arguments: types) func cancellingClosesTheConnection(type: ProviderType) async throws {
        let (seen, closed) = (Signal(), Signal())
        let server = try RawServer { connection in
            connection.sendHead(contentType: "application/json")
            seen.fire()
            connection.waitUntilClosed()
            closed.fire()
        }
        let subject = try MediaSubject(type, form(type).kind, server.baseURL)
        let task = Task { await subject.failure() }
        await seen.wait()
        task.cancel()
        let error = await task.value
        #expect(error?.kind == .cancelled && error?.billing == .worstCase)
        await closed.wait()
    }
}
