import Core
import Foundation
import GRDB
import TestKit
import Testing

@testable import Workspace

@Suite struct ArtifactIndexTests {
    private let fixture: WorkspaceFixture
    private let workspace: Workspace
    private let scene = ".questfoundry/hot/scenes/pier.json"

    init() throws {
        fixture = try WorkspaceFixture()
        workspace = try fixture.create()
    }

    /// Lists as a process does that has seen nothing yet.
    private func list() throws -> ArtifactPage { try fixture.store(workspace).artifacts(ArtifactQuery()) }

    private func write(_ title: String, to name: String? = nil) throws {
        try fixture.write(#"{"type": "scene", "data": {"title": "\#(title)"}, "metadata": {}}"#, to: name ?? scene)
    }

    /// Makes a file look as if it had been written a while ago: only such a one is trusted to be told from a later one.
    private func settle(_ name: String) throws {
        let date = Date(timeIntervalSince1970: 1_700_000_000)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: fixture.file(name))
    }

    private func index() throws -> String {
        let folder = fixture.folder.file("cache/questfoundry/index")
        return try folder + "/" + #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
    }

    @Test func unchangedFilesAreNotReadAgain() throws {
        try write("Pier")
        try settle(scene)
        #expect(try list().summaries.map(\.title) == ["Pier"])
        // What only the index says shows that the file was not read.
        let queue = try DatabaseQueue(path: try index())
        try queue.write { try $0.execute(sql: "UPDATE files SET summary = replace(summary, 'Pier', 'Index')") }
        #expect(try list().summaries.map(\.title) == ["Index"])
        #expect(try fixture.store(workspace).artifact("pier", .hot)?.title == "Pier")
    }

    @Test func everyChangeIsNoticed() throws {
        let store = fixture.store(workspace)
        func titles() throws -> [String] {
            let titles = try store.artifacts(ArtifactQuery()).summaries.map(\.title)
            #expect(try list().summaries.map(\.title) == titles)
            return titles
        }
        try write("Pier")
        #expect(try titles() == ["Pier"])
        // In place, at once, of the same size: only the time tells, and that is coarse.
        try write("Quay")
        #expect(try titles() == ["Quay"])
        try settle(scene)
        #expect(try titles() == ["Quay"])
        try write("Dock")
        #expect(try titles() == ["Dock"])
        try write("Fog", to: ".questfoundry/hot/scenes/fog.json")
        #expect(try titles() == ["Fog", "Dock"])
        try FileManager.default.removeItem(atPath: fixture.file(scene))
        #expect(try titles() == ["Fog"])
    }

    @Test(arguments: ["", "no database", "folder", "other table"])
    func indexThatCannotBeReadIsMadeAnew(_ kind: String) throws {
        try write("Pier")
        try settle(scene)
        _ = try list()
        let path = try index()
        try FileManager.default.removeItem(atPath: path)
        switch kind {
        case "folder": try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        case "other table":
            try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE files (x)") }
        default: try Data(kind.utf8).write(to: URL(filePath: path))
        }
        for _ in 1...2 { #expect(try list().summaries.map(\.title) == ["Pier"]) }
    }

    @Test func workspaceItselfStaysAsItIs() throws {
        try write("Pier")
        let before = try fixture.snapshot()
        _ = try list()
        #expect(try fixture.snapshot() == before)
    }

    @Test func withoutACacheFolderFilesAreRead() throws {
        try write("Pier")
        let store = FileStore(workspace, time: fixture.time, environment: [:])
        #expect(try store.artifacts(ArtifactQuery()).summaries.map(\.title) == ["Pier"])
    }

    @Test func whatCannotBeReadIsToldAndTheRestIsListed() throws {
        try write("Pier")
        try fixture.write("{oops", to: ".questfoundry/hot/scenes/broken.json")
        let long = String(repeating: "a", count: 240)
        try write("Long", to: ".questfoundry/hot/scenes/\(long).json")
        let hot = fixture.file(".questfoundry/hot")
        try FileManager.default.createSymbolicLink(atPath: hot + "/hooks", withDestinationPath: "hooks")
        try FileManager.default.createSymbolicLink(atPath: hot + "/canon", withDestinationPath: "/etc")
        try fixture.write("a file", to: ".questfoundry/hot/codex")
        try FileManager.default.createSymbolicLink(
            atPath: hot + "/scenes/link.json", withDestinationPath: "/etc/passwd")
        let page = try list()
        #expect(page.summaries.map(\.title) == ["Pier"] && page.total == 1)
        let told = page.problems.map { String($0.path.dropFirst(hot.count + 1)) }.sorted()
        #expect(
            told
                == ["canon", "codex", "hooks", "scenes/broken.json", "scenes/link.json", "scenes/\(long).json"].sorted()
        )
        #expect(page.problems.allSatisfy { $0.message.contains($0.path) })
    }

    @Test func nameThatTheMetadataClaimIsNoPath() throws {
        try fixture.write(
            #"{"type": "scene", "data": {}, "metadata": {"id": "../../../x"}}"#, to: scene)
        #expect(try list().summaries.map(\.id) == ["pier"])
        #expect(try fixture.store(workspace).artifact("pier", .hot)?.id == "pier")
    }
}
