import Core
import Foundation
import GRDB
import TestKit
import Testing

@testable import Workspace

@Suite struct WorkspaceFindingTests {
    private let fixture: WorkspaceFixture

    init() throws { fixture = try WorkspaceFixture() }

    private func find(from name: String = "") throws -> Workspace? { try Workspace.find(from: fixture.file(name)) }

    private func problem() -> WorkspaceError? {
        #expect(throws: WorkspaceError.self) { _ = try find() }
    }

    @Test func findWalksUp() throws {
        _ = try fixture.create()
        try fixture.write("", to: "media/maps/north.txt")
        for place in ["", "media", "media/maps", "media/maps/", "media/../media", ".questfoundry/hot"] {
            #expect(try find(from: place)?.root == fixture.root, "\(place)")
        }
    }

    @Test func nothingIsFoundAtTheRootOfTheFileSystem() throws {
        try fixture.write("", to: "a/b/c.txt")
        #expect(try find(from: "a/b")?.root == nil)
        #expect(try Workspace.find(from: "/")?.root == nil)
    }

    @Test func nearestWorkspaceIsFound() throws {
        _ = try fixture.create()
        let inner = try Workspace.create(
            at: fixture.file("drafts/second"), name: "n", brief: "", configYAML: "", time: fixture.time)
        try fixture.write("", to: "drafts/second/media/x.txt")
        #expect(try find(from: "drafts/second/media")?.root == inner.root)
        #expect(try find(from: "drafts")?.root == fixture.root)
    }

    @Test func fileOfTheFoldersNameIsNoWorkspace() throws {
        _ = try fixture.create()
        try fixture.write("", to: "media/.questfoundry")
        #expect(try find(from: "media")?.root == fixture.root)
    }

    @Test func lookingAtAnOlderWorkspaceChangesNothing() throws {
        try fixture.makeFirstVersion()
        let before = try fixture.snapshot()
        let workspace = try #require(try find())
        #expect(workspace.schemaVersion == 1 && workspace.pendingMigrations == 1)
        #expect(workspace.name == "The Lighthouse" && workspace.info.brief == "A light that lies")
        let store = fixture.store(workspace)
        let hook = try #require(try store.artifact("hook-1", .hot))
        #expect(hook.title == "Fog" && hook.revision == 1 && hook.data["weight"]?.int == 9_007_199_254_740_993)
        #expect(try store.artifacts(ofType: "hook_card") == [hook])
        #expect(try store.artifacts(ofType: "scene").isEmpty)
        #expect(try store.artifact("hook-2", .hot) == nil)
        #expect(try fixture.snapshot() == before)
    }

    @Test func lookingAtAProjectThatWasLeftOpenChangesNothing() throws {
        try fixture.makeFirstVersion()
        let path = fixture.file("project.qfproj")
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
        try queue.write { try $0.execute(sql: "INSERT INTO schema_version (version) VALUES (2)") }
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: fixture.file("copy" + suffix))
        }
        try queue.close()
        for suffix in ["", "-wal"] {
            try? FileManager.default.removeItem(atPath: path + suffix)
            try FileManager.default.moveItem(atPath: fixture.file("copy" + suffix), toPath: path + suffix)
        }
        let before = try fixture.snapshot()
        try #require(before.names.contains("project.qfproj-wal"))
        #expect(try find()?.schemaVersion == 2)
        #expect(try fixture.snapshot() == before)
    }

    @Test func workspaceWithoutItsFilesHasTheFoldersName() throws {
        try FileManager.default.createDirectory(
            atPath: fixture.file(".questfoundry"), withIntermediateDirectories: true)
        let workspace = try #require(try find())
        #expect(workspace.name == "book" && workspace.info.brief.isEmpty)
        #expect(workspace.schemaVersion == 1)
        #expect(try fixture.snapshot().names == [".questfoundry"])
    }

    @Test func newerWorkspaceCanBeReadAndNotWritten() throws {
        try fixture.write(#"{"name": "From tomorrow"}"#, to: ".questfoundry/metadata.json")
        try fixture.makeProjectFile(version: 4_711)
        let before = try fixture.snapshot()
        let workspace = try #require(try find())
        #expect(workspace.name == "From tomorrow" && workspace.schemaVersion == 4_711)
        #expect(workspace.pendingMigrations == 0)
        #expect(workspace.readOnlyReason?.contains("schema version 4711") == true)
        let store = fixture.store(workspace)
        #expect(try store.artifact("hook-1", .hot) == nil)
        let error = #expect(throws: WorkspaceError.self) { _ = try store.keep(.sample(), at: fixture.time.now()) }
        #expect(error?.code == .newerVersion && error?.message.contains(fixture.root) == true)
        #expect(try fixture.snapshot() == before)
    }

    @Test(arguments: ["", "no JSON", "[]", #"{"name": "#])
    func damagedMetadataIsNamed(_ text: String) throws {
        try fixture.makeFirstVersion()
        try fixture.write(text, to: ".questfoundry/metadata.json")
        let error = problem()
        #expect(error?.code == .damaged)
        #expect(error?.path == fixture.file(".questfoundry/metadata.json"))
        #expect(error?.description.contains(fixture.file(".questfoundry/metadata.json")) == true)
    }

    @Test(arguments: ["", "this is no database, and long enough to be looked at"])
    func damagedProjectFileIsNamed(_ text: String) throws {
        try fixture.makeFirstVersion()
        try fixture.write(text, to: "project.qfproj")
        let before = try fixture.snapshot()
        let error = problem()
        #expect(error?.code == .damaged)
        #expect(error?.path == fixture.file("project.qfproj"))
        #expect(error?.description.contains(fixture.file("project.qfproj")) == true)
        #expect(try fixture.snapshot() == before)
    }

    @Test func metadataBehindALinkIsNotRead() throws {
        try fixture.makeFirstVersion()
        let path = fixture.file(".questfoundry/metadata.json")
        try FileManager.default.moveItem(atPath: path, toPath: fixture.folder.file("elsewhere.json"))
        try FileManager.default.createSymbolicLink(
            atPath: path, withDestinationPath: fixture.folder.file("elsewhere.json"))
        let error = problem()
        #expect(error?.code == .badName)
        #expect(error?.path == path)
    }
}
