import Core
import Foundation
import TestKit
import Testing

@testable import Workspace

@Suite struct FileStoreTests {
    private let fixture: WorkspaceFixture
    private let store: FileStore

    init() throws {
        fixture = try WorkspaceFixture()
        store = try fixture.store()
    }

    private func keep(_ draft: ArtifactDraft) throws -> (artifact: Artifact, outcome: DraftOutcome) {
        try store.keep(draft, at: fixture.time.now())
    }

    private let hook = ".questfoundry/hot/hooks/hook-1.json"

    private func hot() throws -> FolderSnapshot { try fixture.snapshot(".questfoundry/hot") }

    private func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: fixture.file(name))[.posixPermissions] as? Int
    }

    @Test func firstDraftIsRevisionOne() throws {
        let kept = try keep(.sample())
        #expect(kept.outcome == .written)
        let artifact = try #require(try store.artifact("hook-1", .hot))
        #expect(artifact == kept.artifact)
        #expect(artifact.id == "hook-1" && artifact.type == "hook_card" && artifact.revision == 1)
        #expect(artifact.title == "Fog")
        #expect(artifact.metadata["author"]?.string == "plotwright")
        #expect(artifact.metadata["provenance"]?["model"]?.string == "gpt-4o")
        #expect(artifact.metadata["created"]?.string == artifact.metadata["modified"]?.string)
        #expect(artifact.needsReview == nil && !artifact.metadata.keys.contains("needs_review"))
        #expect(store.place(of: artifact, .hot) == hook)
        #expect(try JSONValue(parsing: fixture.text(hook)).object?.keys == ["type", "data", "metadata"])
        #expect(try mode(hook) == 0o600)
        #expect(try mode(".questfoundry/hot/hooks") == 0o700)
        #expect(try hot().names == ["hooks", "hooks/hook-1.json"])
    }

    @Test func otherContentIsTheNextRevision() throws {
        let first = try keep(.sample()).artifact
        fixture.time.advance(seconds: 5)
        let second = try keep(.sample(title: "Thick fog"))
        #expect(second.outcome == .written)
        #expect(second.artifact.revision == 2)
        #expect(second.artifact.title == "Thick fog")
        #expect(second.artifact.metadata["created"] == first.metadata["created"])
        #expect(second.artifact.metadata["modified"] != first.metadata["modified"])
        #expect(try store.artifact("hook-1", .hot) == second.artifact)
        #expect(try hot().names == ["hooks", "hooks/hook-1.json"])
    }

    @Test func sameContentOfTheSameStepChangesNothing() throws {
        let first = try keep(.sample())
        let before = try hot()
        fixture.time.advance(seconds: 5)
        let again = try keep(.sample())
        #expect(again.outcome == .unchanged)
        #expect(again.artifact == first.artifact)
        #expect(try hot() == before)
    }

    @Test func stepsThatTakeTurnsOnOneArtifactChangeNothingWhenRunAgain() throws {
        let steps = [
            ArtifactDraft.sample("brief-1", type: "tu_brief", title: "Topology", step: "story_spark/create_topology"),
            .sample("brief-1", type: "tu_brief", title: "Brief", step: "story_spark/create_tu_brief"),
        ]
        for step in steps { #expect(try keep(step).outcome == .written) }
        let before = try hot()
        for step in steps + steps {
            let again = try keep(step)
            #expect(again.outcome == .unchanged)
            #expect(again.artifact.title == "Brief" && again.artifact.revision == 2)
        }
        #expect(try hot() == before)
    }

    @Test func sameContentOfAnotherStepIsARevisionOfItsOwn() throws {
        _ = try keep(.sample(step: "story_spark/collect_hooks"))
        let other = try keep(.sample(step: "story_spark/review_hooks"))
        #expect(other.outcome == .written)
        #expect(other.artifact.revision == 2)
    }

    @Test func artifactThatSomebodyEditedIsLeftAsItIs() throws {
        _ = try keep(.sample())
        try fixture.edit(hook) { $0["data"] = ["title": "My own fog"] }
        let before = try hot()
        let kept = try keep(.sample(title: "Thick fog"))
        #expect(kept.outcome == .editedOutside)
        #expect(kept.artifact.title == "My own fog")
        #expect(try hot() == before)
        #expect(try store.artifact("hook-1", .hot)?.title == "My own fog")
    }

    @Test func artifactThatAnotherProgramWroteIsLeftAsItIs() throws {
        try fixture.write(#"{"type": "hook_card", "data": {"title": "Py"}, "metadata": {"id": "hook-1"}}"#, to: hook)
        let before = try hot()
        let kept = try keep(.sample())
        #expect(kept.outcome == .editedOutside)
        #expect(kept.artifact.title == "Py" && kept.artifact.revision == 1)
        #expect(try hot() == before)
    }

    @Test func artifactOfAnotherProgramIsNoLoopsEvenWithAHash() throws {
        let hash = Artifact.contentHash(of: ["title": "Py"])
        try fixture.write(
            #"{"type": "hook_card", "data": {"title": "Py"}, "metadata": {"id": "hook-1", "content_hash": "\#(hash)"}}"#,
            to: hook)
        let kept = try keep(.sample())
        #expect(kept.outcome == .editedOutside && kept.artifact.title == "Py")
    }

    @Test func anotherFormOfTheSameContentIsNoEdit() throws {
        _ = try keep(.sample())
        try fixture.edit(hook, isPretty: false) { _ in }
        #expect(try !fixture.text(hook).contains("\n"))
        #expect(try keep(.sample()).outcome == .unchanged)
        let kept = try keep(.sample(title: "Thick fog"))
        #expect(kept.outcome == .written)
        #expect(kept.artifact.revision == 2)
    }

    @Test func unknownKeysSurvive() throws {
        _ = try keep(.sample())
        try fixture.edit(hook) {
            $0["x_plugin"] = ["n": 1, "list": [nil]]
            var metadata = $0["metadata"]?.object ?? JSONObject()
            metadata["colour"] = "red"
            $0["metadata"] = .object(metadata)
        }
        let kept = try keep(.sample(title: "Thick fog"))
        #expect(kept.outcome == .written)
        let document = try JSONValue(parsing: fixture.text(hook))
        #expect(document.object?.keys == ["type", "data", "metadata", "x_plugin"])
        #expect(document["x_plugin"]?.text() == #"{"n":1,"list":[null]}"#)
        #expect(document["metadata"]?["colour"]?.string == "red")
        #expect(document["data"]?["title"]?.string == "Thick fog")
    }

    @Test func reviewIsAskedForUntilTheNextGoodRevision() throws {
        let doubtful = try keep(.sample(title: "raw words", needsReview: "no JSON object"))
        #expect(doubtful.artifact.needsReview == "no JSON object")
        #expect(try store.artifact("hook-1", .hot)?.needsReview == "no JSON object")
        let good = try keep(.sample()).artifact
        #expect(good.needsReview == nil)
        #expect(!good.metadata.keys.contains("needs_review"))
        #expect(try store.artifact("hook-1", .hot)?.metadata.keys.contains("needs_review") == false)
    }

    @Test func artifactsOfATypeComeInTheOrderOfTheirIDs() throws {
        for id in ["c", "a", "b"] { _ = try keep(.sample(id, type: "style_note")) }
        _ = try keep(.sample("report", type: "gate_report"))
        try fixture.write("{", to: ".questfoundry/hot/other/.hidden.json")
        try fixture.write("no artifact", to: ".questfoundry/hot/other/notes.txt")
        #expect(try store.artifacts(ofType: "style_note").map(\.id) == ["a", "b", "c"])
        #expect(try store.artifacts(ofType: "gate_report").map(\.id) == ["report"])
        #expect(try store.artifacts(ofType: "scene").isEmpty)
    }

    @Test(arguments: [
        ("hook_card", "hooks"), ("canon", "canon"), ("tu_brief", "tu_briefs"), ("codex_entry", "codex"),
        ("scene", "scenes"), ("quest", "quests"), ("anything", "other"),
    ])
    func folderFollowsTheType(_ type: String, _ folder: String) throws {
        _ = try keep(.sample("id-1", type: type))
        #expect(try hot().names == [folder, "\(folder)/id-1.json"])
        #expect(try store.artifact("id-1", .hot)?.type == type)
    }

    @Test func ofOneIDInTwoFoldersTheOneModifiedLastCounts() throws {
        for (type, title) in [("scene", "first"), ("canon", "second"), ("tu_brief", "third"), ("canon", "fourth")] {
            let kept = try keep(.sample("x", type: type, title: title))
            #expect(kept.outcome == .written)
            #expect(try store.artifact("x", .hot) == kept.artifact)
            fixture.time.advance(seconds: 1)
        }
        #expect(try store.artifact("x", .hot)?.revision == 4)
        #expect(try hot().names.count == 6)
    }

    @Test func titleIsTheBestNameForPeople() {
        func title(_ data: JSONValue) -> String {
            Artifact(document: JSONObject([("data", data), ("metadata", ["id": "x-1"])])).title
        }
        #expect(title(["title": "T", "name": "N"]) == "T")
        #expect(title(["name": "N"]) == "N")
        #expect(title(["title": ""]) == "x-1")
        #expect(title([:]) == "x-1")
        #expect(title("words") == "x-1")
    }

    @Test func contentHashIsThatOfTheCompactForm() {
        #expect(
            Artifact.contentHash(of: [:]) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")
    }
}
