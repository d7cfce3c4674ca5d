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
        try await terminal.waitFor("Raise a budget")
        try await terminal.press("Tab", "BSpace", "BSpace", "BSpace", "BSpace", "BSpace", "BSpace")
        try await terminal.type("1")
        try await terminal.press("Enter")
        try await terminal.waitFor("story_spark is done")
        #expect(server.served > served)
        try await terminal.quit()
        try await expectBudgetOfADollar(project)
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
