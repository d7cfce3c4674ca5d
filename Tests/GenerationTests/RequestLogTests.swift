import Configuration
import Core
import InMemoryLogging
import Logging
import Metering
import Providers
import ResponseCache
import TestKit
import Testing

@testable import Generation

/// What the log is told of requests.
@Suite(.timeLimit(.minutes(10))) struct RequestLogTests {
    /// The stages of a request that the log was told, in order.
    private func stages(_ fixture: GenerationFixture, of request: GenerationRequest) -> [String] {
        fixture.log.entries.filter { $0.metadata["request"] == "\(request.id)" }.map { "\($0.message)" }
    }

    private func fields(_ stage: String, _ fixture: GenerationFixture) -> Logger.Metadata? {
        fixture.log.entries.last { "\($0.message)" == stage }?.metadata
    }

    private static let whole = [
        "started", "cache looked up", "reserved", "provider called", "settled", "checked", "stored", "answered",
    ]

    @Test func everyStageIsToldOnceWithItsFigures() async throws {
        let fixture = try GenerationFixture()
        let request = fixture.request("Say hello.")
        fixture.provider.whileCalled { _ in fixture.time.advance(seconds: 1.5) }
        try await fixture.generate(request)
        #expect(stages(fixture, of: request) == Self.whole)
        let started = try #require(fields("started", fixture))
        #expect(started["role"] == "scene_smith" && started["provider"] == "scripted" && started["model"] == "model-1")
        #expect(started["run"] == "\(request.origin.run)" && started["step"] == "draft_scenes")
        #expect(started["prompt_bytes"]?.description == "10" && started["max_tokens"]?.description == "100")
        #expect(fields("cache looked up", fixture)?["found"] == "miss")
        #expect(fields("cache looked up", fixture)?["cause"] == "new")
        let settled = try #require(fields("settled", fixture))
        #expect(settled["cost"] == "0.000444" && settled["outcome"] == "answered")
        #expect(settled["input_tokens"]?.description == "20" && settled["output_tokens"]?.description == "50")
        #expect(settled["latency_ms"]?.description == "1500" && settled["estimated"]?.description == "false")
        let attempt = try #require(fixture.provider.permits.first?.attempt)
        for stage in ["reserved", "provider called", "settled"] {
            #expect(fields(stage, fixture)?["attempt"] == "\(attempt)")
        }
        #expect(fields("answered", fixture)?["source"] == "provider")
    }

    @Test func nothingIsMadeUpForALogThatNobodyReads() throws {
        let request = try GenerationFixture().request("Say hello.")
        var logger = Logger(label: "test", factory: { _ in InMemoryLogHandler() })
        logger.logLevel = .warning
        #expect(RequestLog(request, in: logger) != nil)
        logger.logLevel = .error
        #expect(RequestLog(request, in: logger) == nil)
    }

    @Test func hitIsLookedUpAndAnswered() async throws {
        let fixture = try GenerationFixture()
        try await fixture.generate(fixture.request())
        let request = fixture.request()
        try await fixture.generate(request)
        #expect(stages(fixture, of: request) == ["started", "cache looked up", "answered"])
        #expect(fields("cache looked up", fixture)?["found"] == "hit")
        #expect(fields("answered", fixture)?["source"] == "cache")
        #expect(fields("answered", fixture)?["saved_cost"] == "0.000444")
    }

    @Test func skippedAndSwitchedOffLookUpsAreToldApart() async throws {
        let fixture = try GenerationFixture()
        try await fixture.generate(fixture.request(isFresh: true))
        #expect(fields("cache looked up", fixture)?["found"] == "bypassed")
        let off = try GenerationFixture(caching: { $0.enabled = false })
        try await off.generate(off.request())
        #expect(fields("cache looked up", off)?["found"] == "off")
    }

    @Test func sharedRequestJoinsTheOneUnderWay() async throws {
        let fixture = try GenerationFixture()
        let turns = TurnTaking()
        let release = Signal()
        fixture.provider.whileCalled { _ in await release.wait() }
        let requests = [fixture.request(), fixture.request()]
        var tasks: [Task<Generated, any Error>] = []
        for request in requests {
            tasks.append(Task(executorPreference: turns) { try await fixture.generate(request) })
            await turns.settle()
        }
        #expect(stages(fixture, of: requests[1]) == ["started", "cache looked up", "joined flight"])
        release.fire()
        for task in tasks { _ = try await task.value }
        #expect(stages(fixture, of: requests[0]) == Self.whole)
        #expect(stages(fixture, of: requests[1]).last == "answered")
        #expect(fields("answered", fixture)?["source"] == "shared")
    }

    @Test func waitAtALimitIsTold() async throws {
        let fixture = try GenerationFixture(limits: { $0.global.requests[.second] = 1 })
        try await fixture.generate(fixture.request("One"))
        let request = fixture.request("Two")
        let waiting = Task { try await fixture.generate(request) }
        await fixture.time.waitForSleepers(1)
        let waits = try #require(fields("waiting", fixture))
        #expect(waits["scope"] == "global" && waits["limit"] == "requests_per_second")
        #expect(waits["retry_after_ms"]?.description == "1000")
        fixture.time.advance(seconds: 1)
        _ = try await waiting.value
        #expect(stages(fixture, of: request).prefix(4) == ["started", "cache looked up", "waiting", "reserved"])
        #expect(fields("reserved", fixture)?["after_ms"]?.description == "1000")
    }

    @Test func answerOfAnotherProcessGivesTheReservationBack() async throws {
        let fixture = try GenerationFixture(limits: { $0.global.requests[.second] = 1 })
        try await fixture.generate(fixture.request("One"))
        let request = fixture.request("Two")
        let waiting = Task { try await fixture.generate(request) }
        await fixture.time.waitForSleepers(1)
        try fixture.cache.store(
            .saying("From elsewhere."), isStreamed: true, cost: Money(dollars: "0.5"), for: request.call,
            role: .sceneSmith)
        fixture.time.advance(seconds: 1)
        _ = try await waiting.value
        #expect(stages(fixture, of: request).suffix(3) == ["reserved", "released", "answered"])
    }

    @Test func deniedRequestNamesTheLimit() async throws {
        let fixture = try GenerationFixture(limits: {
            $0.onLimit = .fail
            $0.global.costs[.day] = try Money(dollars: "0.0009")
        })
        try await fixture.generate(fixture.request("One"))
        let request = fixture.request("Two")
        #expect(await fixture.failure(of: request) != nil)
        #expect(stages(fixture, of: request) == ["started", "cache looked up", "denied", "failed"])
        let denied = try #require(fields("denied", fixture))
        #expect(denied["reason"] == "budget" && denied["limit"] == "cost_per_day" && denied["scope"] == "global")
        #expect(fields("failed", fixture)?["reason"] == "refused" && fields("failed", fixture)?["charged"] == "0")
    }

    @Test func failureTellsItsKindAndCharge() async throws {
        let fixture = try GenerationFixture()
        var error = ProviderError.scripted(.serverFailed, billing: .worstCase)
        error.status = 500
        fixture.provider.answers { [error] _ in .failure(error) }
        let request = fixture.request()
        #expect(await fixture.failure(of: request) != nil)
        #expect(
            stages(fixture, of: request) == [
                "started", "cache looked up", "reserved", "provider called", "settled", "failed",
            ])
        let failed = try #require(fields("failed", fixture))
        #expect(failed["reason"] == "provider" && failed["kind"] == "serverFailed" && failed["charged"] == "0.000852")
        #expect(failed["status"]?.description == "500")
        #expect(fields("settled", fixture)?["outcome"] == "failed")
        #expect(fields("settled", fixture)?["estimated"]?.description == "true")
    }

    @Test func cancelledRequestIsSettledAndFails() async throws {
        let fixture = try GenerationFixture()
        let called = Signal()
        let never = Signal()
        fixture.provider.whileCalled { _ in
            called.fire()
            await never.wait()
        }
        let request = fixture.request()
        let task = Task { await fixture.failure(of: request) }
        await called.wait()
        task.cancel()
        _ = await task.value
        #expect(stages(fixture, of: request).suffix(3) == ["provider called", "settled", "failed"])
        #expect(fields("settled", fixture)?["outcome"] == "cancelled")
        #expect(fields("failed", fixture)?["reason"] == "cancelled")
    }

    @Test func answerThatFailsItsCheckIsNotOfferedToTheCache() async throws {
        let fixture = try GenerationFixture()
        let request = fixture.request { _ in "no good" }
        try await fixture.generate(request)
        #expect(stages(fixture, of: request).suffix(3) == ["settled", "checked", "answered"])
        #expect(fields("checked", fixture)?["good"]?.description == "false")
    }

    @Test func nothingThatWasWrittenOrSaidIsInTheLog() async throws {
        let fixture = try GenerationFixture()
        fixture.provider.answers { number in
            number == 1
                ? .success(.saying("The drowned bell tolls."))
                : .failure(
                    ProviderError(
                        kind: .rejected, provider: "scripted", message: "the server said: bad key sk-123",
                        partialText: "half a bell", billing: .nothing))
        }
        try await fixture.generate(
            fixture.request("Write of the pale ferry.") { answer in "not like this: \(answer.text)" })
        #expect(await fixture.failure(of: fixture.request("Write of the pale ferry again.")) != nil)
        #expect(fixture.log.entries.count > 10)
        let log = fixture.log.entries.map { "\($0.message) \($0.metadata) \(String(describing: $0.error))" }.joined()
        for secret in ["pale ferry", "drowned", "half a bell", "sk-123", "not like this"] {
            #expect(!log.contains(secret), "\(secret)")
        }
    }
}
