import Configuration
import Core
import GRDB
import InMemoryLogging
import Logging
import Metering
import Providers
import ResponseCache
import TestKit
import Testing

@testable import Generation

/// Requests that another provider answers when the first has failed.
@Suite(.timeLimit(.minutes(10))) struct GeneratorFallbackTests {
    /// A line of the ledger, as far as it tells who was asked.
    private struct Asked: Hashable {
        var provider: String
        var model: String
        var lookup: String
        var outcome: String
        var cost: Money?
    }

    private let fixture: GenerationFixture

    init() throws { fixture = try GenerationFixture() }

    private func asked(_ fixture: GenerationFixture? = nil) throws -> [Asked] {
        try (fixture ?? self.fixture).ledger.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM ledger ORDER BY id").map { row in
                Asked(
                    provider: row["provider"], model: row["model"], lookup: row["lookup"], outcome: row["outcome"],
                    cost: (row["cost"] as Int64?).map { Money(picodollars: $0) })
            }
        } ?? []
    }

    private func failFirst(_ kind: ProviderError.Kind = .serverFailed, billing: ProviderError.Billing = .nothing) {
        fixture.provider.answers { _ in .failure(.scripted(kind, billing: billing)) }
    }

    /// What the second provider's answer costs at its model's prices.
    private let secondCost = Money(picodollars: 740_000_000)

    @Test func answerIsChargedToWhoGaveItAndShownAsTheirs() async throws {
        var failed = ProviderError.scripted(.serverFailed, billing: .nothing)
        failed.status = 503
        fixture.provider.answers { [failed] _ in .failure(failed) }
        let generated = try await fixture.generate(fixture.requestWithFallback())
        #expect(generated.record.provider == "second" && generated.record.model == "model-2")
        #expect(generated.record.cost == secondCost)
        #expect(
            try asked() == [
                Asked(provider: "scripted", model: "model-1", lookup: "miss", outcome: "failed", cost: .zero),
                Asked(provider: "second", model: "model-2", lookup: "none", outcome: "answered", cost: secondCost),
            ])
        #expect(try fixture.lookups().misses == 1 && fixture.openAttempts().isEmpty)
        #expect(fixture.second.calls.map(\.model) == ["model-2"])
        #expect(fixture.stages.prefix(4) == ["started", "sent", "scripted failed (503), second asked instead", "sent"])
    }

    @Test func answerIsKeptUnderItsOwnKeyAlone() async throws {
        failFirst()
        let request = fixture.requestWithFallback()
        let generated = try await fixture.generate(request)
        #expect(!fixture.isCached(request))
        #expect(generated.key.description != CacheKey(for: request.call).description)
        // The first is asked again, and the second's answer is at hand.
        let again = try await fixture.generate(fixture.requestWithFallback())
        #expect(again.record.source == .cache && again.record.provider == "second")
        #expect(again.record.cost == .zero && again.record.savedCost == secondCost)
        #expect(fixture.provider.calls.count == 2 && fixture.second.calls.count == 1)
        let lookups = try fixture.lookups()
        #expect(lookups.misses == 2 && lookups.hits == 0)
        #expect(try asked().map(\.lookup) == ["miss", "none", "miss", "none"])
    }

    @Test func freshRequestPassesOverWhatTheFallbackSaidBefore() async throws {
        failFirst()
        _ = try await fixture.generate(fixture.requestWithFallback())
        let fresh = try await fixture.generate(fixture.requestWithFallback(isFresh: true))
        #expect(fresh.record.source == .provider && fixture.second.calls.count == 2)
        #expect(try asked().map(\.lookup) == ["miss", "none", "bypassed", "none"])
    }

    @Test func whatTheFirstTriesCostIsTold() async throws {
        failFirst(.interrupted, billing: .worstCase)
        let request = fixture.requestWithFallback()
        _ = try await fixture.generate(request)
        let told = fixture.events.elements.compactMap { event -> Money? in
            if case .requestFellBack(_, _, _, _, _, _, _, let charged) = event { charged } else { nil }
        }
        #expect(told == [fixture.generator.worstCase(of: request.call)])
    }

    @Test(arguments: ProviderError.Kind.allCases.filter { $0 != .cancelled })
    func everyFailureForGoodIsPassedOn(kind: ProviderError.Kind) async throws {
        failFirst(kind)
        #expect(try await fixture.generate(fixture.requestWithFallback()).record.provider == "second")
    }

    @Test func textThatHasBeenShownIsNotWrittenAgain() async throws {
        var broken = ProviderError.scripted(.interrupted, billing: .worstCase)
        broken.partialText = "Once upon"
        fixture.provider.answers { [broken] _ in .failure(broken) }
        #expect(await fixture.failure(of: fixture.requestWithFallback())?.providerError?.partialText == "Once upon")
        #expect(fixture.second.calls.isEmpty)
    }

    @Test func whoCancelsIsNotAnsweredByAnother() async throws {
        let called = Signal()
        fixture.provider.whileCalled { _ in
            called.fire()
            while !Task.isCancelled { await Task.yield() }
        }
        let task = Task { await fixture.failure(of: fixture.requestWithFallback()) }
        await called.wait()
        task.cancel()
        #expect(await task.value?.isCancelled == true)
        #expect(fixture.second.calls.isEmpty)
        #expect(try fixture.openAttempts().isEmpty)
    }

    @Test func whoCannotBeAskedIsPassedOverAndNamed() async throws {
        var request = fixture.requestWithFallback()
        request.passedOver = [UnusableProvider(name: "openai", message: "set OPENAI_API_KEY")]
        request.fallbacks.insert(.unusable(UnusableProvider(name: "gemini", message: "set GEMINI_API_KEY")), at: 0)
        request.fallbacks.insert(.call(fixture.fallbackCall(provider: "keyless")), at: 1)
        failFirst()
        _ = try await fixture.generate(request)
        #expect(
            fixture.stages.filter { $0.contains("instead") } == [
                "openai cannot be asked, scripted asked instead", "scripted failed, keyless asked instead",
                "gemini cannot be asked, keyless asked instead", "keyless cannot be asked, second asked instead",
            ])
        #expect(try asked().map(\.provider) == ["scripted", "second"])
    }

    @Test func lastFailureNamesAllOfThem() async throws {
        failFirst(.timedOut)
        fixture.second.answers { _ in .failure(.scripted(.unreachable, billing: .nothing)) }
        let unusable = Fallback.unusable(UnusableProvider(name: "gemini", message: "set GEMINI_API_KEY"))
        let error = await fixture.failure(
            of: fixture.requestWithFallback(fallbacks: [.call(fixture.fallbackCall()), unusable]))
        #expect(
            error?.description == "scripted: unreachable; before it, scripted took too long; "
                + "gemini cannot be asked: set GEMINI_API_KEY")
        guard case .requestFailed(_, _, let provider, _, _)? = fixture.events.elements.last else {
            Issue.record("no failure was told")
            return
        }
        #expect(provider == "second")
    }

    @Test func allProvidersShareOneNumberOfTries() async throws {
        var settings = RetrySettings()
        settings.maxRetries = 2
        settings.initialDelayMilliseconds = 0
        let fixture = try GenerationFixture(retry: RetryRule(settings, patienceSeconds: 300) { 0 })
        fixture.provider.answers { number in
            .failure(.scripted(number == 1 ? .serverFailed : .unauthorized, billing: .nothing))
        }
        fixture.second.answers { _ in .failure(.scripted(.serverFailed, billing: .nothing)) }
        _ = await fixture.failure(of: fixture.requestWithFallback())
        #expect(fixture.provider.calls.count == 2 && fixture.second.calls.count == 2)
        // Whoever comes when none is left is still asked once.
        fixture.provider.answers { _ in .failure(.scripted(.serverFailed, billing: .nothing)) }
        _ = await fixture.failure(of: fixture.requestWithFallback("Another."))
        #expect(fixture.provider.calls.count == 5 && fixture.second.calls.count == 3)
        let permits = fixture.provider.permits.suffix(3) + fixture.second.permits.suffix(1)
        #expect(Set(permits.map(\.idempotencyKey)).count == 1 && Set(permits.map(\.attempt)).count == 4)
    }

    @Test func sharedFailureIsPassedOnByEachOfThem() async throws {
        failFirst()
        let gate = Signal()
        fixture.provider.whileCalled { _ in await gate.wait() }
        async let one = fixture.generate(fixture.requestWithFallback())
        async let two = fixture.generate(fixture.requestWithFallback())
        while !fixture.log.entries.contains(where: { $0.message == "joined flight" }) { await Task.yield() }
        gate.fire()
        let records = try await [one.record, two.record]
        #expect(records.map(\.provider) == ["second", "second"])
        #expect(fixture.provider.calls.count == 1 && fixture.second.calls.count == 1)
        let lookups = try fixture.lookups()
        #expect(lookups.misses + lookups.hits == 2)
    }

    // MARK: - Limits

    private func refusal(
        _ change: (inout RateLimitSettings) throws -> Void
    ) async throws -> (error: GenerationError?, fixture: GenerationFixture) {
        let fixture = try GenerationFixture(limits: change)
        return (await fixture.failure(of: fixture.requestWithFallback()), fixture)
    }

    @Test func whatNeverFitsAProviderOrModelMayFitTheNext() async throws {
        let (error, fixture) = try await refusal {
            $0.providers["scripted", default: LimitSet()].costs[.day] = Money(picodollars: 1)
        }
        #expect(error == nil)
        #expect(try asked(fixture).map(\.provider) == ["second"])
        // The look-up is counted with the only row there is.
        #expect(try fixture.lookups().misses == 1)
        #expect(fixture.stages.contains("scripted is at its limit, second asked instead"))
    }

    @Test func whoHasNoPriceIsPassedOverWhereABudgetApplies() async throws {
        let (error, fixture) = try await refusal {
            $0.modelPrices["model-1"] = nil
            $0.global.costs[.day] = try Money(dollars: "5")
        }
        #expect(error == nil && fixture.second.calls.count == 1)
    }

    @Test func limitOfEverythingOrOfTheRoleIsNobodysOwn() async throws {
        // Though the second would fit: its model is free.
        let (all, first) = try await refusal {
            $0.modelPrices["model-2"] = PriceOverride(inputToken: .zero, outputToken: .zero)
            $0.global.costs[.day] = Money(picodollars: 1)
        }
        #expect(all?.refusal?.key == "cost_per_day" && first.second.calls.isEmpty)
        let (role, other) = try await refusal {
            $0.onLimit = .fail
            $0.modelPrices["model-2"] = PriceOverride(inputToken: .zero, outputToken: .zero)
            $0.roles[.sceneSmith, default: LimitSet()].costs[.day] = Money(picodollars: 1)
        }
        #expect(role?.refusal?.key == "cost_per_day" && other.second.calls.isEmpty)
    }

    @Test(arguments: [RateLimitSettings.OnLimit.wait, .fail])
    func limitThatPassesIsWaitedForUnlessTheConfigurationSaysNotTo(onLimit: RateLimitSettings.OnLimit) async throws {
        let fixture = try GenerationFixture(limits: {
            $0.onLimit = onLimit
            $0.maxWaitSeconds = 1
            $0.providers["scripted", default: LimitSet()].requests[.hour] = 1
        })
        _ = try await fixture.generate(fixture.request("First."))
        let error = await fixture.failure(of: fixture.requestWithFallback())
        #expect((error?.refusal?.key == "requests_per_hour") == (onLimit == .wait))
        #expect(fixture.second.calls.count == (onLimit == .wait ? 0 : 1))
    }
}
