import Configuration
import Core
import Crypto
import Foundation
import GRDB
import TestKit
import Testing

@testable import Workspace

@Suite struct BackupTests {
    private let folder: TemporaryFolder
    private let time = ManualTime()
    private let root: String

    init() throws {
        folder = try TemporaryFolder()
        root = folder.path.replacingOccurrences(of: "//", with: "/") + "/book"
    }

    private func workspace() throws -> Workspace { try #require(try Workspace.find(from: root)) }

    private func backups(keep: Int = 5, hours: Int = 24) throws -> Backups {
        var settings = StateSettings()
        settings.keepBackups = keep
        settings.backupIntervalHours = hours
        return Backups(try workspace(), settings: settings, time: time)
    }

    private func names(in name: String = ".questfoundry/backups") -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(name)")) ?? []).sorted()
    }

    private func change() throws {
        _ = try FileStore(workspace(), time: time, environment: [:]).keep(.sample("hook-new"), at: time.now())
        try Data("{}".utf8).write(to: URL(filePath: root + "/.questfoundry/hot/hooks/HOOKS-0.json"))
        try Data("other".utf8).write(to: URL(filePath: root + "/.questfoundry/media/map.png"))
        let queue = try DatabaseQueue(path: root + "/project.qfproj")
        try queue.write { try $0.execute(sql: "DELETE FROM artifacts WHERE artifact_id = 'COLD-1'") }
        try queue.close()
    }

    // MARK: - Making

    @Test func backupHoldsTheWholeStateAndSaysWhatItIs() async throws {
        let made = try PyWorkspace(at: root)
        try made.write("caching: {}\n", to: ".questfoundry/config.yml")
        try made.write("mine", to: ".questfoundry/prompts/a.md")
        let before = try WorkspaceImage(root)
        let backup = try await backups().take()
        #expect(backup.name == "20261124T120000.000Z-manual" && backup.reason == .manual)
        #expect(backup.schemaVersion == 1 && backup.programVersion == ProgramVersion.text)
        #expect(backup.counts.hotArtifacts == made.artifacts + 5 && backup.counts.coldArtifacts == 8)
        #expect(backup.counts.snapshots == 2 && backup.counts.tus == 2 && backup.bytes > 10_000)
        let place = ".questfoundry/backups/" + backup.name
        #expect(
            names(in: place) == [
                "config.yml", "files.sha256", "hot", "manifest.json", "media", "metadata.json", "project.qfproj",
                "prompts",
            ])
        let list = try String(contentsOfFile: "\(root)/\(place)/files.sha256", encoding: .utf8)
        #expect(list.split(separator: "\n").count == backup.files)
        for line in list.split(separator: "\n") {
            let path = String(line.dropFirst(66))
            let bytes = try Data(contentsOf: URL(filePath: "\(root)/\(place)/\(path)"))
            #expect(line.prefix(64) == SHA256.hash(data: bytes).hexadecimal, "\(path)")
            if let own = before.files[".questfoundry/" + path] { #expect(own == bytes, "\(path)") }
        }
        #expect(try backups().all() == [backup])
        #expect(try WorkspaceImage(root) == before)
    }

    @Test func editingALiveFileInPlaceLeavesTheBackupAsItIs() async throws {
        _ = try PyWorkspace(at: root)
        let before = try WorkspaceImage(root)
        let backup = try await backups().take()
        for name in before.files.keys where name.hasPrefix(".questfoundry/hot/") && before.files[name] != .some(nil) {
            guard let handle = FileHandle(forWritingAtPath: "\(root)/\(name)") else { continue }
            try handle.write(contentsOf: Data("XXXX".utf8))
            try handle.close()
        }
        _ = try await backups().restore(backup.name)
        #expect(try WorkspaceImage(root) == before)
    }

    @Test func backupThatWasKilledIsNoneAndIsRemovedByTheNext() async throws {
        let made = try PyWorkspace(at: root)
        try made.write("{", to: ".questfoundry/backups/.20260101T000000.000Z-manual.partial/hot/hooks/a.json")
        #expect(try backups().all().isEmpty)
        let backup = try await backups().take()
        #expect(names() == [backup.name])
    }

    @Test func onlyTheNewestAreKept() async throws {
        _ = try PyWorkspace(at: root)
        var made: [Backup] = []
        for _ in 0..<4 {
            made.append(try await backups(keep: 2).take())
            time.advance(seconds: 1)
        }
        #expect(try backups().all() == [made[3], made[2]])
        #expect(names().count == 2)
    }

    @Test func backupsOfTheSameMomentHaveNamesOfTheirOwn() async throws {
        _ = try PyWorkspace(at: root)
        let first = try await backups().take()
        let second = try await backups().take()
        #expect(second.name == first.name + "-2")
        #expect(try backups(keep: 1).all().count == 2)
    }

    @Test func theOneJustMadeIsKeptWhateverIsConfigured() async throws {
        _ = try PyWorkspace(at: root)
        let first = try await backups(keep: 0).take()
        #expect(try backups().all() == [first])
        // By a clock that was set back, the new one is the oldest.
        time.setWall(1_000_000_000_000_000)
        let second = try await backups(keep: 1).take()
        #expect(try backups().all().contains(second))
    }

    @Test func backupIsDueByTheAgeOfTheLastOne() async throws {
        _ = try PyWorkspace(at: root)
        let first = try #require(try await backups().takeIfDue())
        #expect(first.reason == .scheduled)
        #expect(try await backups().takeIfDue() == nil)
        time.advance(seconds: 24 * 3_600 - 1)
        #expect(try await backups().takeIfDue() == nil)
        time.advance(seconds: 1)
        #expect(try await backups(hours: 0).takeIfDue() == nil)
        #expect(try await backups().takeIfDue() != nil)
        // One from the future keeps none from being made.
        time.setWall(1_700_000_000_000_000)
        #expect(try await backups().takeIfDue() != nil)
    }

    @Test func emptyWorkspaceNeedsNoScheduledBackup() async throws {
        _ = try Workspace.create(at: root, name: "n", brief: "", configYAML: "", time: time)
        #expect(try await backups().takeIfDue() == nil)
        _ = try FileStore(workspace(), time: time, environment: [:]).keep(.sample(), at: time.now())
        #expect(try await backups().takeIfDue() != nil)
    }

    @Test func migrationLeavesABackupOfTheStateBefore() async throws {
        _ = try PyWorkspace(at: root)
        let before = try WorkspaceImage(root)
        let manager = MigrationManager(try workspace(), settings: StateSettings(), time: time)
        let name = try #require(try await manager.migrate(to: 2).backup)
        let backup = try #require(try backups().all().first)
        #expect(backup.name == name && backup.reason == .beforeMigration && backup.schemaVersion == 1)
        _ = try await backups().restore(name)
        #expect(try workspace().schemaVersion == 1)
        let after = try WorkspaceImage(root)
        #expect(after == before, "\(after.differences(from: before))")
    }

    // MARK: - Restoring

    @Test func restoringBringsTheStateBackAndCanBeUndone() async throws {
        let made = try PyWorkspace(at: root)
        let before = try WorkspaceImage(root)
        let backup = try await backups().take()
        try change()
        try made.write("mine", to: ".questfoundry/config.yml")
        let changed = try WorkspaceImage(root)
        let (restored, undo) = try await backups().restore(backup.name)
        #expect(restored == backup && undo.reason == .beforeRestore)
        var after = try WorkspaceImage(root)
        #expect(after.differences(from: before) == [".questfoundry/config.yml"])
        _ = try await backups().restore(undo.name)
        after = try WorkspaceImage(root)
        #expect(after == changed, "\(after.differences(from: changed))")
    }

    @Test func partsThatTheBackupDoesNotHaveAreTakenAway() async throws {
        let made = try PyWorkspace(at: root, hasProjectFile: false)
        try FileManager.default.removeItem(atPath: made.file(".questfoundry/media"))
        let before = try WorkspaceImage(root)
        let backup = try await backups().take()
        _ = try await MigrationManager(workspace(), settings: StateSettings(), time: time).migrate(to: 2)
        try made.write("later", to: ".questfoundry/media/later.png")
        let (_, undo) = try await backups().restore(backup.name)
        #expect(try WorkspaceImage(root) == before)
        _ = try await backups().restore(undo.name)
        #expect(try workspace().schemaVersion == 2)
        #expect(FileManager.default.fileExists(atPath: made.file(".questfoundry/media/later.png")))
    }

    @Test func restoredBackupIsNeverRemoved() async throws {
        _ = try PyWorkspace(at: root)
        let backup = try await backups(keep: 1).take()
        time.advance(seconds: 1)
        let undo = try await backups(keep: 1).restore(backup.name).undo
        #expect(try backups().all() == [undo, backup])
    }

    @Test(arguments: ["hot/hooks/HOOKS-0.json", "project.qfproj", "files.sha256", "manifest.json", "media/map.png"])
    func damagedBackupIsNotRestored(name: String) async throws {
        _ = try PyWorkspace(at: root)
        let backup = try await backups().take()
        try change()
        let before = try WorkspaceImage(root)
        let path = "\(root)/.questfoundry/backups/\(backup.name)/\(name)"
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[bytes.count / 2] ^= 1
        if name == "manifest.json" { bytes = Data("{".utf8) }
        try bytes.write(to: URL(filePath: path))
        let error = await #expect(throws: WorkspaceError.self) { _ = try await backups().restore(backup.name) }
        #expect(error?.code == .damaged && error?.path == path)
        #expect(try WorkspaceImage(root) == before)
        #expect(!FileManager.default.fileExists(atPath: root + "/.questfoundry/run/staging"))
    }

    @Test func fileThatABackupLacksIsMissed() async throws {
        _ = try PyWorkspace(at: root)
        let backup = try await backups().take()
        try FileManager.default.removeItem(
            atPath: "\(root)/.questfoundry/backups/\(backup.name)/hot/hooks/HOOKS-0.json")
        let error = await #expect(throws: WorkspaceError.self) { _ = try await backups().restore(backup.name) }
        #expect(error?.code == .damaged && error?.path.hasSuffix("HOOKS-0.json") == true)
    }

    @Test(arguments: [
        "20200101T000000.000Z-manual", "", "../../hot", "/etc", "a\u{1B}[2J", String(repeating: "x", count: 999),
    ])
    func unknownBackupIsNamedAndTheNewestAreSaid(name: String) async throws {
        _ = try PyWorkspace(at: root)
        let known = try await backups().take()
        let error = await #expect(throws: WorkspaceError.self) { _ = try await backups().restore(name) }
        #expect(error?.code == .missing && error?.message.contains(known.name) == true)
        #expect(error?.message.contains("\u{1B}") == false)
    }

    @Test func backupOfANewerVersionIsRefused() async throws {
        _ = try PyWorkspace(at: root)
        let backup = try await backups().take()
        let path = "\(root)/.questfoundry/backups/\(backup.name)/manifest.json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try text.replacingOccurrences(of: "\"schema_version\": 1", with: "\"schema_version\": 9")
            .write(toFile: path, atomically: true, encoding: .utf8)
        let error = await #expect(throws: WorkspaceError.self) { _ = try await backups().restore(backup.name) }
        #expect(error?.code == .newerVersion && error?.message.contains("schema version 9") == true)
    }

    @Test func damagedProjectFileIsRestored() async throws {
        let made = try PyWorkspace(at: root)
        let before = try WorkspaceImage(root)
        let backup = try await backups().take()
        try Data(repeating: 0xA5, count: 8_192).write(to: URL(filePath: made.file("project.qfproj")))
        #expect(throws: WorkspaceError.self) { _ = try Workspace.find(from: root) }
        let damaged = try #require(try Workspace.find(from: root, evenIfDamaged: true))
        _ = try await Backups(damaged, settings: StateSettings(), time: time).restore(backup.name)
        #expect(try WorkspaceImage(root) == before)
    }

    // MARK: - Disks

    @Test(.enabled(if: SmallDisk.isAvailable)) func fullDiskIsSaidAndNothingIsLost() async throws {
        let disk = try SmallDisk(kilobytes: 3_000)
        let place = disk.path + "/book"
        _ = try PyWorkspace(at: place)
        let workspace = try #require(try Workspace.find(from: place))
        let before = try WorkspaceImage(place)
        let (settings, time) = (StateSettings(), time)
        let first = try await Backups(workspace, settings: settings, time: time).take()
        disk.fill()
        let works: [@Sendable () async throws -> Void] = [
            { _ = try await Backups(workspace, settings: settings, time: time).take() },
            { _ = try await Backups(workspace, settings: settings, time: time).restore(first.name) },
            { _ = try await MigrationManager(workspace, settings: settings, time: time).migrate(to: 2) },
        ]
        for work in works {
            let error = await #expect(throws: WorkspaceError.self) { try await work() }
            #expect(error?.code == .diskFull, "\(error?.message ?? "")")
        }
        disk.clear()
        #expect(try WorkspaceImage(place) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place + "/.questfoundry/backups") == [first.name])
        #expect(!FileManager.default.fileExists(atPath: place + "/.questfoundry/run/staging"))
        #expect(try await Backups(workspace, settings: settings, time: time).restore(first.name).restored == first)
    }
}
