import Core
import TestKit
import Testing

/// `limits set`, and what it does to a run that pauses.
@Suite struct LimitsSetTests {
    /// A dashboard in which story_spark pauses at a budget of a cent a day.
    private func paused() async throws -> (terminal: Tmux, project: Project, server: FakeOpenAIServer) {
        let figures: JSONValue = ["prompt_tokens": 900, "completion_tokens": 450, "total_tokens": 1_350]
        let server = try await FakeOpenAIServer.start { request in
            .answer(FakeStory.answer(to: request.body), figures: .these(figures))
        }
        let project = try await Project(config: Project.config(server, limits: "  global: { cost_per_day: 0.01 }"))
        let terminal = try await project.dashboard(width: 120, height: 40)
        try await terminal.press("g")
        try await terminal.waitFor("It costs at most")
        try await terminal.press("Enter")
        let screen = try await terminal.waitFor("paused: global cost_per_day")
        #expect(screen.contains("c cancels"))
        return (terminal, project, server)
    }

    @Test func raisedBudgetLetsAPausedRunGoOn() async throws {
        let (terminal, project, server) = try await paused()
        let served = server.served
        let set = try await project.run("limits", "set", "global", "cost_per_day", "1")
        #expect(set.status == 0 && set.output.contains("global cost_per_day is $1 for now"), "\(set.errors)")
        try await terminal.waitFor("story_spark is done")
        #expect(server.served > served)
        try await terminal.quit()
        try await expectBudgetOfADollar(project)
    }

    private func expectBudgetOfADollar(_ project: Project) async throws {
        let budget = try await project.document("limits", "--json")["budgets"]?.array?.first
        #expect(budget?["limit"]?.money?.dollars == "1")
    }

    @Test func plusRaisesTheBudgetThatARunWaitsFor() async throws {
        let (terminal, project, server) = try await paused()
        let served = server.served
        try await terminal.press("+")
        try await terminal.waitFor("Raise a limit")
        try await terminal.press("Tab", "BSpace", "BSpace", "BSpace", "BSpace", "BSpace", "BSpace")
        try await terminal.type("1")
        try await terminal.press("Enter")
        try await terminal.waitFor("story_spark is done")
        #expect(server.served > served)
        try await terminal.quit()
        try await expectBudgetOfADollar(project)
    }

    @Test func changeSaysHowLongItHolds() async throws {
        let limits = "rate_limiting: { timezone: UTC, global: { requests_per_minute: 900, cost_per_month: 5 } }"
        let project = try await Project(config: limits)
        let budget = try await project.run("limits", "set", "global", "cost_per_month", "8")
        #expect(budget.output.contains("cost_per_month is $8 for now, until its period ends: 20"), "\(budget.errors)")
        #expect(budget.output.contains("-01T00:00:00.000Z"))
        #expect(budget.errors.contains("made in config.yml"))
        let rate = try await project.run("limits", "set", "global", "requests_per_minute", "500")
        #expect(rate.output.contains("requests_per_minute is 500 for now, until the next session ends: none runs now"))
        let document = try await project.document("limits", "set", "provider:embedded", "max_concurrent", "2", "--json")
        #expect(document["session"]?.string == "next" && document["until"] == .null && document["value"]?.int == 2)
        #expect(document.object?.keys == ["scope", "name", "key", "value", "until", "session"])
        #expect(try await project.document("limits", "--json")["limits"]?.array?.first?["limit"]?.int == 500)
        // A session begins and ends: what was changed for it is over, the budget's change is not.
        _ = try await project.document("generate", "--count", "1", "--json")
        let after = try await project.document("limits", "--json")
        #expect(after["limits"]?.array?.map { $0["limit"]?.int } == [900])
        #expect(after["budgets"]?.array?.first?["limit"]?.string == "8")
    }

    @Test func limitOfARunningSessionEndsWithIt() async throws {
        let server = try await FakeOpenAIServer.start()
        let limits = "  max_wait_seconds: 1\n  global: { requests_per_hour: 2 }"
        let project = try await Project(config: Project.config(server, limits: limits))
        let terminal = try await project.dashboard(width: 120, height: 40)
        try await terminal.press("g")
        try await terminal.waitFor("It costs at most")
        try await terminal.press("Enter")
        try await terminal.waitFor("Paused: global requests_per_hour")
        // The dashboard offers the limit that the run waits for.
        try await terminal.press("+")
        try await terminal.waitFor("until the session ends")
        try await terminal.press("Tab", "BSpace")
        try await terminal.type("90000")
        try await terminal.press("Enter")
        try await terminal.waitFor("story_spark is done")
        let during = try await project.run("limits", "set", "global", "requests_per_hour", "80000")
        #expect(during.output.contains("until the session ends that runs now"), "\(during.output)")
        try await terminal.quit()
        let after = try await project.document("limits", "--json")
        #expect(after["limits"]?.array?.first?["limit"]?.int == 2)
    }

    @Test func limitThatCountsForNobodyIsRefused() async throws {
        let project = try await Project()
        let unknown = try await project.run("limits", "set", "provider:opnai", "cost_per_day", "1")
        #expect(unknown.status == 64 && unknown.errors.contains("there are: embedded"), "\(unknown.errors)")
        let off = try await Project(config: "rate_limiting: { enabled: false }")
        let outcome = try await off.run("limits", "set", "global", "cost_per_day", "1")
        #expect(outcome.status == 78 && outcome.errors.contains("rate_limiting.enabled"), "\(outcome.errors)")
    }

    @Test(arguments: [
        ["everything", "cost_per_day", "1"], ["provider", "cost_per_day", "1"], ["role:nobody", "cost_per_day", "1"],
        ["global:x", "cost_per_day", "1"], ["global", "cost_per_week", "1"], ["global", "cost_per_day", "much"],
        ["global", "cost_per_day", "-1"], ["global", "requests_per_minute", "1.5"], ["global", "max_concurrent", "0"],
    ])
    func mistakesAreSaidAndChangeNothing(words: [String]) async throws {
        let project = try await Project()
        let arguments = ["--project", project.path, "limits", "set", "--"] + words
        let outcome = try await Program.run(arguments, in: project.folder.path)
        #expect(outcome.status == 64, "\(outcome.errors)")
        #expect(try await project.document("limits", "--json")["budgets"]?.array?.isEmpty == true)
    }
}
