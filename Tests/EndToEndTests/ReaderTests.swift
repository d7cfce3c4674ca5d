import Core
import Foundation
import TestKit
import Testing

/// The reader, the event inspector and the other zooms in a real terminal.
@Suite struct ReaderTests {
    /// A scene of the second take that leads on.
    private func scene(_ project: Project) async throws -> String {
        let all = try await project.document("artifacts", "list", "--type", "scene", "--json")
        var found: [String] = []
        for id in (all["artifacts"]?.array ?? []).compactMap({ $0["id"]?.string }) {
            let shown = try await project.document("artifacts", "show", id, "--json")
            let leadsOn = shown["data"]?["choices"]?.array?.isEmpty == false
            if leadsOn, shown["metadata"]?["provenance"]?["take"]?.int == 2 { found.append(id) }
        }
        return try #require(found.first)
    }

    /// The dashboard with that scene open, which was found in the list.
    private func reader(_ project: Project, environment: [String: String] = [:]) async throws -> Tmux {
        let id = try await scene(project)
        let terminal = try await project.dashboard(width: 120, height: 40, environment: environment)
        try await terminal.press("5", "Enter")
        try await terminal.waitFor("v lists every artifact")
        try await terminal.press("v", "v")
        try await terminal.waitFor("Enter read")
        try await terminal.press("/")
        try await terminal.waitFor("Filter the list")
        try await terminal.type("scene hot \(id)")
        try await terminal.press("Enter")
        try await terminal.waitFor("1 of ")
        try await terminal.press("Enter")
        try await terminal.waitFor("take 2 of 2")
        return terminal
    }

    @Test func choicesLeadFromSceneToSceneAndBack() async throws {
        let project = try await Project.inTwoTakes()
        let terminal = try await reader(project)
        let first = try await terminal.waitFor("Enter follows")
        try await terminal.press("End", "Enter")
        let title = first.split(separator: "\n").dropFirst().first.map(String.init) ?? ""
        try await terminal.waitFor("another scene") { !$0.contains(title) && $0.contains("hot · revision") }
        try await terminal.press("BSpace")
        try await terminal.waitFor(title)
        try await terminal.press("]")
        try await terminal.waitFor("take 1 of 2")
        try await terminal.press("a")
        try await terminal.waitFor("counts now, and not its 1 other.")
        try await terminal.waitFor("✓ counts")
        try await terminal.press("v")
        try await terminal.waitFor("\"metadata\"")
        try await terminal.press("/")
        try await terminal.type("CONTENT_HASH")
        try await terminal.press("Enter")
        try await terminal.waitFor("\"CONTENT_HASH\": 1 of 1")
        try await terminal.press("Escape", "Escape")
        try await terminal.waitFor("1 Roles")
        try await terminal.quit()
    }

    @Test func editorTakesTheScreenAndGivesItBack() async throws {
        let project = try await Project.inTwoTakes()
        let terminal = try await reader(project, environment: ["VISUAL": try project.editor()])
        try await terminal.press("e")
        let lent = try await terminal.waitFor("the editor has the screen")
        #expect(!lent.contains("5 Output"))
        try await terminal.press("Enter")
        try await terminal.waitFor("is revision 2 now.")
        try await terminal.waitFor("The sun.")
        try await terminal.quit()
        let edits = try? FileManager.default.contentsOfDirectory(atPath: project.path + "/.questfoundry/edits")
        #expect(edits?.isEmpty != false)
    }

    @Test func editorThatFailsIsToldAndNothingIsChanged() async throws {
        let project = try await Project.inTwoTakes()
        let terminal = try await reader(project, environment: ["VISUAL": "sh -c 'exit 3'"])
        try await terminal.press("e")
        try await terminal.waitFor("ended with 3")
        try await terminal.waitFor("5 Output")
        try await terminal.quit()
        let edits = try? FileManager.default.contentsOfDirectory(atPath: project.path + "/.questfoundry/edits")
        #expect(edits?.isEmpty != false)
    }

    @Test func artifactGoesIntoTheBinOnceItIsConfirmed() async throws {
        let project = try await Project.inTwoTakes()
        let before = try #require(try await project.document("artifacts", "list", "--json")["artifacts"]?.array).count
        let terminal = try await reader(project)
        try await terminal.press("d")
        try await terminal.waitFor("keeps it for 30 days")
        try await terminal.press("Right", "Enter")
        try await terminal.waitFor("is in the bin")
        try await terminal.press("Escape")
        try await terminal.quit()
        let after = try #require(try await project.document("artifacts", "list", "--json")["artifacts"]?.array).count
        #expect(after == before - 1)
    }

    @Test func everyZoomOpensAndAnEventIsToldWhole() async throws {
        let project = try await Project.inTwoTakes()
        let terminal = try await project.dashboard(width: 120, height: 40)
        try await terminal.press("1", "Down", "Down", "Down", "Enter")
        try await terminal.waitFor("roles") { $0.contains("scene_smith · settings") && $0.contains("max_tokens") }
        try await terminal.press("v")
        try await terminal.waitFor("draft_scenes")
        try await terminal.press("4")
        try await terminal.waitFor("by model")
        try await terminal.press("7")
        try await terminal.waitFor("artifacts by type")
        // What earlier processes did is in the journal.
        try await terminal.press("6")
        try await terminal.waitFor("story_spark done")
        try await terminal.press("/")
        try await terminal.type("scene_smith embedded")
        try await terminal.press("Enter")
        try await terminal.waitFor("with scene_smith embedded")
        try await terminal.press("Enter")
        let event = try await terminal.waitFor("answered by embedded")
        #expect(event.contains("Bill") && event.contains("this one is gone") == event.contains("Prompt"))
        try await terminal.quit()
    }
}
