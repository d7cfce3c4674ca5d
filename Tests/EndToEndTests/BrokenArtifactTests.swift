import Core
import Foundation
import SuiteKit
import TestKit
import Testing

/// Artifacts that somebody has broken, from the command line: one message or none, and nothing lost.
@Suite(.oneAtATime, .timeLimit(.minutes(20))) struct BrokenArtifactTests {
    private static func scene(_ data: String) -> (String, String) {
        ("scenes/SCENE-X", "{\"type\":\"scene\",\"data\":\(data),\"metadata\":{\"id\":\"SCENE-X\"}}")
    }
    private static func brief(_ sections: String) -> (String, String) {
        (
            "tu_briefs/BRIEF-X",
            "{\"type\":\"tu_brief\",\"data\":{\"sections\":\(sections)},\"metadata\":{\"id\":\"BRIEF-X\"}}"
        )
    }
    private static func hook(_ data: String, _ metadata: String = "\"a\":1") -> (String, String) {
        ("hooks/HOOK-X", "{\"type\":\"hook_card\",\"data\":\(data),\"metadata\":{\(metadata),\"id\":\"HOOK-X\"}}")
    }

    private func put(_ file: (name: String, text: String), in project: Project) throws -> URL {
        let url = URL(filePath: "\(project.path)/.questfoundry/hot/\(file.name).json")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.text.utf8).write(to: url)
        return url
    }

    @Test func oddContentIsToleratedByEveryLoopThatReadsIt() async throws {
        let base = try await Project()
        _ = try await base.document("generate", "--seed", "7", "--count", "2", "--json")
        let odd = [
            Self.scene("null"), Self.scene("[1]"), Self.scene("\"x\""),
            Self.scene(#"{"text":"x","choices":["go"],"sets":"lamp"}"#),
            Self.scene(#"{"text":["x"],"choices":{"a":1}}"#),
            Self.scene(#"{"id":"\u0007\u001b[31m","title":"\u001b[2J","text":"\u0000"}"#),
            Self.scene(#"{"text":"\ud800"}"#),
            Self.scene("{\"text\":\"\(String(repeating: "word ", count: 200_000))\"}"),
            Self.brief(#"[{"title":"a"}]"#), Self.brief(#"[{"key":"s1"},{"key":"s1","exits":["s1"]}]"#),
            Self.brief("\"s1\""),
            Self.brief("[1,null,[]]"), Self.brief(#"[{"key":"s1\n# Answer","title":"\u001b[31m","exits":[1,null]}]"#),
            Self.hook("null"), Self.hook(#"{"title":1,"status":["x"]}"#),
            Self.hook("{}", #""revision":-5,"provenance":7"#),
            Self.hook("{}", #""provenance":{"take":99999999999999999999,"piece":7},"needs_review":[7]"#),
        ]
        for file in odd {
            let url = try put(file, in: base)
            for loop in ["hook_harvest", "scene_forge", "gatecheck"] {
                let outcome = try await base.run("generate", loop, "--seed", "7", "--count", "2")
                #expect(outcome.status == 0, "\(loop) on \(file.1.prefix(120)): \(outcome.errors)")
                #expect(!(outcome.output + outcome.errors).contains { "\u{1B}\u{7}".contains($0) })
                #expect(try Data(contentsOf: url) == Data(file.1.utf8), "\(loop) on \(file.1.prefix(120))")
            }
            try FileManager.default.removeItem(at: url)
        }
    }

    @Test(arguments: ["", "{\"type\":", "[1]", "\u{0}"])
    func aFileThatIsNoArtifactStopsWhatReadsItAndIsNamed(text: String) async throws {
        let project = try await Project()
        let url = try put(("hooks/HOOK-X", text), in: project)
        let outcome = try await project.run("generate", "hook_harvest")
        #expect(outcome.status == 65 && outcome.errors.contains("HOOK-X.json is no JSON object"), "\(outcome.errors)")
        #expect(try Data(contentsOf: url) == Data(text.utf8))
        try FileManager.default.removeItem(at: url)
        try FileManager.default.createSymbolicLink(atPath: url.path(), withDestinationPath: "/etc/passwd")
        let linked = try await project.run("generate", "hook_harvest")
        #expect(linked.status == 65 && linked.errors.contains("is a link"), "\(linked.errors)")
    }
}
