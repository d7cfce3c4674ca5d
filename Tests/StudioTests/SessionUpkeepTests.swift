import Configuration
import Core
import Foundation
import Metering
import Studio
import TestKit
import Testing
import Workspace

/// What a session does beside its runs: its log, warnings of budgets, daily sums of old rows.
@Suite(.timeLimit(.minutes(10))) struct SessionUpkeepTests {
    private func log(_ fixture: StoryFixture) throws -> [JSONValue] {
        let text = try String(contentsOfFile: fixture.workspace.paths.logs + "/questfoundry.log", encoding: .utf8)
        return try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    @Test func logTellsEveryRequestAndNothingThatWasWritten() async throws {
        let server = try await FakeOpenAIServer.start()
        let yaml = """
            providers:
              text:
                default: my_server
                my_server:
                  type: openai
                  base_url: "\(server.baseURL.absoluteString)"
                  model: test-model
                  api_key: ${SECRET_KEY}
            """
        let fixture = try StoryFixture(yaml, servers: [server])
        let session = try fixture.session(
            variables: ["SECRET_KEY": "sk-secret-123"], logger: fixture.workspace.logger(time: fixture.time))
        let records = session.events()
        #expect(!FileManager.default.fileExists(atPath: fixture.workspace.paths.logs))
        let report = await session.run(RunOrder(count: 1))
        await session.close()
        #expect(report.state == .done && server.served > 0)
        let lines = try log(fixture)
        #expect(lines.allSatisfy { $0["session"]?.string == session.id.description })
        #expect(lines.count { $0["event"]?.string == "answered" } == report.requests)
        #expect(lines.count { $0["event"]?.string == "provider called" } == server.served)
        let written = try String(
            contentsOfFile: fixture.workspace.paths.logs + "/questfoundry.log", encoding: .utf8)
        #expect(server.requests.allSatisfy { $0.headers.values.contains("Bearer sk-secret-123") })
        #expect(!written.contains("sk-secret") && !written.contains("Bearer"))
        #expect(!written.contains("counts its passengers"))
        for await record in records {
            guard case .requestAnswered(_, _, let text) = record.event else { continue }
            #expect(!written.contains(String(text.prefix(30))))
        }
    }

    @Test func folderThatCannotBeWrittenBreaksNoRun() async throws {
        let fixture = try StoryFixture()
        try Data().write(to: URL(filePath: fixture.workspace.paths.logs))
        let session = try fixture.session(logger: fixture.workspace.logger(time: fixture.time))
        #expect(await session.run(RunOrder(count: 1)).state == .done)
        await session.close()
    }

    @Test func alertsComeOnceInAPeriodAndAreLogged() async throws {
        let server = try await FakeOpenAIServer.start { request in
            let usage: JSONValue = ["prompt_tokens": 100, "completion_tokens": 100, "total_tokens": 200]
            return .answer(FakeStory.answer(to: request.body), figures: .these(usage))
        }
        // Each call costs $0.0005: the second call passes a tenth, the fourth a fifth.
        let limits = "alerts: [0.2, 0.1, 0.999]\n  global: {cost_per_day: 0.01}\n  on_limit: fail"
        let fixture = try StoryFixture(server, limits: limits)
        var told: [BudgetAlert] = []
        var answers = 0
        for (number, count) in [1, 2].enumerated() {
            let session = try fixture.session(logger: fixture.workspace.logger(time: fixture.time))
            let records = session.events()
            _ = await session.run(RunOrder(brief: "\(number)", count: count, flags: RoleLayer(maxTokens: 400)))
            let budget = try #require(try await session.status().budgets.first)
            #expect(budget.alert == (budget.share >= 0.2 ? 0.2 : 0.1))
            await session.close()
            for await record in records {
                switch record.event {
                case .requestAnswered: answers += 1
                case .budgetAlert(let alert):
                    told.append(alert)
                    #expect(answers == (alert.threshold == 0.1 ? 2 : 4))
                default: break
                }
            }
        }
        #expect(told.map(\.threshold) == [0.1, 0.2] && told.map(\.spent.dollars) == ["0.001", "0.002"])
        let logged = try log(fixture).filter { $0["event"]?.string == "budget alert" }
        #expect(logged.map { $0["spent"]?.string } == ["0.001", "0.002"])
        #expect(logged.allSatisfy { $0["level"]?.string == "notice" && $0["limit"]?.string == "cost_per_day" })
    }

    @Test func loweringABudgetWarnsAtOnce() async throws {
        let server = try await FakeOpenAIServer.start()
        let fixture = try StoryFixture(server, limits: "global: {cost_per_day: 1000}")
        let session = try fixture.session()
        let records = session.events()
        _ = await session.run(RunOrder(count: 1))
        let spent = try await session.status().costs.today
        try await session.changeLimit(
            LimitOrder(
                scope: .global, name: nil, key: "cost_per_day", value: Int64(clamping: (spent * 2).picodollars)))
        await session.close()
        var told: [BudgetAlert] = []
        for await record in records { if case .budgetAlert(let alert) = record.event { told.append(alert) } }
        #expect(told.map(\.threshold) == [0.5] && told.first?.limit == spent * 2)
    }

    @Test func oldRowsBecomeDailySumsWhileASessionWorks() async throws {
        let server = try await FakeOpenAIServer.start()
        let fixture = try StoryFixture(server, limits: "enabled: true\ncosts: {keep_rows_days: 3}")
        let first = try await fixture.run(RunOrder(brief: "first", count: 1)).report
        _ = try await fixture.run(RunOrder(brief: "second", count: 1))
        fixture.time.advance(seconds: 5 * 86_400)
        let before = try await fixture.session().costSummary(by: [.day, .role])
        #expect(try await fixture.session().ledgerPage().lines.allSatisfy { $0.sumOf == nil })
        let session = try fixture.session()
        _ = await session.run(RunOrder(brief: "first", count: 1))
        let lines = try await session.ledgerPage().lines
        let summary = try await session.costSummary(by: [.day, .role])
        await session.close()
        // What the second session did is shown as the last one's until the third one has begun.
        #expect(lines.compactMap(\.sumOf).reduce(0, +) >= first.requests)
        let day = try #require(before.groups.first?.names[0])
        #expect(summary.groups.filter { $0.names[0] == day } == before.groups)
    }

    @Test func budgetsOfProvidersHaveAForecastOfTheirOwn() async throws {
        let server = try await FakeOpenAIServer.start()
        let limits =
            "global: {cost_per_day: 1000}\n  providers: {my_server: {cost_per_day: 0.1}, embedded: {cost_per_day: 1}}"
        let fixture = try StoryFixture(server, limits: limits)
        let session = try fixture.session()
        _ = await session.run(RunOrder(count: 1))
        let budgets = try await session.status().budgets
        await session.close()
        func budget(_ name: String?) throws -> Status.Budget { try #require(budgets.first { $0.name == name }) }
        #expect(try budget("my_server").exhaustedAt != nil)
        #expect(try budget("embedded").exhaustedAt == nil)
    }
}
