import Core
import TestKit
import Testing

@testable import Studio
@testable import Workspace

@Suite struct ArtifactEditTests {
    private func artifact(_ data: JSONValue, _ more: [(String, JSONValue)] = []) -> Artifact {
        Artifact(id: "a", type: "scene", data: data, metadata: JSONObject(more))
    }

    @Test func proseIsEditedAsProse() throws {
        for key in ["text", "body"] {
            let before: JSONValue = .object(JSONObject([("id", "a"), (key, "Fog.\n\nRain.\n"), ("n", 1)]))
            let edit = ArtifactEdit(artifact(before))
            #expect(edit.suffix == "md" && edit.text == "Fog.\n\nRain.\n\n")
            #expect(try edit.data(from: edit.text) == before)
            let after = try edit.data(from: "Sun, \"quoted\"")
            #expect(after[key] == "Sun, \"quoted\"" && after["n"] == 1 && after.object?.keys == ["id", key, "n"])
            #expect(edit.besidesProse == .object(JSONObject([("id", "a"), ("n", 1)])))
        }
    }

    @Test func contentWithoutProseIsEditedAsJSON() throws {
        let before: JSONValue = ["id": "a", "big": .number(JSONNumber(9_007_199_254_740_993)), "label": "x"]
        for edit in [ArtifactEdit(artifact(before)), ArtifactEdit(artifact(before), isWhole: true)] {
            #expect(edit.suffix == "json")
            #expect(try edit.data(from: edit.text) == before)
        }
        #expect(ArtifactEdit(artifact(["text": "Fog."]), isWhole: true).suffix == "json")
        // Half a character would not come back from an editor.
        let half: JSONValue = ["text": .unpairedString(escaped: #"\ud800"#)]
        #expect(try ArtifactEdit(artifact(half)).data(from: ArtifactEdit(artifact(half)).text) == half)
    }

    @Test func brokenEditIsRefusedWithItsLine() {
        let edit = ArtifactEdit(artifact(["id": "a", "n": 1]))
        for (text, line, words) in [
            ("{\n  \"id\": \"a\",\n  \"n\": 1,\n}", 4, "key"), ("", 1, "too early"),
            ("{\"n\": 1}\n x", 2, "after the value"),
            ("[1]", nil, "object"), (#"{"id": "b", "n": 1}"#, nil, "must stay"), (#"{"n": 1}"#, nil, "must stay"),
        ] as [(String, Int?, String)] {
            let problem = #expect(throws: ArtifactEdit.Problem.self) { try edit.data(from: text) }
            #expect(
                problem?.line == line && problem?.reason.contains(words) == true,
                "\(text): \(String(describing: problem))")
        }
    }

    @Test func editIsTheNextRevisionOfAPerson() throws {
        let before = artifact(
            ["text": "Fog."], [("revision", 2), ("author", "scene_smith"), ("needs_review", "x"), ("mine", 1)])
        let moment = ManualTime().now()
        let after = ArtifactEdit(before).revision(["text": "Sun."], at: moment)
        #expect(after.revision == 3 && after.metadata["author"] == "user" && after.needsReview == nil)
        #expect(after.metadata["mine"] == 1 && after.modified == LocalTimestamp.text(of: moment))
        #expect(!after.isEditedOutside && !after.isOfALoop)
    }
}
