import Core
import Foundation
import Synchronization
import TestKit
import Testing

/// The dashboard in a real terminal.
@Suite struct DashboardTests {
    static let sizes = [(80, 24), (120, 40), (200, 60)]
    static let panes = ["1 Roles", "2 Cache", "3 Limits", "4 Cost", "5 Output", "6 Activity", "7 State"]

    @Test(arguments: sizes)
    func everyPaneIsThereAndALoopMovesThem(width: Int, height: Int) async throws {
        let project = try await Project()
        let terminal = try await project.dashboard(width: width, height: height)
        let first = try await terminal.waitFor("q quit")
        for pane in Self.panes { #expect(first.contains(pane), "\(pane) is missing:\n\(first)") }
        #expect(first.contains("QuestFoundry · story"))
        #expect(first.contains("embedded"))
        #expect(first.split(separator: "\n", omittingEmptySubsequences: false).allSatisfy { $0.count <= width })

        try await terminal.press("g")
        let dialog = try await terminal.waitFor("It costs nothing.")
        #expect(dialog.contains("Story spark"))
        try await terminal.press("Enter")
        let done = try await terminal.waitFor("story_spark is done")
        #expect(done.contains("gatecheck_report"))
        // The figures follow within a quarter of a second.
        try await terminal.waitFor("the figures of the run") { screen in
            let row = screen.split(separator: "\n").first { $0.contains("plotwright") && $0.contains("embedded") }
            return screen.contains("16 misses") && row?.contains(" 4 ") == true && row?.contains("0%") == true
        }
        try await terminal.quit()
    }

    @Test func aSwitchCountsFromTheNextRequestAndSurvivesARestart() async throws {
        let first = try await FakeOpenAIServer.start()
        let asked = Signal()
        let go = Signal()
        let isFirst = Mutex(true)
        let second = try await FakeOpenAIServer.start { request in
            if isFirst.withLock({ first in
                defer { first = false }; return first
            }) {
                asked.fire()
                await go.wait()
            }
            return .answer(FakeStory.answer(to: request.body))
        }
        let project = try await Project(
            config: """
                providers:
                  text:
                    default: one
                    one: { type: openai, base_url: \(second.baseURL.absoluteString), model: model-one }
                    two: { type: openai, base_url: \(first.baseURL.absoluteString), model: model-two }
                """)
        let terminal = try await project.dashboard(width: 120, height: 40)
        try await terminal.waitFor("model-one")
        try await terminal.press("g", "Enter")
        // The first request is under way while the role is switched.
        await asked.wait()
        try await terminal.press("1", "Down", "Down", "Down", "p")
        try await terminal.waitFor("Provider of scene_smith")
        try await terminal.waitFor("two model-two")
        try await terminal.press("Down", "Down", "Enter")
        try await terminal.waitFor("scene_smith uses two from its next request on")
        go.fire()
        try await terminal.waitFor("story_spark is done")
        let row = try await terminal.screen().split(separator: "\n").first {
            $0.prefix(20).contains("scene_smith")
        }
        #expect(row?.contains("model-two") == true)
        #expect(first.served == 4)
        #expect(first.requests.allSatisfy { $0.body["model"]?.string == "model-two" })
        #expect(second.requests.allSatisfy { $0.body["model"]?.string == "model-one" })
        try await terminal.quit()

        let roles = try await project.document("roles", "list", "--json")
        let smith = try #require(roles.array?.first { $0["role"]?.string == "scene_smith" })
        #expect(smith["provider"]?.string == "two" && smith["source"]?.string == "override")
    }

    @Test func theScreenIsAliveWhileALoopRuns() async throws {
        let asked = Signal()
        let go = Signal()
        let server = try await FakeOpenAIServer.start { request in
            asked.fire()
            await go.wait()
            return .answer(FakeStory.answer(to: request.body))
        }
        let limits = "  global: { requests_per_hour: 100, cost_per_day: 5.00 }"
        let project = try await Project(config: Project.config(server, limits: limits))
        let terminal = try await project.dashboard(width: 120, height: 40)
        try await terminal.waitFor("100/100")
        try await terminal.press("g")
        try await terminal.waitFor("It costs at most")
        try await terminal.press("Enter")
        await asked.wait()
        try await terminal.waitFor("writing")
        // The figures are read after the event that changes them.
        let working = try await terminal.waitFor("99/100")
        #expect(working.contains("story_spark"))
        try await terminal.press("?")
        try await terminal.waitFor("switch the selected role's provider and model")
        try await terminal.press("Escape")
        // The budget holds what the call under way may cost.
        try await terminal.waitFor("reserved money in Cost") { screen in
            screen.split(separator: "\n").contains { $0.contains("today") && $0.contains("/5") && !$0.contains(" 0/5") }
        }
        try await terminal.press("c")
        try await terminal.waitFor("Space goes on")
        try await terminal.press("c")
        try await terminal.waitFor("cancelled")
        go.fire()
        try await terminal.quit()
        let status = try await project.document("status", "--json")
        #expect(try #require(status["costs"]?["estimated_part"]?.money) > .zero)
    }

    @Test func aWaitingRequestIsShown() async throws {
        let server = try await FakeOpenAIServer.start()
        let config = Project.config(server, limits: "  global: { requests_per_minute: 2 }")
        let project = try await Project(config: config)
        let terminal = try await project.dashboard(width: 120, height: 40)
        try await terminal.waitFor("2/2")
        try await terminal.press("g")
        try await terminal.waitFor("It costs at most")
        try await terminal.press("Enter")
        let screen = try await terminal.waitFor("1 waiting")
        #expect(screen.contains("0/2") && screen.contains("full in"))
        #expect(screen.contains("next in"))
        #expect(server.served >= 2)
        try await terminal.press("c")
        try await terminal.waitFor("Space goes on")
        try await terminal.press("c")
        try await terminal.waitFor("cancelled")
        try await terminal.quit()
    }

    @Test func pruningSaysHowMuchAndThenDoesIt() async throws {
        let project = try await Project()
        _ = try await project.document("generate", "--json")
        let terminal = try await project.dashboard(width: 120, height: 40)
        try await terminal.press("x")
        try await terminal.waitFor("No entry is expired.")
        try await terminal.press("End")
        try await terminal.waitFor("It removes 16 entries")
        try await terminal.press("Enter")
        try await terminal.waitFor("Cancel")
        try await terminal.press("Right", "Enter")
        try await terminal.waitFor("Removed 16 entries")
        try await terminal.quit()
        #expect(try await project.document("cache", "stats", "--json")["entries"]?.int == 0)
    }

    @Test func whatAModelWritesNeverSteersTheTerminal() async throws {
        let hostile = "red \u{1B}[31m bell \u{7} title \u{1B}]0;owned\u{7} c1 \u{9B}2J bidi \u{202E}abc"
        let server = try await FakeOpenAIServer.start { _ in .answer(hostile) }
        let project = try await Project(config: Project.config(server))
        let terminal = try await project.dashboard(width: 120, height: 40)
        try await terminal.press("g")
        try await terminal.waitFor("It costs at most")
        try await terminal.press("Enter")
        let screen = try await terminal.waitFor("␛[31m")
        #expect(screen.contains("␇") && screen.contains("⟨U+009B⟩") && screen.contains("⟨U+202E⟩"))
        #expect(screen.contains("1 Roles"))
        try await terminal.waitFor("story_spark failed")
        try await terminal.quit()
    }

    @Test func withoutAWorkspaceItOffersToMakeOne() async throws {
        let folder = try TemporaryFolder()
        let terminal = try await Tmux(width: 100, height: 30, environment: Program.environment(home: folder.path))
        try await terminal.type("cd \(folder.path) && HOME=\(folder.path) \(Program.path)")
        try await terminal.press("Enter")
        let welcome = try await terminal.waitFor("Welcome to QuestFoundry")
        #expect(welcome.contains("~/QuestFoundry/my-story"))
        #expect(welcome.contains("needs no key"))
        try await terminal.press("Enter")
        try await terminal.waitFor("is made. g starts its first loop")
        try await terminal.waitFor("no key, no network")
        try await terminal.press("g")
        try await terminal.waitFor("It costs nothing.")
        try await terminal.press("Enter")
        try await terminal.waitFor("story_spark is done")
        try await terminal.quit()
        let scenes = folder.file("QuestFoundry/my-story/.questfoundry/hot/scenes")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scenes).count == 4)
    }
}
