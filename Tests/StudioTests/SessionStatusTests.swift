import Configuration
import Core
import Metering
import ResponseCache
import TestKit
import Testing
import Workspace

@testable import Studio

/// The figures that status and dashboard show, and the documents that scripts read.
@Suite(.timeLimit(.minutes(10))) struct SessionStatusTests {
    @Test func freshWorkspaceHasNoFiguresYet() async throws {
        let fixture = try StoryFixture()
        let status = try await fixture.session().status()
        #expect(status.session == nil && status.json["session"] == .null)
        #expect(status.cache.session.hitRate == nil && status.cache.all.hitRate == nil)
        #expect(status.json["cache"]?["session"]?["hit_rate"] == .null)
        #expect(status.cache.entries == 0 && status.cache.bytes == 0)
        #expect(status.costs.all == .zero && status.costs.burnPerHour == nil)
        #expect(status.limits.isEmpty && status.budgets.isEmpty)
        #expect(status.project.name == "Ferry" && status.project.pendingMigrations == 0)
        #expect(status.roles.count == 19 && status.roles.allSatisfy { $0.calls == 0 && $0.hitRate == nil })
    }

    @Test func openingAndLookingChangesNothing() async throws {
        let fixture = try StoryFixture("rate_limiting: {global: {requests_per_minute: 10, cost_per_day: 1}}")
        let before = try fixture.inventory()
        let session = try fixture.session()
        _ = try await session.status()
        _ = try await session.providerChoices(for: .sceneSmith, kind: .text)
        _ = try await session.prunePlan(.everything)
        _ = try await session.mostItMayCost(RunOrder())
        await session.close()
        #expect(try fixture.inventory() == before)
    }

    @Test func sessionIsTheOneThatBeganLast() async throws {
        let fixture = try StoryFixture()
        _ = try await fixture.run(RunOrder(count: 1))
        let second = try await fixture.run(RunOrder(count: 1, take: 2))
        let state = try #require(try await fixture.session().status().session)
        #expect(state.id == second.session && !state.isRunning)
        #expect(state.loop == "story_spark" && state.step == "pre_gate_check" && state.state == .done)
        #expect(state.requests == second.report.requests)
    }

    @Test func limitsShowWhatIsLeft() async throws {
        let fixture = try StoryFixture("rate_limiting: {global: {requests_per_hour: 100}}")
        let session = try fixture.session()
        let report = await session.run(RunOrder(count: 1))
        let limit = try #require(try await session.status().limits.first)
        await session.close()
        #expect(limit.scope == .global && limit.name == nil && limit.metric == "requests" && limit.period == "hour")
        #expect(limit.limit == 100 && limit.remaining == 100 - report.requests && limit.waiting == 0)
        #expect(limit.fullAt == fixture.time.now().wall + Int64(report.requests) * 36_000_000)
    }

    // MARK: - Calls of processes that are gone

    private func openAttempt(of session: ULID, in fixture: StoryFixture) throws {
        let ledger = Ledger(path: fixture.workspace.paths.ledger, time: fixture.time)
        let run = ULID(at: fixture.time.now())
        try ledger.beginSession(session, processID: 1)
        try ledger.beginRun(run, session: session, loop: "story_spark", brief: "", seed: nil)
        let origin = RequestOrigin(
            session: session, run: run, loop: "story_spark", step: "draft_scenes", role: .sceneSmith)
        let demand = Demand(
            request: ULID(at: fixture.time.now()), origin: origin, provider: "openai", model: "gpt-4o", lookup: .miss,
            worstInputTokens: 1_000, worstOutputTokens: 500, worstCost: try Money(dollars: "0.25"))
        _ = try RateLimiter(ledger: ledger, settings: RateLimitSettings()).tryReserve(demand)
    }

    @Test func callOfAProcessThatIsGoneIsChargedAtItsWorstWhenTheWorkspaceIsOpened() async throws {
        let fixture = try StoryFixture("rate_limiting: {timezone: UTC, global: {cost_per_day: 1}}")
        let gone = ULID(at: fixture.time.now())
        try openAttempt(of: gone, in: fixture)
        for _ in 1...2 {
            let status = try await fixture.session().status()
            #expect(status.costs.all.dollars == "0.25" && status.costs.estimatedPart.dollars == "0.25")
            #expect(status.budgets.first?.reserved == .zero && status.budgets.first?.spent.dollars == "0.25")
            #expect(status.session?.id == gone && status.session?.state == .interrupted)
            #expect(status.session?.isRunning == false)
        }
    }

    @Test func callOfAProcessThatStillRunsIsLeftToIt() async throws {
        let fixture = try StoryFixture("rate_limiting: {timezone: UTC, global: {cost_per_day: 1}}")
        let alive = ULID(at: fixture.time.now())
        try openAttempt(of: alive, in: fixture)
        var lock: SessionLock? = try SessionLock(session: alive, folder: fixture.workspace.paths.run)
        let during = try await fixture.session().status()
        withExtendedLifetime(lock) {}
        #expect(during.costs.all == .zero && during.budgets.first?.reserved.dollars == "0.25")
        #expect(during.session?.isRunning == true && during.session?.state == .running)
        lock = nil
        let after = try await fixture.session().status()
        #expect(after.costs.all.dollars == "0.25" && after.session?.isRunning == false)
    }

    // MARK: - Documents

    @Test func runReportHasTheDocumentedKeysInOrder() async throws {
        let report = try await StoryFixture().run(RunOrder(count: 1, seed: 7)).report
        let document = report.json
        #expect(
            document.object?.keys == [
                "run", "loop", "state", "seed", "artifacts", "requests", "hits", "shared", "cost", "saved_cost",
                "tokens", "duration_seconds", "error", "estimate",
            ])
        let artifacts = try #require(document["artifacts"]?.array)
        #expect(artifacts.count == report.artifacts.count)
        #expect(artifacts.allSatisfy { $0.object?.keys == ["id", "type", "revision", "path"] })
        #expect(document["seed"]?.int == 7 && document["state"]?.string == "done")
        #expect(document["error"] == .null)
        #expect(document["cost"]?.string == "0" && document["run"]?.string == report.run.description)
    }

    @Test func stateCountsWhatARunHasJustStored() async throws {
        let server = try await FakeOpenAIServer.start()
        let fixture = try StoryFixture(server)
        let session = try fixture.session()
        #expect(try await session.status().state.hotArtifacts == 0)
        let report = await session.run(RunOrder(count: 1))
        let state = try await session.status().state
        await session.close()
        #expect(!report.artifacts.isEmpty && state.hotArtifacts == report.artifacts.count)
        #expect(state.backend == "file" && state.problem == nil && state.pendingMigrations == 0)
    }

    @Test func statusHasTheDocumentedKeysInOrder() async throws {
        let server = try await FakeOpenAIServer.start()
        let fixture = try StoryFixture(server, limits: "global: {requests_per_minute: 1000, cost_per_day: 1}")
        let session = try fixture.session()
        _ = await session.run(RunOrder(count: 1))
        let document = try await session.status().json
        await session.close()
        #expect(
            keys(document) == ["project", "session", "roles", "cache", "state", "limits", "budgets", "costs", "paces"])
        #expect(keys(document["project"]) == ["name", "path", "schema_version", "pending_migrations"])
        #expect(
            keys(document["session"]) == [
                "id", "running", "paused", "loop", "step", "state", "started_at", "cost", "requests",
            ])
        let roles = try #require(document["roles"]?.array)
        let roleKeys = ["role", "kind", "provider", "model", "source", "state", "calls", "hit_rate", "cost"]
        #expect(roles.allSatisfy { keys($0) == roleKeys })
        #expect(
            keys(document["cache"]) == [
                "enabled", "backend", "entries", "bytes", "cap_bytes", "session", "today", "all",
            ])
        for stretch in ["session", "today", "all"] {
            #expect(
                keys(document["cache"]?[stretch]) == [
                    "hits", "shared", "misses", "bypassed", "hit_rate", "saved_cost", "saved_tokens",
                    "hit_rate_by_tokens", "missed", "causes",
                ])
        }
        #expect(
            keys(document["limits"]?.array?.first) == [
                "scope", "name", "metric", "period", "limit", "capacity", "remaining", "reserved",
                "refill_per_second", "full_at", "waiting",
            ])
        let budget = document["budgets"]?.array?.first
        #expect(
            keys(budget) == [
                "scope", "name", "period", "limit", "spent", "reserved", "remaining", "resets_at", "exhausted_at",
            ])
        #expect(keys(budget?["exhausted_at"]) == ["earliest", "latest"])
        #expect(budget?["limit"]?.string == "1" && budget?["resets_at"]?.string == "2026-11-25T00:00:00.000Z")
        #expect(
            keys(document["costs"]) == [
                "currency", "session", "today", "month", "all", "saved", "estimated_part", "burn_per_hour",
            ])
        #expect(document["costs"]?["currency"]?.string == "USD" && document["costs"]?["session"] == budget?["spent"])
    }

    private func keys(_ value: JSONValue?) -> [String]? { value?.object?.keys }
}
