import Core
import Foundation
import Synchronization
import TestKit
import Testing

@testable import Providers

/// Time-outs, cancelling and redirects, over real connections.
@Suite struct HTTPTransportTests {
    @Test func aServerThatNeverAnswersTimesOut() async throws {
        let time = ManualTime()
        let server = try RawServer { $0.waitUntilClosed() }
        let provider = try openAI(server.baseURL, time: time)
        async let error = failure(of: provider)
        await time.waitForSleepers(2)
        time.advance(seconds: 60)
        let ended = try #require(await error)
        #expect(ended.kind == .timedOut && ended.billing == .worstCase)
        #expect(ended.message.contains("60 s") && ended.message.contains("first_byte_timeout_seconds"))
    }

    @Test func silenceInTheMiddleTimesOut() async throws {
        let time = ManualTime()
        let seen = Signal()
        let server = try RawServer { connection in
            connection.sendHead(contentType: "text/event-stream")
            connection.send(event("Once"))
            connection.waitUntilClosed()
        }
        let provider = try openAI(server.baseURL, time: time)
        let task = Task { () -> ProviderError? in
            do {
                _ = try await provider.generate(call(), permit: permit()) { _ in seen.fire() }
                return nil
            } catch {
                return error as? ProviderError
            }
        }
        await seen.wait()
        await time.waitForSleepers(3)
        time.advance(seconds: 60)
        let error = try #require(await task.value)
        #expect(error.kind == .timedOut && error.partialText == "Once" && error.billing == .worstCase)
        #expect(error.message.contains("idle_timeout_seconds"))
    }

    @Test func aSlowAnswerTimesOutInAll() async throws {
        let time = ManualTime()
        let arrived = Signal()
        let more = Signal()
        let server = try RawServer { connection in
            connection.sendHead(contentType: "text/event-stream")
            for _ in 0..<4 {
                connection.send(event("word "))
                more.waitOnThread()
            }
        }
        let provider = try openAI(server.baseURL, time: time)
        async let error = #expect(throws: ProviderError.self) {
            try await provider.generate(call(), permit: permit()) { _ in arrived.fire() }
        }
        for _ in 0..<3 {
            await arrived.wait()
            await time.waitForSleepers(2)
            time.advance(seconds: 50)
            more.fire()
        }
        let ended = await error
        more.fire()
        #expect(ended?.kind == .timedOut)
        #expect(ended?.message.contains("120 s") == true && ended?.message.contains("timeout_seconds") == true)
    }

    @Test func cancellingClosesTheConnectionAtOnce() async throws {
        let seen = Signal()
        let closed = Signal()
        let server = try RawServer { connection in
            connection.sendHead(contentType: "text/event-stream")
            connection.send(event("Once"))
            connection.waitUntilClosed()
            closed.fire()
        }
        let provider = try openAI(server.baseURL)
        let task = Task {
            try await provider.generate(call(), permit: permit()) { _ in seen.fire() }
        }
        await seen.wait()
        task.cancel()
        let error = await #expect(throws: ProviderError.self) { try await task.value }
        #expect(error?.kind == .cancelled && error?.partialText == "Once" && error?.billing == .worstCase)
        await closed.wait()
    }

    @Test(arguments: [301, 302, 303, 307, 308]) func noRedirectIsFollowedToAnotherOrigin(status: Int) async throws {
        let other = try await FakeOpenAIServer.start()
        let target = other.baseURL.appending(path: "chat/completions").absoluteString
        let server = try await FakeOpenAIServer.start { _ in
            .raw(status: status, headers: ["Location": target], body: [])
        }
        let error = try #require(await failure(of: openAI(server.baseURL)))
        #expect(error.kind == .redirected && error.billing == .nothing)
        #expect(error.message.contains("base_url"))
        #expect(other.served == 0)
    }

    @Test(arguments: [301, 302, 303, 307, 308]) func noRedirectWithinTheOriginIsFollowedEither(status: Int) async throws
    {
        let server = try await FakeOpenAIServer.start { _ in
            .raw(status: status, headers: ["Location": "/v2/chat"], body: [])
        }
        let error = try #require(await failure(of: openAI(server.baseURL)))
        #expect(error.kind == .redirected && error.billing == .nothing)
        #expect(error.message.contains("/v2/chat"))
        #expect(server.served == 1)
    }

    @Test func aConnectionServesOneCallAfterAnother() async throws {
        let server = try await FakeOpenAIServer.start()
        let provider = try openAI(server.baseURL)
        for _ in 0..<3 { _ = try await provider.generate(call(), permit: permit()) { _ in } }
        #expect(Set(server.requests.map(\.connection)).count == 1)
    }

    @Test func whatNobodyReadsHoldsItsServerUp() throws {
        let url = try #require(URL(string: "http://127.0.0.1:1"))
        let exchange = HTTPExchange(HTTPPost(url: url, headers: [], body: Data()), time: ManualTime())
        let half = Data(count: 1 << 19)
        #expect((1...4).map { _ in exchange.take(half) } == [.taken, .taken, .taken, .heldUp])
        #expect((1...3).map { _ in exchange.noteRead(.bytes(half)) } == [false, true, false])
        #expect(exchange.take(half) == .taken)
        let rest = (HTTPExchange.byteLimit >> 19) - 4
        for _ in 0..<rest {
            #expect(exchange.take(half) == .taken && !exchange.noteRead(.bytes(half)))
        }
        #expect(exchange.take(Data(count: 1)) == .tooLarge)
    }

    @Test func piecesThatComeRapidlyShouldGather() throws {
        let url = try #require(URL(string: "http://127.0.0.1:1"))
        let time = ManualTime()
        let exchange = HTTPExchange(HTTPPost(url: url, headers: [], body: Data()), time: time)
        func rapid(every milliseconds: Double, pieces: Int) -> [Bool] {
            (0..<pieces).map { _ in
                time.advance(seconds: milliseconds / 1_000)
                _ = exchange.take(Data(count: 10))
                return exchange.deliver()
            }
        }
        #expect(!rapid(every: 5, pieces: 64).contains(true))
        #expect(rapid(every: 1, pieces: 64).firstIndex(of: true) == 31)
        // Gathered, they come less often.
        #expect(!rapid(every: 15, pieces: 64).contains(false))
        #expect(rapid(every: 50, pieces: 64).firstIndex(of: false) == 31)
        #expect(!exchange.deliver())
    }

    @Test func aLargeRequestArrivesWhole() async throws {
        let server = try await FakeOpenAIServer.start { _ in .answer("Read.") }
        let long = String(repeating: "Łódź ", count: 30_000)
        // However long the server takes over it: nothing here is about time.
        let provider = try openAI(server.baseURL, time: ManualTime())
        _ = try await provider.generate(call(long), permit: permit()) { _ in }
        #expect(server.requests.first?.body["messages"]?.array?.last?["content"]?.string == long)
    }
}
