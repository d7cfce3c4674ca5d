import Core
import TestKit
import Testing

@testable import Studio
@testable import Workspace

@Suite struct PieceTests {
    @discardableResult private func put(
        _ shelf: Shelf, _ id: String, take: Int, piece: String? = "P", _ more: [(String, JSONValue)] = []
    ) throws -> Artifact {
        var provenance = JSONObject([("take", JSONValue(take))])
        if let piece { provenance["piece"] = JSONValue(piece) }
        return try shelf.put(id, "scene", ["text": JSONValue(id)], more + [("provenance", .object(provenance))])
    }

    private func chosen(_ shelf: Shelf) throws -> [String?] {
        Piece.all(of: try shelf.store.artifacts(ofType: "scene")).map { $0.chosen?.id }
    }

    @Test func newestTakeCountsUntilOneIsAccepted() throws {
        let shelf = Shelf()
        for take in [1, 10, 2] { try put(shelf, "t\(take)", take: take) }
        try put(shelf, "alone", take: 4, piece: nil)
        #expect(try chosen(shelf) == ["t10", "alone"])
        #expect(Piece.all(of: try shelf.store.artifacts(ofType: "scene"))[0].takes.map(\.take) == [1, 2, 10])
        _ = try Piece.accept("t2", in: shelf.store, at: shelf.time.now())
        #expect(try chosen(shelf) == ["t2", "alone"])
        let piece = try Piece.accept("t1", in: shelf.store, at: shelf.time.now())
        #expect(piece.id == "P" && piece.takes.map(\.id) == ["t1", "t2", "t10"] && piece.chosen?.id == "t1")
        #expect(try ["t1", "t2", "t10"].map { try shelf.artifact($0, .hot).isAccepted } == [true, false, false])
        #expect(try shelf.artifact("t2", .hot).metadata["accepted_at"] == nil)
    }

    @Test func choosingIsNoChangeOfTheContent() throws {
        let shelf = Shelf()
        let before = try put(shelf, "t1", take: 1)
        try shelf.pass()
        _ = try Piece.accept("t1", in: shelf.store, at: shelf.time.now())
        let after = try shelf.artifact("t1", .hot)
        #expect(after.data == before.data && after.revision == before.revision && after.modified == before.modified)
        #expect(try shelf.promotion.obstacles(["t1"]).isEmpty)
    }

    @Test func killBetweenTheMarksLeavesTheNewChoice() throws {
        let shelf = Shelf()
        try put(shelf, "t1", take: 1, [("accepted", true), ("accepted_at", "2026-11-24T12:00:02")])
        try put(shelf, "t2", take: 2, [("accepted", true), ("accepted_at", "2026-11-24T12:00:01")])
        #expect(try chosen(shelf) == ["t1"])
    }

    @Test func demotedAndUnreadTakesDoNotCount() throws {
        let shelf = Shelf()
        try put(shelf, "t1", take: 1)
        try put(shelf, "t2", take: 2, [("demoted", true), ("accepted", true)])
        try put(shelf, "t3", take: 3, [("needs_review", "no JSON")])
        #expect(try chosen(shelf) == ["t1"])
        try shelf.store.remove("t1", .hot, stamp: try shelf.artifact("t1", .hot).stamp)
        #expect(try chosen(shelf) == ["t2"])
        // Who chooses one that was brought back for rework means it.
        try put(shelf, "t4", take: 4)
        #expect(try chosen(shelf) == ["t4"])
        _ = try Piece.accept("t2", in: shelf.store, at: shelf.time.now())
        #expect(try chosen(shelf) == ["t2"])
    }

    @Test func choiceIsTakenThroughTheGate() throws {
        let shelf = Shelf()
        for take in [1, 2] { try put(shelf, "t\(take)", take: take) }
        _ = try Piece.accept("t1", in: shelf.store, at: shelf.time.now())
        try shelf.pass()
        _ = try shelf.promote("t1", "t2")
        let cold = try shelf.store.artifacts(ofType: "scene", .cold)
        #expect(Piece.all(of: cold).first?.chosen?.id == "t1")
        _ = try shelf.promotion.demote(["t2"])
        shelf.time.advance(seconds: 5)
        _ = try Piece.accept("t2", in: shelf.store, at: shelf.time.now())
        try shelf.pass()
        _ = try shelf.promote("t2")
        #expect(Piece.all(of: try shelf.store.artifacts(ofType: "scene", .cold)).first?.chosen?.id == "t2")
    }

    @Test func whatIsNoWorkInProgressCannotBeChosen() throws {
        let shelf = Shelf()
        try shelf.put("cold", "scene", ["text": "x"], [], .cold)
        for (id, words) in [("x", "there is no artifact x"), ("cold", "demote cold"), ("../../x", "cannot be")] {
            let error = #expect(throws: WorkspaceError.self) {
                try Piece.accept(id, in: shelf.store, at: shelf.time.now())
            }
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
    }
}
