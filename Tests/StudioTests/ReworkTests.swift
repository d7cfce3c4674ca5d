import Core
import Foundation
import Studio
import SuiteKit
import TestKit
import Testing
import Workspace

/// Work on a story after its writer has changed a part of it.
@Suite(.oneAtATime, .timeLimit(.minutes(20))) struct ReworkTests {
    private static let forge = RunOrder(loop: "scene_forge", brief: RunOrder.lighthouse, seed: 1)

    /// Changes the summary of a section in a brief's file, as a writer does with an editor.
    private func edit(_ path: String, section key: String) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let sections = try JSONValue(parsing: text)["data"]?["sections"]?.array ?? []
        let summary = try #require(sections.first { $0["key"]?.string == key }?["summary"])
        let edited = text.replacing(summary.text(), with: "\"Here the keeper tells whose lamp it was.\"")
        #expect(edited != text)
        try edited.write(toFile: path, atomically: true, encoding: .utf8)
    }

    @Test func onlyWhatAChangedSectionIsAboutIsAskedForAgain() async throws {
        let server = try await EmbeddedStory.server()
        let fixture = try StoryFixture(server)
        let spark = RunOrder(brief: RunOrder.lighthouse, count: 12, seed: 1)
        let brief = try #require(try await fixture.run(spark).report.artifacts.first { $0.type == "tu_brief" })
        let first = try await fixture.run(Self.forge).report
        #expect(first.state == .done, "\(String(describing: first.error))")
        let before = server.requests

        try edit("\(fixture.workspace.root)/\(brief.path)", section: "s5")
        let second = try await fixture.run(Self.forge).report
        let misses = server.requests.dropFirst(before.count)
        // The same run once more without look-ups shows what all of its requests were.
        var fresh = Self.forge
        fresh.isFresh = true
        let all = try await fixture.run(fresh).report
        let whole = server.requests.suffix(all.requests)

        let known = Set(before.map { $0.body.text() })
        let unchanged = whole.filter { known.contains($0.body.text()) }
        #expect(all.requests == second.requests && whole.count == second.requests)
        #expect(second.hits == unchanged.count && misses.count == second.requests - second.hits)
        #expect(Set(misses.map { $0.body.text() }) == Set(whole.map { $0.body.text() }).subtracting(known))
        #expect(Set(misses.compactMap { $0.asked("section") }) == ["s5"])
        #expect(misses.count { $0.asked("artifact") != nil } <= 1)
        #expect(Double(second.hits) / Double(second.requests) > 0.8)
    }
}
