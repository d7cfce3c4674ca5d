import Core
import Foundation
import GRDB
import TestKit
import Testing

@testable import Workspace

@Suite struct WorkspaceCreationTests {
    private let fixture: WorkspaceFixture

    init() throws { fixture = try WorkspaceFixture() }

    private func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: fixture.file(name))[.posixPermissions] as? Int
    }

    @Test func createMakesTheWholeWorkspaceAndNothingElse() throws {
        let workspace = try fixture.create()
        #expect(workspace.root == fixture.root)
        #expect(workspace.name == "The Ferry" && workspace.info.brief == "A ferry that counts")
        #expect(workspace.schemaVersion == 2 && workspace.pendingMigrations == 0)
        #expect(
            try fixture.snapshot().names == [
                ".questfoundry", ".questfoundry/.gitignore", ".questfoundry/config.yml", ".questfoundry/hot",
                ".questfoundry/metadata.json", ".questfoundry/run", "project.qfproj",
            ])
        #expect(try fixture.text(".questfoundry/config.yml") == "caching: {}\n")
        #expect(workspace.paths.config == fixture.file(".questfoundry/config.yml"))
    }

    @Test func metadataIsThatOfQuestfoundryPy() throws {
        _ = try fixture.create(name: "Fähre \"1\"", brief: "A line\nand another")
        let metadata = try JSONValue(parsing: fixture.text(".questfoundry/metadata.json"))
        #expect(
            metadata.object?.keys == ["name", "description", "created", "modified", "version", "author", "metadata"])
        #expect(metadata["name"]?.string == "Fähre \"1\"")
        #expect(metadata["description"]?.string == "A line\nand another")
        #expect(metadata["version"]?.string == "1.0.0")
        #expect(metadata["author"]?.isNull == true)
        #expect(metadata["metadata"]?.object?.isEmpty == true)
        let created = try #require(metadata["created"]?.string)
        let isLocalTime = created.wholeMatch(of: /2026-11-2[345]T\d\d:\d\d:00\.000000/) != nil
        #expect(isLocalTime, "\(created)")
        #expect(metadata["modified"]?.string == created)
    }

    @Test func gitKeepsTheWorkAndNotTheState() throws {
        _ = try fixture.create()
        let lines = try fixture.text(".questfoundry/.gitignore").split(separator: "\n").map(String.init)
        #expect(lines.first == "*")
        for name in [".gitignore", "config.yml", "metadata.json", "hot/", "hot/**"] {
            #expect(lines.contains("!" + name), "\(name)")
        }
        #expect(!lines.contains { $0.contains("ledger") || $0.contains("cache") || $0.contains("run") })
    }

    @Test func projectFileHasTheNewestSchema() throws {
        _ = try fixture.create()
        let queue = try DatabaseQueue(path: fixture.file("project.qfproj"))
        let versions = try queue.read {
            try Int.fetchAll($0, sql: "SELECT version FROM schema_version ORDER BY version")
        }
        #expect(versions == [1, 2])
        let project = try queue.read { try String.fetchAll($0, sql: "SELECT name || ': ' || description FROM project") }
        #expect(project == ["The Ferry: A ferry that counts"])
        let tables = try queue.read {
            try String.fetchSet($0, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        let expected: Set = [
            "schema_version", "project", "snapshots", "views", "artifacts", "tus", "history", "snapshot_artifacts",
        ]
        #expect(expected.subtracting(tables).isEmpty)
        let columns = try queue.read { try $0.columns(in: "artifacts").map(\.name) }
        #expect(Array(columns.suffix(4)) == ["revision", "content_hash", "extra", "summary"])
    }

    @Test func everythingIsItsOwnersOnly() throws {
        _ = try fixture.create()
        for name in [".questfoundry", ".questfoundry/hot", ".questfoundry/run"] {
            #expect(try mode(name) == 0o700, "\(name)")
        }
        for name in [
            "project.qfproj", ".questfoundry/config.yml", ".questfoundry/metadata.json", ".questfoundry/.gitignore",
        ] {
            #expect(try mode(name) == 0o600, "\(name)")
        }
    }

    @Test func createdWorkspaceIsFoundAsItWasMade() throws {
        let made = try fixture.create()
        let found = try #require(try Workspace.find(from: fixture.root))
        #expect(found.paths == made.paths)
        #expect(found.info == made.info)
        #expect(found.schemaVersion == made.schemaVersion)
    }

    @Test func existingWorkspaceIsRefusedAndLeftAsItIs() throws {
        _ = try fixture.create()
        let before = try fixture.snapshot()
        let error = #expect(throws: WorkspaceError.self) { try fixture.create(name: "Another") }
        #expect(error?.code == .exists)
        #expect(error?.path == fixture.file(".questfoundry"))
        #expect(error?.message.contains(fixture.file(".questfoundry")) == true)
        #expect(try fixture.snapshot() == before)
    }

    @Test(arguments: ["project.qfproj", ".questfoundry/metadata.json"])
    func partOfAWorkspaceIsRefusedAndLeftAsItIs(_ name: String) throws {
        try fixture.write("somebody's own", to: name)
        let before = try fixture.snapshot()
        let error = #expect(throws: WorkspaceError.self) { try fixture.create() }
        #expect(error?.code == .exists)
        #expect(try fixture.snapshot() == before)
    }

    @Test func otherFilesInTheFolderStayAsTheyAre() throws {
        try fixture.write("my notes", to: "notes.txt")
        try fixture.write("a picture", to: "media/ferry.png")
        let before = try fixture.snapshot().items
        _ = try fixture.create()
        let after = try fixture.snapshot().items
        for name in ["notes.txt", "media", "media/ferry.png"] { #expect(after[name] == before[name], "\(name)") }
        let names = after.keys.filter { !$0.contains("/") }.sorted()
        #expect(names == [".", ".questfoundry", "media", "notes.txt", "project.qfproj"])
    }

    @Test(arguments: ["a/b/c", "with space", "100% #1 done?", "büch", "file:x", "trailing/"])
    func missingFoldersOfAnyNameAreMade(_ name: String) throws {
        let place = fixture.file(name)
        let made = try Workspace.create(at: place, name: "n", brief: "", configYAML: "", time: fixture.time)
        #expect(made.root + (name.hasSuffix("/") ? "/" : "") == place)
        #expect(FileManager.default.fileExists(atPath: place + "/project.qfproj"))
        let found = try Workspace.find(from: place)
        #expect(found?.root == made.root)
        #expect(found?.schemaVersion == 2)
    }

    @Test func failureLeavesNothingBehind() throws {
        try fixture.write("a file where a folder should be", to: "file")
        let before = try fixture.snapshot()
        let error = #expect(throws: WorkspaceError.self) {
            try Workspace.create(
                at: fixture.file("file/book"), name: "n", brief: "", configYAML: "", time: fixture.time)
        }
        #expect(error?.path.hasPrefix(fixture.file("file")) == true)
        #expect(try fixture.snapshot() == before)
    }
}
