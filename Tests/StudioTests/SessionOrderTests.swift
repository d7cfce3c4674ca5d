import Configuration
import Core
import Studio
import TestKit
import Testing

/// Runs that cannot begin, and runs that are cancelled.
@Suite(.timeLimit(.minutes(10))) struct SessionOrderTests {
    @Test(arguments: [
        (RunOrder(loop: "no_such_loop"), "story_spark"), (RunOrder(count: 0), "1 to 40"),
        (RunOrder(count: 41), "1 to 40"), (RunOrder(count: -1), "1 to 40"), (RunOrder(take: 0), "takes count from 1"),
        (RunOrder(role: .translator), "translator has no step"),
    ])
    func orderThatMakesNoSenseDoesNotBegin(order: RunOrder, words: String) async throws {
        let fixture = try StoryFixture()
        let run = try await fixture.run(order)
        #expect(run.report.state == .failed && !run.report.hasBegun && run.report.requests == 0)
        #expect(run.report.error?.kind == .order)
        #expect(run.report.error?.message.contains(words) == true)
        #expect(run.report.json.object?.keys == ["error"])
        #expect(run.events.isEmpty && !fixture.hasLedger)
    }

    private static let keyed = """
        providers:
          text:
            default: openai
            openai:
              api_key: ${STUDIO_TEST_KEY}
              model: gpt-4o
        """

    @Test func roleWithoutAKeyDoesNotStartTheRun() async throws {
        let fixture = try StoryFixture(Self.keyed)
        let run = try await fixture.run(RunOrder())
        #expect(!run.report.hasBegun && run.report.state == .failed && run.events.isEmpty)
        #expect(run.report.error?.kind == .configuration)
        #expect(run.report.error?.message.contains("STUDIO_TEST_KEY") == true)
        #expect(run.report.json.object?.keys == ["error"])
        #expect(run.report.json["error"]?.object?.keys == ["kind", "message"])
        #expect(!fixture.hasLedger)
        let session = try fixture.session()
        let row = try #require(try await session.status().roles.first { $0.role == .plotwright })
        #expect(row.state == .noKey && row.problem?.contains("STUDIO_TEST_KEY") == true)
    }

    @Test func roleThatTheLoopDoesNotNeedMayLackItsKey() async throws {
        let fixture = try StoryFixture(
            """
            providers:
              text:
                default: embedded
                openai: {api_key: "${STUDIO_TEST_KEY}", model: gpt-4o}
            roles:
              translator: {provider: openai}
            """)
        #expect(try await fixture.run(RunOrder(count: 1)).report.state == .done)
    }

    @Test func flagsCountForOneRunAlone() async throws {
        let server = try await FakeOpenAIServer.start()
        let fixture = try StoryFixture(server)
        let flagged = try await fixture.run(RunOrder(count: 1, flags: RoleLayer(provider: "embedded")))
        #expect(flagged.report.state == .done && server.served == 0)
        #expect(flagged.events.answers.allSatisfy { $0.provider == "embedded" && $0.model == "embedded" })
        let plain = try await fixture.run(RunOrder(count: 1)).report
        #expect(plain.state == .done && server.served == plain.requests)
    }

    /// A server that keeps the first topology waiting.
    private func stalledServer(asked: Signal, release: Signal) async throws -> FakeOpenAIServer {
        try await FakeOpenAIServer.start { request in
            if request.asked("form") == "topology" {
                asked.fire()
                await release.wait()
            }
            return request.story
        }
    }

    @Test(arguments: [false, true]) func cancelledRunEndsCleanlyAndIsCharged(byItsTask: Bool) async throws {
        let asked = Signal()
        let release = Signal()
        let server = try await stalledServer(asked: asked, release: release)
        let fixture = try StoryFixture(server, limits: "global: {cost_per_day: 100}")
        let session = try fixture.session()
        let running = Task { await session.run(RunOrder(count: 2)) }
        await asked.wait()
        let during = try await session.status()
        let reserved = try #require(during.budgets.first?.reserved)
        #expect(reserved > .zero)
        #expect(during.session?.step == "create_topology" && during.session?.state == .running)
        #expect(during.roles.first { $0.role == .plotwright }?.state == .writing)
        if byItsTask { running.cancel() } else { await session.cancel() }
        let report = await running.value
        release.fire()
        let after = try await session.status()
        await session.close()
        #expect(report.state == .cancelled && report.error?.kind == .cancelled && report.hasBegun)
        #expect(report.artifacts.map(\.type) == Array(repeating: "hook_card", count: 5))
        #expect(after.session?.state == .cancelled)
        #expect(after.budgets.first?.reserved == .zero)
        #expect(after.costs.estimatedPart == reserved)
        #expect(after.costs.session == during.costs.session + reserved && report.cost == after.costs.session)
    }

    @Test func secondRunMustWaitForTheEndOfTheFirst() async throws {
        let asked = Signal()
        let release = Signal()
        let server = try await stalledServer(asked: asked, release: release)
        let fixture = try StoryFixture(server)
        let session = try fixture.session()
        let running = Task { await session.run(RunOrder(count: 1)) }
        await asked.wait()
        let second = await session.run(RunOrder(count: 1))
        #expect(second.error?.kind == .order && !second.hasBegun)
        #expect(second.error?.message.contains("under way") == true)
        release.fire()
        #expect(await running.value.state == .done)
        #expect(await session.run(RunOrder(count: 1)).state == .done)
        await session.close()
    }

    @Test func closingCancelsTheRunAndEndsEveryStreamOfEvents() async throws {
        let asked = Signal()
        let release = Signal()
        let server = try await stalledServer(asked: asked, release: release)
        let fixture = try StoryFixture(server)
        let session = try fixture.session()
        let records = session.events()
        let running = Task { await session.run(RunOrder(count: 1)) }
        await asked.wait()
        await session.close()
        release.fire()
        #expect(await running.value.state == .cancelled)
        var last: SessionEvent?
        for await record in records { last = record.event }
        guard case .runFinished(_, _, .cancelled, _)? = last else {
            Issue.record("the last event is \(String(describing: last))")
            return
        }
    }

    @Test func providerThatFailsEndsTheRunWithItsReason() async throws {
        let server = try await FakeOpenAIServer.start { request in
            request.asked("form") == "topology" ? .error(status: 500, message: "out of lamps") : request.story
        }
        let fixture = try StoryFixture(server)
        let run = try await fixture.run(RunOrder(count: 2))
        #expect(run.report.state == .failed && run.report.error?.kind == .provider)
        #expect(run.report.error?.message.contains("out of lamps") == true)
        #expect(run.report.artifacts.count == 5)
        // An answer with an HTTP error is not billed.
        #expect(run.report.cost == run.events.answers.compactMap(\.cost).reduce(Money.zero, +))
    }
}
