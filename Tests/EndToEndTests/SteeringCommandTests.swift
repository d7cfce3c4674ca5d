import Core
import Foundation
import SuiteKit
import TestKit
import Testing

/// A run in one process that others pause, note, redo, watch and end.
@Suite(.oneAtATime, .timeLimit(.minutes(10))) struct SteeringCommandTests {
    /// The names of the events of the newest session.
    private func events(_ project: Project) async throws -> [JSONValue] {
        let outcome = try await project.run("session", "export", "--jsonl")
        return try outcome.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    private func waitFor(_ count: Int, _ event: String, in project: Project) async throws {
        try await waitUntil("\(event) has happened") {
            try await events(project).count { $0["event"]?.string == event } >= count
        }
    }

    @Test(arguments: [["pause"], ["pause", "--after-step"], ["cancel"], ["note", "No ghosts."], ["redo"]])
    func nothingRunningIsSaidWithTheCodeOfAMistake(command: [String]) async throws {
        let project = try await Project()
        let outcome = try await project.run(command)
        #expect(outcome.status == 64 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("nothing is running"))
    }

    @Test func runIsPausedNotedRedoneAndFinishedFromOtherProcesses() async throws {
        let slow = try await SlowServer()
        let project = try await Project(config: Project.config(slow.server))
        let running = try project.start("generate", "--count", "1")
        await slow.asked.wait()
        let paused = try await project.run("pause", "--after-step")
        #expect(paused.status == 0 && paused.output == "the run pauses after its step\n")
        #expect(try await project.document("status", "--json")["session"]?["paused"]?.bool == false)
        slow.go.fire()
        try await waitFor(1, "run_held", in: project)
        #expect(try await project.document("status", "--json")["session"]?["paused"]?.bool == true)
        #expect(try await project.run("status").output.contains("paused: questfoundry resume lets it go on"))
        #expect(try await project.run("pause").errors.contains("stands still already"))
        #expect(try await project.run("note", "No ghosts.").status == 0)
        #expect(try await project.run("redo").output == "the last step is done again\n")
        try await waitFor(2, "run_held", in: project)
        #expect(try await project.document("session", "list", "--json").array?.first?["running"]?.bool == true)
        #expect(try await project.run("resume").output == "the run goes on\n")
        let outcome = await running.outcome()
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("command line: pause after this step"))
        #expect(try await project.document("status", "--json")["session"]?["paused"]?.bool == false)
        #expect(slow.server.requests.count { $0.prompt.contains("No ghosts.") } == 2, "both of generate_hooks")
    }

    @Test func runIsCancelledFromAnotherProcessAndResumed() async throws {
        let slow = try await SlowServer()
        let project = try await Project(config: Project.config(slow.server))
        let running = try project.start("generate", "--count", "1")
        await slow.asked.wait()
        #expect(try await project.run("cancel").output == "the run is cancelled\n")
        let outcome = await running.outcome()
        #expect(outcome.status == 130 && outcome.errors.contains("`questfoundry resume` goes on with it"))
        slow.go.fire()
        #expect(try await project.run("resume").status == 0)
    }

    /// A run in one terminal, its first request on the way, and a dashboard beside it that shows it.
    private func followed() async throws
        -> (slow: SlowServer, project: Project, running: RunningProgram, terminal: Tmux)
    {
        let slow = try await SlowServer()
        let project = try await Project(config: Project.config(slow.server))
        let running = try project.start("generate", "--count", "1")
        await slow.asked.wait()
        let terminal = try await project.dashboard(width: 120, height: 40)
        try await terminal.waitFor("generate_hooks")
        return (slow, project, running, terminal)
    }

    @Test func dashboardShowsAndSteersARunInAnotherTerminal() async throws {
        let (slow, project, running, terminal) = try await followed()
        defer { withExtendedLifetime(project) {} }
        try await terminal.waitFor("writing")
        try await terminal.press("Space")
        try await terminal.waitFor("pauses after")
        slow.go.fire()
        try await terminal.waitFor("Space goes on")
        try await terminal.press("n")
        try await terminal.waitFor("Note for the next step")
        try await terminal.type("No ghosts.")
        try await terminal.press("Enter")
        try await terminal.waitFor("The note goes into the next step's prompts.")
        try await terminal.press("r")
        try await terminal.waitFor("It costs at most")
        try await terminal.press("Right", "Enter")
        try await terminal.waitFor("The run stands still.")
        try await terminal.press("Space")
        try await terminal.waitFor("story_spark is done")
        #expect(await running.outcome().status == 0)
        #expect(slow.server.requests.contains { $0.prompt.contains("No ghosts.") })
        // It leaves at once: nothing of its own is under way.
        try await terminal.quit()
    }

    @Test func dashboardSaysThatAFollowedRunWasKilled() async throws {
        let (slow, project, running, terminal) = try await followed()
        defer { withExtendedLifetime(project) {} }
        running.send(SIGKILL)
        try await terminal.waitFor("interrupted")
        slow.go.fire()
        try await terminal.quit()
    }

    @Test func statusIsWatchedUntilItIsInterrupted() async throws {
        let project = try await Project()
        let terminal = try await Tmux(
            width: 120, height: 60, environment: Program.environment(home: project.folder.path))
        try await terminal.type("\(Program.path) --project \(project.path) status --watch")
        try await terminal.press("Enter")
        try await terminal.waitFor("no session yet")
        _ = try await project.document("generate", "--count", "1", "--json")
        try await terminal.waitFor("story_spark · pre_gate_check · done")
        try await terminal.press("C-c")
        try await terminal.waitFor("ready>")
    }

    @Test func questionIsAskedAtTheTerminalAndInTheDashboard() async throws {
        let server = try await FakeOpenAIServer.start { .answer(FakeStory.asking($0)) }
        let project = try await Project(config: Project.config(server))
        let terminal = try await Tmux(
            width: 120, height: 40, environment: Program.environment(home: project.folder.path))
        try await terminal.type("\(Program.path) --project \(project.path) generate --count 1")
        try await terminal.press("Enter")
        try await terminal.waitFor("2 Long dead")
        try await terminal.type("2")
        try await terminal.press("Enter")
        try await terminal.waitFor("story_spark done")
        #expect(server.requests.contains { $0.prompt.contains("The writer answered: Long dead") })

        let dashboard = try await project.dashboard(width: 80, height: 24)
        try await dashboard.press("g")
        try await dashboard.waitFor("It costs at most")
        try await dashboard.press("Enter")
        try await dashboard.waitFor("plotwright asks")
        try await dashboard.waitFor("or your own answer")
        try await dashboard.press("Enter")
        try await dashboard.waitFor("story_spark is done")
        #expect(server.requests.contains { $0.prompt.contains("The writer answered: Yes") })
        try await dashboard.quit()
    }

    @Test func switchAndLimitAreUndone() async throws {
        let slow = try await SlowServer()
        let limits = "  global: { cost_per_day: 5.00 }"
        let project = try await Project(config: Project.config(slow.server, limits: limits))
        let nothing = try await project.run("undo")
        #expect(nothing.status == 64 && nothing.errors.contains("nothing to undo"))
        #expect(try await project.run("roles", "set", "scene_smith", "--provider", "embedded").status == 0)
        let undone = try await project.run("undo")
        #expect(undone.output == "undone: the switch of scene_smith to embedded\n")
        let roles = try await project.document("roles", "list", "--json")
        let smith = roles.array?.first { $0["role"]?.string == "scene_smith" }
        #expect(smith?["provider"]?.string == "fake" && smith?["source"]?.string == "default")
        #expect(try await project.run("limits", "set", "global", "cost_per_day", "8").status == 0)
        let terminal = try await project.dashboard(width: 120, height: 40)
        try await terminal.press("u")
        try await terminal.waitFor("undone: the change of global cost_per_day to $8")
        try await terminal.quit()
    }
}
