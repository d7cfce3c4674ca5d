import Configuration
import Core
import Metering
import Providers
import TestKit
import Testing

@testable import Generation

/// Requests that are cancelled in each of their stages, from within: nothing stays open, and nobody waits for ever.
@Suite(.timeLimit(.minutes(10))) struct CancelledStageTests {
    enum Stage: String, CaseIterable, Sendable {
        case started, resolved, waiting, sent, called, delta, checked, answered

        /// Whether the provider has been asked by then.
        var isCalled: Bool { [.called, .delta, .checked, .answered].contains(self) }
        /// Whether the answer is whole by then.
        var isWhole: Bool { [.delta, .checked, .answered].contains(self) }
    }

    let fixture: GenerationFixture
    let turns = TurnTaking()

    init() throws { fixture = try GenerationFixture(limits: { $0.global.requests[.second] = 1 }) }

    private static func cancelOneself() { withUnsafeCurrentTask { $0?.cancel() } }

    /// Asks, and gives up when a stage is reached.
    private func ask(cancellingAt stage: Stage) async -> Result<Generated, GenerationError> {
        let generator = Generator(
            cache: fixture.cache, limiter: fixture.limiter, ledger: fixture.ledger, prices: fixture.settings,
            time: fixture.time
        ) { [provider = fixture.provider] (call: ModelCall, _: RoleName) throws(ConfigurationError) -> PreparedCall in
            if stage == .resolved { Self.cancelOneself() }
            return try PreparedCall(call, to: provider)
        }
        let request = fixture.request("Say hello.") { _ in
            if stage == .checked { Self.cancelOneself() }
            return nil
        }
        do {
            return .success(
                try await generator.generate(request) { event in
                    if Self.stage(of: event) == stage { Self.cancelOneself() }
                })
        } catch {
            return .failure(error)
        }
    }

    private static func stage(of event: SessionEvent) -> Stage? {
        switch event {
        case .requestStarted: .started
        case .requestWaiting: .waiting
        case .requestSent: .sent
        case .textDelta: .delta
        case .requestAnswered: .answered
        default: nil
        }
    }

    @Test(arguments: Stage.allCases) func nothingStaysOpenAndEveryRowIsWhole(stage: Stage) async throws {
        if stage == .waiting { try await fixture.generate(fixture.request("Before.")) }
        let before = (rows: try fixture.rows().count, calls: fixture.provider.calls.count)
        fixture.provider.whileCalled { _ in if stage == .called { Self.cancelOneself() } }
        let result = await Task { await ask(cancellingAt: stage) }.value
        #expect(((try? result.get()) != nil) == stage.isWhole, "\(result)")
        if case .failure(let error) = result { #expect(error.isCancelled) }
        #expect(try fixture.openAttempts().isEmpty)
        let rows = try Array(fixture.rows()[before.rows...])
        let calls = fixture.provider.calls.count - before.calls
        #expect(rows.count == calls && calls <= 1 && (calls == 1 || !stage.isCalled))
        for row in rows {
            #expect(row.outcome == (stage.isWhole ? "answered" : "cancelled") && row.isEstimated != stage.isWhole)
            #expect(row.cost?.dollars == (stage.isWhole ? "0.000444" : "0.000852"))
        }
        let budgets = try fixture.limiter.standings().limits
        #expect(budgets.allSatisfy { $0.reserved == 0 && $0.waiting == 0 })
        #expect(fixture.isCached(fixture.request("Say hello.")) == stage.isWhole)
    }

    @Test(arguments: Stage.allCases) func nextOneIsAnsweredAtOnce(stage: Stage) async throws {
        if stage == .waiting { try await fixture.generate(fixture.request("Before.")) }
        fixture.provider.whileCalled { number in
            if stage == .called, number == 1 { Self.cancelOneself() }
        }
        _ = await Task { await ask(cancellingAt: stage) }.value
        fixture.provider.whileCalled { _ in }
        fixture.time.advance(seconds: 1)
        #expect(try await fixture.generate(fixture.request("Say hello.")).answer.text == "Hello there.")
        #expect(try fixture.openAttempts().isEmpty)
    }

    @Test func waiterOfAFlightLeavesNothing() async throws {
        let release = Signal()
        fixture.provider.whileCalled { _ in await release.wait() }
        let leader = Task(executorPreference: turns) { try await fixture.generate(fixture.request()) }
        let waiter = Task(executorPreference: turns) { await fixture.failure(of: fixture.request()) }
        await turns.settle()
        waiter.cancel()
        #expect(await waiter.value?.isCancelled == true)
        #expect(try fixture.openAttempts().count == 1 && fixture.rows().isEmpty)
        release.fire()
        _ = try await leader.value
        #expect(try fixture.openAttempts().isEmpty && fixture.rows() == [LedgerRow()])
    }

    @Test func requestOfACancelledTaskAsksNobody() async throws {
        let gate = Signal()
        let task = Task {
            await gate.wait()
            return await fixture.failure(of: fixture.request())
        }
        task.cancel()
        gate.fire()
        #expect(await task.value?.isCancelled == true)
        #expect(fixture.provider.calls.isEmpty)
        #expect(try fixture.openAttempts().isEmpty && fixture.rows().isEmpty)
    }
}
