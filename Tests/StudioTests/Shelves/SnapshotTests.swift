import Configuration
import Core
import TestKit
import Testing

@testable import Studio
@testable import Workspace

@Suite struct SnapshotTests {
    @Test func sameContentIsTheSameSnapshot() throws {
        let shelf = Shelf()
        try shelf.put("a")
        try shelf.put("b", "scene", ["text": "Rain."])
        let first = try shelf.promotion.snapshot(["b", "a"], description: "one")
        shelf.time.advance(seconds: 86_400)
        try shelf.put("a")
        #expect(try shelf.promotion.snapshot(["a", "b", "a"], description: "two") == first)
        #expect(try shelf.store.snapshots() == [first])
        #expect(try shelf.store.contents(ofSnapshot: first.id).map(\.id) == ["a", "b"])
        #expect(first.id.wholeMatch(of: /SNAP-[0-9A-F]{10}/) != nil)
        try shelf.put("a", "scene", ["text": "Sun."])
        let other = try shelf.promotion.snapshot(["a", "b"], description: "three")
        #expect(other.id != first.id)
        #expect(try shelf.promotion.snapshot(["a"], description: "").id != other.id)
        // What it holds stays.
        #expect(try shelf.store.contents(ofSnapshot: first.id).first?.data == ["text": "Fog."])
    }

    @Test func snapshotOfNothingThereIsRefused() throws {
        let shelf = Shelf()
        for (id, code) in [("x", WorkspaceError.Code.missing), ("../../x", .badName)] {
            let error = #expect(throws: WorkspaceError.self) { try shelf.promotion.snapshot([id], description: "") }
            #expect(error?.code == code)
        }
        #expect(try shelf.store.snapshots().isEmpty)
    }

    @Test func coldArtifactsCanBeFrozenToo() throws {
        let shelf = Shelf()
        try shelf.put("a", "scene", ["text": "Cold."], [], .cold)
        let snapshot = try shelf.promotion.snapshot(["a"], description: "")
        #expect(try shelf.store.contents(ofSnapshot: snapshot.id).map(\.id) == ["a"])
    }

    @Test func firstVersionAsksForTheMigration() throws {
        let folder = try TemporaryFolder()
        let root = folder.file("book")
        _ = try PyWorkspace(at: root)
        let workspace = try #require(try Workspace.find(from: root))
        let store = workspace.store(.file, time: SystemTime(), environment: [:])
        let id = try #require(try store.artifacts(ArtifactQuery(temperature: .hot)).summaries.first?.id)
        let error = #expect(throws: WorkspaceError.self) {
            try Promotion(store: store, time: SystemTime()).snapshot([id], description: "")
        }
        #expect(error?.code == .needsMigration && error?.message.contains("state migrate") == true)
    }
}
