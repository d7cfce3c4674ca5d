import Configuration
import Core
import Foundation
import GRDB
import TestKit
import Testing

@testable import Workspace

@Suite struct StateVerifierTests {
    private let folder: TemporaryFolder
    private let time = ManualTime()
    private let root: String
    private let made: PyWorkspace

    init() throws {
        folder = try TemporaryFolder()
        root = folder.path.replacingOccurrences(of: "//", with: "/") + "/book"
        made = try PyWorkspace(at: root, artifacts: 3)
        // What is odd in the fixture is looked at elsewhere.
        for name in ["hooks", "canon", "scenes", "quests", "other", "empty.bin", "unused"] {
            try FileManager.default.removeItem(atPath: made.file(".questfoundry/hot/" + name))
        }
        try FileManager.default.removeItem(atPath: made.file(".questfoundry/whatever"))
    }

    private func findings() async throws -> [StateFinding] {
        let workspace = try #require(try Workspace.find(from: root, evenIfDamaged: true))
        return try await StateVerifier(workspace).findings()
    }

    private func hook(_ id: String, type: String = "hook_card", in place: String) throws {
        try made.write(
            #"{"type": "\#(type)", "data": {"t": 1}, "metadata": {"id": "\#(id)"}}"#, to: ".questfoundry/hot/\(place)")
    }

    private func change(_ sql: String) throws {
        let queue = try DatabaseQueue(path: root + "/project.qfproj")
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA foreign_keys = OFF; " + sql) }
        try queue.close()
    }

    /// That there is one finding, and what it says.
    private func expectOne(
        _ path: String, _ severity: StateFinding.Severity, _ words: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let found = try await findings()
        #expect(found.count == 1, "\(found)", sourceLocation: sourceLocation)
        let one = try #require(found.first, sourceLocation: sourceLocation)
        #expect(one.path == path && one.severity == severity, "\(one)", sourceLocation: sourceLocation)
        #expect(one.message.contains(words), "\(one)", sourceLocation: sourceLocation)
        #expect((one.remedy != nil) == (severity == .problem), "\(one)", sourceLocation: sourceLocation)
    }

    @Test func wholeWorkspaceHasNoFindingAndLookingChangesNothing() async throws {
        let before = try FolderSnapshot(root)
        #expect(try await findings() == [])
        #expect(try FolderSnapshot(root) == before)
    }

    @Test(arguments: ["", "{", "[]", "\u{FF}"]) func unreadableArtifactIsAProblem(text: String) async throws {
        try made.write(text, to: ".questfoundry/hot/scenes/a.json")
        try await expectOne(".questfoundry/hot/scenes/a.json", .problem, "no JSON object")
    }

    @Test func artifactWithoutMetadataIsAProblem() async throws {
        try made.write(#"{"type": "scene", "data": 1}"#, to: ".questfoundry/hot/scenes/a.json")
        try await expectOne(".questfoundry/hot/scenes/a.json", .problem, "no metadata")
    }

    @Test func artifactInTheWrongFolderIsAProblem() async throws {
        try hook("a", type: "scene", in: "hooks/a.json")
        try await expectOne(".questfoundry/hot/hooks/a.json", .problem, "whose folder is hot/scenes")
    }

    @Test func artifactUnderAnotherNameIsAProblem() async throws {
        try hook("b", in: "hooks/a.json")
        try await expectOne(".questfoundry/hot/hooks/a.json", .problem, "has the id b")
    }

    @Test func sameIDInTwoFoldersIsSaidOfBoth() async throws {
        try hook("a", in: "hooks/a.json")
        try hook("a", type: "canon", in: "canon/a.json")
        let found = try await findings()
        #expect(found.map(\.path) == [".questfoundry/hot/canon/a.json", ".questfoundry/hot/hooks/a.json"])
        #expect(found.allSatisfy { $0.severity == .problem && $0.message.contains("the same id as") })
    }

    @Test func idsThatDifferInCapitalLettersOnlyAreSaid() async throws {
        try hook("a", in: "hooks/a.json")
        try hook("A", in: "hooks/A.json")
        let found = try await findings()
        #expect(found.count == 2 && found.allSatisfy { $0.message.contains("capital letters only") })
    }

    @Test func editFromOutsideIsNoProblem() async throws {
        try hook("a", in: "hooks/a.json")
        let workspace = try #require(try Workspace.find(from: root))
        _ = try await MigrationManager(workspace, settings: StateSettings(), time: time).migrate(to: 2)
        #expect(try await findings() == [])
        let path = made.file(".questfoundry/hot/hooks/a.json")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try Data(text.replacingOccurrences(of: #""t": 1"#, with: #""t": 2"#).utf8).write(to: URL(filePath: path))
        try await expectOne(".questfoundry/hot/hooks/a.json", .information, "edited outside")
    }

    @Test func finishedArtifactEditedOutsideIsNoProblem() async throws {
        let workspace = try #require(try Workspace.find(from: root))
        _ = try await MigrationManager(workspace, settings: StateSettings(), time: time).migrate(to: 2)
        try change("UPDATE artifacts SET data = '{}' WHERE artifact_id = 'COLD-3'")
        try await expectOne("project.qfproj", .information, "COLD-3")
    }

    @Test func linksAndUnknownFilesAreSaid() async throws {
        try FileManager.default.createSymbolicLink(
            atPath: made.file(".questfoundry/hot/link"), withDestinationPath: "/etc")
        try await expectOne(".questfoundry/hot/link", .problem, "is a link")
        try FileManager.default.removeItem(atPath: made.file(".questfoundry/hot/link"))
        try made.write("x", to: ".questfoundry/hot/tu_briefs/notes.txt")
        try await expectOne(".questfoundry/hot/tu_briefs/notes.txt", .information, "no artifact")
    }

    @Test func snapshotThatIsNotThereIsSaid() async throws {
        try change("UPDATE tus SET snapshot_id = 'GONE' WHERE tu_id = 'TU-2'")
        try await expectOne("project.qfproj", .problem, #"the snapshot "GONE", which is not there"#)
        try change("UPDATE tus SET snapshot_id = NULL")
        try made.write(
            #"{"tu_id": "TU-7", "snapshot_id": "../x", "data": {}}"#, to: ".questfoundry/hot/tus/TU-7.json")
        try await expectOne(".questfoundry/hot/tus/TU-7.json", .problem, "../x")
    }

    @Test func damagedPageIsFound() async throws {
        let path = made.file("project.qfproj")
        let queue = try DatabaseQueue(path: path)
        let page = try await queue.read {
            try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'history'") ?? 0
        }
        try queue.close()
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        try file.seek(toOffset: UInt64(page - 1) * 4_096)
        try file.write(contentsOf: Data(repeating: 0xA5, count: 4_096))
        try file.close()
        let found = try await findings()
        #expect(found.first?.path == "project.qfproj" && found.first?.message.contains("damaged") == true, "\(found)")
        #expect(found.first?.remedy?.contains("state restore") == true)
    }

    @Test func fileThatIsNoDatabaseIsFound() async throws {
        try made.write("no database at all", to: "project.qfproj")
        try await expectOne("project.qfproj", .problem, "damaged")
    }

    @Test func damagedMetadataIsFound() async throws {
        try made.write("[]", to: ".questfoundry/metadata.json")
        try await expectOne(".questfoundry/metadata.json", .problem, "no JSON object")
    }

    @Test func damagedBackupIsFound() async throws {
        let workspace = try #require(try Workspace.find(from: root))
        let backup = try await Backups(workspace, settings: StateSettings(), time: time).take()
        #expect(try await findings() == [])
        let path = ".questfoundry/backups/" + backup.name
        try made.write("", to: path + "/files.sha256")
        try await expectOne(path, .problem, "list of files")
        try FileManager.default.removeItem(atPath: made.file(path + "/manifest.json"))
        try await expectOne(path, .problem, "no manifest.json")
    }
}
