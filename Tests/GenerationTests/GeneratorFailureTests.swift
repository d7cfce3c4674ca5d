import Configuration
import Core
import Metering
import Providers
import TestKit
import Testing

@testable import Generation

/// What a request that fails, is refused or is cancelled costs, and what it leaves behind.
@Suite(.timeLimit(.minutes(10))) struct GeneratorFailureTests {
    let fixture: GenerationFixture

    init() throws { fixture = try GenerationFixture() }

    /// The line of a call of ``GenerationFixture/call(_:model:endpoint:maxTokens:)`` that is charged at its worst.
    private func worstCase(outcome: String) -> LedgerRow {
        let call = fixture.call()
        return LedgerRow(
            outcome: outcome, usage: Usage(inputTokens: call.inputTokenBound, outputTokens: call.maxTokens),
            cost: fixture.generator.worstCase(of: .text(call)), isEstimated: true)
    }

    @Test func failureThatIsNotBilledChargesNothing() async throws {
        fixture.provider.answers { _ in .failure(.scripted(.unreachable, billing: .nothing)) }
        let error = await fixture.failure(of: fixture.request())
        #expect(error?.providerError == .scripted(.unreachable, billing: .nothing))
        #expect(try fixture.rows() == [LedgerRow(outcome: "failed", usage: .zero, cost: .zero)])
        #expect(try fixture.openAttempts().isEmpty)
        #expect(fixture.events.elements.compactMap(\.charged) == [.zero])
    }

    @Test func failureThatMayBeBilledChargesItsWorstCaseMarkedEstimated() async throws {
        fixture.provider.answers { _ in .failure(.scripted(.interrupted, billing: .worstCase)) }
        let error = await fixture.failure(of: fixture.request())
        #expect(error?.providerError?.kind == .interrupted)
        let row = worstCase(outcome: "failed")
        #expect(try fixture.rows() == [row])
        #expect(try fixture.openAttempts().isEmpty)
        #expect(fixture.events.elements.compactMap(\.charged?.dollars) == ["0.000852"])
        #expect(fixture.stages == ["started", "sent", "failed"])
    }

    @Test func failureIsNotKept() async throws {
        fixture.provider.answers { number in
            number == 1 ? .failure(.scripted(.serverFailed, billing: .nothing)) : .success(.saying("At last."))
        }
        #expect(await fixture.failure(of: fixture.request()) != nil)
        #expect(try await fixture.generate(fixture.request()).answer.text == "At last.")
    }

    @Test func cancellingDuringTheCallChargesItsWorstCase() async throws {
        let called = Signal()
        let never = Signal()
        fixture.provider.whileCalled { _ in
            called.fire()
            await never.wait()
        }
        let task = Task { await fixture.failure(of: fixture.request()) }
        await called.wait()
        task.cancel()
        #expect(await task.value?.isCancelled == true)
        let row = worstCase(outcome: "cancelled")
        #expect(try fixture.rows() == [row])
        #expect(try fixture.openAttempts().isEmpty)
        #expect(fixture.events.elements.compactMap(\.charged?.dollars) == ["0.000852"])
    }

    @Test func cancellingWhileWaitingAtALimitLeavesNothing() async throws {
        let fixture = try GenerationFixture(limits: { $0.global.requests[.second] = 1 })
        try await fixture.generate(fixture.request("One"))
        let task = Task { await fixture.failure(of: fixture.request("Two")) }
        await fixture.time.waitForSleepers(1)
        task.cancel()
        #expect(await task.value?.isCancelled == true)
        #expect(fixture.provider.calls.count == 1)
        #expect(try fixture.rows().count == 1)
        #expect(try fixture.openAttempts().isEmpty)
        fixture.time.advance(seconds: 1)
        #expect(try fixture.limiter.standings().limits.map(\.remaining) == [1])
    }

    @Test func refusedRequestAsksNobodyAndCostsNothing() async throws {
        let fixture = try GenerationFixture(limits: {
            $0.onLimit = .fail
            $0.global.costs[.day] = try Money(dollars: "0.001")
        })
        try await fixture.generate(fixture.request("Say hello."))
        let refused = fixture.request("Say more..")
        let refusal = try #require(await fixture.failure(of: refused)?.refusal)
        #expect(refusal.scope == .global && refusal.key == "cost_per_day" && !refusal.isNever)
        #expect(
            try refusal.kind
                == .budget(
                    asked: Money(dollars: "0.000852"), left: Money(dollars: "0.000556"),
                    limit: Money(dollars: "0.001")))
        #expect(fixture.provider.calls.count == 1)
        #expect(try fixture.rows().count == 1)
        #expect(try fixture.openAttempts().isEmpty)
        #expect(fixture.stages.suffix(2) == ["started", "failed"])
        #expect(fixture.events.elements.last?.charged == .zero)
    }

    @Test func providerThatCannotBeUsedReservesNothing() async throws {
        let generator = Generator(
            cache: fixture.cache, limiter: fixture.limiter, ledger: fixture.ledger, prices: fixture.settings,
            time: fixture.time
        ) { (_: ModelCall, _: RoleName) throws(ConfigurationError) -> PreparedCall in
            throw ConfigurationError(.missingKey, "no key")
        }
        let error = await #expect(throws: GenerationError.self) {
            _ = try await generator.generate(fixture.request()) { _ in }
        }
        #expect(error?.description == "no key")
        #expect(try fixture.rows().isEmpty)
        #expect(try fixture.openAttempts().isEmpty)
    }

    @Test func nothingIsAskedThatCannotBeAccountedFor() async throws {
        let folder = try TemporaryFolder()
        let ledger = Ledger(path: folder.file("none/ledger.db"), time: fixture.time)
        let generator = Generator(
            cache: fixture.cache, limiter: RateLimiter(ledger: ledger, settings: fixture.settings), ledger: ledger,
            prices: fixture.settings, time: fixture.time
        ) { [provider = fixture.provider] call, _ throws(ConfigurationError) in try PreparedCall(call, to: provider) }
        let error = await #expect(throws: GenerationError.self) {
            _ = try await generator.generate(fixture.request()) { _ in }
        }
        #expect(error?.ledgerError?.code == .notPermitted)
        #expect(fixture.provider.calls.isEmpty)
    }
}

extension GenerationError {
    var providerError: ProviderError? { if case .provider(let error) = self { error } else { nil } }
    var refusal: Refusal? { if case .refused(let refusal) = self { refusal } else { nil } }
    var ledgerError: LedgerError? { if case .ledger(let error) = self { error } else { nil } }
    var isCancelled: Bool { if case .cancelled = self { true } else { false } }
}
