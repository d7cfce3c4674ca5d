import Core
import TestKit
import Testing

@testable import Studio
@testable import Workspace

@Suite struct PromotionTests {
    @Test func passedArtifactBecomesColdAndIsNoWorkAnyMore() throws {
        let shelf = Shelf()
        try shelf.put("a", "scene", ["text": "Fog."], [("mine", 1)])
        try shelf.pass("conditional_pass")
        let cold = try #require(try shelf.promote("a").first)
        #expect(try shelf.artifact("a", .cold) == cold && shelf.store.artifact("a", .hot) == nil)
        let snapshot = try #require(try shelf.store.snapshots().first)
        #expect(cold.metadata["temperature"] == "cold" && cold.metadata["immutable"] == true)
        #expect(cold.metadata["snapshot_id"]?.string == snapshot.id && cold.metadata["mine"] == 1)
        #expect(cold.data == ["text": "Fog."] && cold.revision == 1)
    }

    @Test(arguments: [
        ("scene", true), ("manuscript_section", true), ("front_matter", true), ("codex_entry", true), ("canon", false),
        ("canon_pack", false), ("hook_card", false), ("tu_brief", false), ("post_mortem_report", false),
    ])
    func onlyWhatPlayersMaySeeBecomesPlayerSafe(type: String, isSafe: Bool) throws {
        let shelf = Shelf()
        try shelf.put("a", type, ["text": "Fog."], [("player_safe", .bool(!isSafe))])
        try shelf.pass()
        #expect(try shelf.promote("a").first?.metadata["player_safe"] == .bool(isSafe))
    }

    @Test func newestGatecheckThatCoversItDecides() throws {
        let shelf = Shelf()
        try shelf.put("a")
        try shelf.expectBlocked("a", "no gatecheck")
        try shelf.pass("block")
        try shelf.expectBlocked("a", "blocks it")
        try shelf.pass("pass")
        try shelf.pass("block")
        try shelf.expectBlocked("a", "blocks it")
        try shelf.pass("Conditional pass")
        try shelf.put("unread", "gatecheck_report", ["answer": "?"], [("needs_review", "no JSON")])
        #expect(try shelf.promote("a").count == 1)
    }

    @Test(arguments: ["", "maybe", "blocked", "BLOCK"]) func gatecheckThatDoesNotPassBlocks(decision: String) throws {
        let shelf = Shelf()
        try shelf.put("a")
        try shelf.pass(decision)
        try shelf.expectBlocked("a", "blocks it")
    }

    @Test func changeAfterTheGatecheckIsNotCovered() throws {
        let shelf = Shelf()
        try shelf.put("a")
        try shelf.pass()
        try shelf.put("a", "scene", ["text": "Changed."])
        try shelf.expectBlocked("a", "no gatecheck has seen it as it is now")
        // That nobody has seen the newest state is no reason to go by an older report.
        try shelf.pass("block")
        try shelf.expectBlocked("a", "blocks it")
    }

    @Test func reportThatSaysWhatItReadCoversThatContentAlone() throws {
        let shelf = Shelf()
        let a = try shelf.put("a")
        try shelf.put("b")
        try shelf.put("codex", "codex_entry")
        try shelf.pass("block")
        let read: JSONValue = ["id": "a", "type": "scene", "content_hash": JSONValue(a.contentHash)]
        try shelf.pass(covers: [read])
        try shelf.expectBlocked("b", "blocks it")
        #expect(try shelf.promotion.obstacles(["a", "b", "codex"]).map(\.id) == ["b"])
        // Another revision with the same content is covered, another content is not.
        try shelf.put("a")
        #expect(try shelf.promotion.obstacles(["a"]).isEmpty)
        try shelf.put("a", "scene", ["text": "Changed."])
        try shelf.expectBlocked("a", "no gatecheck")
    }

    @Test func unreadAnswerIsNotPromoted() throws {
        let shelf = Shelf()
        try shelf.put("a", "scene", ["answer": "?"], [("needs_review", "no JSON")])
        try shelf.pass()
        try shelf.expectBlocked("a", "needs review: no JSON")
    }

    @Test func oneThatIsBlockedKeepsAllHot() throws {
        let shelf = Shelf()
        try shelf.put("a")
        try shelf.pass()
        try shelf.put("b")
        #expect(throws: WorkspaceError.self) { try shelf.promote("a", "b") }
        #expect(try shelf.store.artifacts(ArtifactQuery(temperature: .cold)).total == 0)
    }

    @Test func artifactThatChangedSinceTheSnapshotIsRefused() throws {
        let shelf = Shelf()
        try shelf.put("a")
        let snapshot = try shelf.promotion.snapshot(["a"], description: "")
        try shelf.put("a", "scene", ["text": "Changed."])
        try shelf.put("b")
        try shelf.pass()
        for id in ["a", "b"] {
            let error = #expect(throws: WorkspaceError.self) { try shelf.promotion.promote([id], into: snapshot) }
            #expect(error?.code == .conflict && error?.message.contains(snapshot.id) == true)
        }
        #expect(try shelf.store.artifacts(ArtifactQuery(temperature: .cold)).total == 0)
    }

    @Test func promotingAgainMakesANewVersion() throws {
        let shelf = Shelf()
        try shelf.put("a", "scene", ["text": "One."], [("revision", 3)])
        try shelf.pass()
        try shelf.promote("a").forEach { #expect($0.revision == 3) }
        let hot = try #require(try shelf.promotion.demote(["a"]).first)
        #expect(try shelf.artifact("a", .hot) == hot && shelf.artifact("a", .cold).revision == 3)
        for key in ["immutable", "snapshot_id", "player_safe"] { #expect(hot.metadata[key] == nil) }
        #expect(hot.metadata["temperature"] == "hot" && hot.data == ["text": "One."])
        try shelf.put("a", "scene", ["text": "Two."])
        try shelf.pass()
        let second = try #require(try shelf.promote("a").first)
        #expect(second.revision == 4 && second.data == ["text": "Two."])
        #expect(try shelf.store.history().filter { $0.entityType == "artifact" }.map(\.action) == ["create", "update"])
        #expect(try shelf.store.snapshots().count == 2)
    }

    @Test func sameContentAgainIsNoNewVersion() throws {
        let shelf = Shelf()
        try shelf.put("a")
        try shelf.pass()
        let cold = try shelf.promote("a")
        _ = try shelf.promotion.demote(["a"])
        try shelf.pass()
        #expect(try shelf.promote("a") == cold)
        #expect(try shelf.store.artifact("a", .hot) == nil && shelf.store.snapshots().count == 1)
        // What is cold already is so still: a run that was killed half-way does the rest.
        try shelf.put("b")
        try shelf.pass()
        #expect(try shelf.promote("a", "b").map(\.id) == ["a", "b"])
    }

    @Test func killedBetweenColdAndHotItIsFinishedTheNextTime() throws {
        let shelf = Shelf()
        let hot = try shelf.put("a")
        try shelf.pass()
        let cold = try shelf.promote("a")
        try shelf.store.write(hot, .hot, over: nil)
        #expect(try shelf.promote("a") == cold)
        #expect(try shelf.store.artifact("a", .hot) == nil)
    }

    @Test func demotionReplacesNoWork() throws {
        let shelf = Shelf()
        try shelf.put("a")
        try shelf.pass()
        _ = try shelf.promote("a")
        let mine = try shelf.put("a", "scene", ["text": "Mine."])
        let error = #expect(throws: WorkspaceError.self) { try shelf.promotion.demote(["a"]) }
        #expect(error?.code == .exists)
        #expect(try shelf.artifact("a", .hot) == mine)
        for (id, code) in [("x", WorkspaceError.Code.missing), ("../../x", .badName)] {
            let error = #expect(throws: WorkspaceError.self) { try shelf.promotion.demote([id]) }
            #expect(error?.code == code)
        }
    }
}
