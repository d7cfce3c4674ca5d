import Configuration
import Core
import Foundation
import GRDB
import TestKit
import Testing

@testable import Workspace

@Suite struct MigrationTests {
    private let folder: TemporaryFolder
    private let time = ManualTime()
    private let root: String

    init() throws {
        folder = try TemporaryFolder()
        root = folder.path.replacingOccurrences(of: "//", with: "/") + "/book"
    }

    private func workspace() throws -> Workspace { try #require(try Workspace.find(from: root)) }

    private func manager(_ settings: StateSettings = StateSettings()) throws -> MigrationManager {
        MigrationManager(try workspace(), settings: settings, time: time)
    }

    private func artifact(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: Data(contentsOf: URL(filePath: "\(root)/.questfoundry/hot/\(name).json")))
    }

    private func rows(_ sql: String) throws -> [Row] {
        let queue = try DatabaseQueue(path: root + "/project.qfproj")
        defer { try? queue.close() }
        return try queue.read { try Row.fetchAll($0, sql: sql) }
    }

    // MARK: - Up and down

    @Test func upgradeAndDowngradeGiveEverythingBackAsItWas() async throws {
        let made = try PyWorkspace(at: root)
        let before = try WorkspaceImage(root)
        let up = try await manager().migrate(to: 2)
        #expect(up.from == 1 && up.to == 2 && up.hotRecords == made.artifacts && up.coldRecords == made.coldArtifacts)
        #expect(try workspace().schemaVersion == 2)
        #expect(try WorkspaceImage(root) != before)
        let down = try await manager().migrate(to: 1)
        #expect(down.hotRecords == made.artifacts)
        #expect(try workspace().schemaVersion == 1)
        let after = try WorkspaceImage(root)
        #expect(after == before, "\(after.differences(from: before))")
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: sample))) func sampleComesBackAsItWas() async throws {
        try FileManager.default.copyItem(atPath: Self.sample, toPath: root)
        let before = try WorkspaceImage(root)
        _ = try await manager().migrate(to: 2)
        #expect(try workspace().schemaVersion == 2)
        #expect(try rows("SELECT * FROM artifacts WHERE content_hash IS NULL").isEmpty)
        _ = try await manager().migrate(to: 1)
        let after = try WorkspaceImage(root)
        #expect(after == before, "\(after.differences(from: before))")
    }

    private static let sample = "/work/shared/samples/questfoundry-py-workspace"

    @Test func everyArtifactGetsARevisionAndTheHashOfItsContent() async throws {
        let made = try PyWorkspace(at: root)
        _ = try await manager().migrate(to: 2)
        var seen = 0
        for name in try FileManager.default.subpathsOfDirectory(atPath: root + "/.questfoundry") {
            guard Artifact.isPlace(name), let bytes = try? StoredFile.read("\(root)/.questfoundry/\(name)"),
                let document = try? JSONValue(parsing: bytes).object, document["metadata"]?.object != nil
            else { continue }
            let artifact = Artifact(document: document)
            guard artifact.id != "ours" else { continue }
            #expect(artifact.metadata["revision"]?.int != nil && !artifact.isEditedOutside, "\(name)")
            seen += 1
        }
        #expect(seen == made.artifacts)
        let cold = try rows("SELECT data, revision, content_hash FROM artifacts")
        #expect(cold.count == 8)
        for row in cold {
            let data = try JSONValue(parsing: row["data"] as String)
            #expect(row["revision"] == 1 && row["content_hash"] == Artifact.contentHash(of: data))
        }
    }

    @Test func everyOtherByteOfAnArtifactStays() async throws {
        let made = try PyWorkspace(at: root)
        let path = made.file(".questfoundry/hot/hooks/HOOKS-0.json")
        let before = try String(contentsOfFile: path, encoding: .utf8)
        _ = try await manager().migrate(to: 2)
        let hash = try #require(try artifact("hooks/HOOKS-0")["metadata"]?["content_hash"]?.string)
        let added = ",\n    \"content_hash\": \"\(hash)\",\n    \"revision\": 1"
        let after = try String(contentsOfFile: path, encoding: .utf8)
        #expect(after.replacingOccurrences(of: added, with: "") == before && after != before)
    }

    @Test func permissionsAndTimesStay() async throws {
        let made = try PyWorkspace(at: root)
        chmod(made.file(".questfoundry/hot/hooks"), 0o750)
        chmod(made.file(".questfoundry/hot/hooks/HOOKS-0.json"), 0o640)
        let before = try FolderSnapshot(made.file(".questfoundry/hot")).items
        _ = try await manager().migrate(to: 2)
        let after = try FolderSnapshot(made.file(".questfoundry/hot")).items
        #expect(after.mapValues(\.mode) == before.mapValues(\.mode))
        for (name, item) in before where item.mode & S_IFMT == S_IFREG {
            #expect(after[name]?.seconds == item.seconds && after[name]?.nanoseconds == item.nanoseconds, "\(name)")
        }
    }

    @Test func artifactsThatTheProgramWroteKeepTheirKeysInVersionOne() async throws {
        _ = try PyWorkspace(at: root)
        _ = try await manager().migrate(to: 2)
        let draft = ArtifactDraft.sample("hook-9")
        _ = try FileStore(workspace(), time: time, environment: [:]).keep(draft, at: time.now())
        let before = try artifact("hooks/hook-9")
        _ = try await manager().migrate(to: 1)
        #expect(try artifact("hooks/hook-9") == before)
        #expect(before["metadata"]?["provenance"]?["model"] == "gpt-4o" && before["metadata"]?["revision"] == 1)
    }

    @Test func workspaceWithoutAProjectFileGetsOne() async throws {
        let made = try PyWorkspace(at: root, hasProjectFile: false)
        let result = try await manager().migrate(to: 2)
        #expect(result.hotRecords == made.artifacts)
        #expect(try workspace().schemaVersion == 2)
        #expect(try rows("SELECT name FROM project").map { $0["name"] as String } == ["The Lantern"])
        _ = try await manager().migrate(to: 1)
        #expect(try rows("SELECT version FROM schema_version").map { $0["version"] as Int } == [1])
    }

    @Test func projectFileThatWasLeftOpenIsCarriedWithItsLog() async throws {
        let made = try PyWorkspace(at: root)
        let path = made.file("project.qfproj")
        let queue = try DatabaseQueue(path: path)
        try await queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
        try await queue.write { try $0.execute(sql: "UPDATE project SET name = 'From the log'") }
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: folder.file("copy" + suffix))
        }
        try queue.close()
        for suffix in ["", "-wal"] {
            try? FileManager.default.removeItem(atPath: path + suffix)
            try FileManager.default.moveItem(atPath: folder.file("copy" + suffix), toPath: path + suffix)
        }
        _ = try await manager().migrate(to: 2)
        #expect(try rows("SELECT name FROM project").map { $0["name"] as String } == ["From the log"])
        #expect(try workspace().schemaVersion == 2)
    }

    @Test func versionThatIsThereAlreadyChangesNothing() async throws {
        _ = try PyWorkspace(at: root)
        let before = try FolderSnapshot(root)
        let result = try await manager().migrate(to: 1)
        #expect(result.backup == nil && result.hotRecords == 0)
        #expect(try FolderSnapshot(root) == before)
    }

    @Test(arguments: [0, -1, 3, Int.max]) func unknownVersionIsRefused(version: Int) async throws {
        _ = try PyWorkspace(at: root)
        let error = await #expect(throws: WorkspaceError.self) { _ = try await manager().migrate(to: version) }
        #expect(error?.code == .missing && error?.message.contains("knows 1 to 2") == true)
    }

    // MARK: - Plans

    @Test func planSaysWhatIsTouchedAndLeavesEverythingAsItIs() async throws {
        let made = try PyWorkspace(at: root)
        let before = try FolderSnapshot(root)
        let plan = try await manager().plan(to: 2)
        #expect(try FolderSnapshot(root) == before)
        let step = try #require(plan.steps.first)
        #expect(plan.from == 1 && plan.to == 2 && plan.steps.count == 1)
        #expect(step.hotRecords == made.artifacts && step.coldRecords == made.coldArtifacts && !step.isDowngrade)
        #expect(step.version == 2 && step.losses.isEmpty && step.summary == Migration.revisions.summary)
        #expect(plan.bytes > 20_000)
        #expect(try await manager().plan(to: 1).steps.isEmpty)
    }

    @Test func planOfADowngradeSaysWhatIsLost() async throws {
        _ = try PyWorkspace(at: root)
        _ = try await manager().migrate(to: 2)
        #expect(try await manager().plan(to: 1).steps.first?.losses == [])
        let queue = try DatabaseQueue(path: root + "/project.qfproj")
        try await queue.write { database in
            try database.execute(
                sql: """
                    UPDATE artifacts SET revision = 2 WHERE artifact_id = 'COLD-1';
                    INSERT INTO snapshot_artifacts VALUES ('SNAP-1', 'COLD-1', 'scene', 1, 'x', '{}', '{}', NULL);
                    """)
        }
        try queue.close()
        let step = try #require(try await manager().plan(to: 1).steps.first)
        #expect(step.isDowngrade && step.version == 1)
        #expect(step.losses == ["what 1 snapshots hold", "the revision numbers of 1 finished artifacts"])
    }

    // MARK: - Progress, cancelling

    @Test func progressTellsEachRecordOfEachStage() async throws {
        let made = try PyWorkspace(at: root)
        let told = Recorder<StateProgress>()
        _ = try await manager().migrate(to: 2) { told.append($0) }
        for stage in [StateProgress.Stage.writing, .checking] {
            let steps = told.elements.filter { $0.stage == stage }
            let total = try #require(steps.first?.total)
            #expect(total > made.artifacts && Set(steps.map(\.done)) == Set(1...total))
        }
    }

    @Test(arguments: [StateProgress.Stage.writing, .checking])
    func cancellingLeavesTheOldStateAndNoDebris(stage: StateProgress.Stage) async throws {
        _ = try PyWorkspace(at: root, artifacts: 400)
        let before = try WorkspaceImage(root)
        let manager = try manager()
        let (reached, cancelled) = (Signal(), Signal())
        let work = Task {
            try await manager.migrate(to: 2) { progress in
                guard progress.stage == stage, progress.done == 50 else { return }
                reached.fire()
                cancelled.waitOnThread()
            }
        }
        await reached.wait()
        work.cancel()
        cancelled.fire()
        await #expect(throws: WorkspaceError.cancelled) { _ = try await work.value }
        #expect(try WorkspaceImage(root) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/.questfoundry/run") == ["workspace.lock"])
        #expect(try Backups(workspace(), settings: StateSettings(), time: time).all().isEmpty)
    }

    @Test func fileThatIsChangedMeanwhileCallsItOff() async throws {
        let made = try PyWorkspace(at: root)
        let path = made.file(".questfoundry/hot/hooks/HOOKS-0.json")
        let error = await #expect(throws: WorkspaceError.self) {
            _ = try await manager().migrate(to: 2) { progress in
                guard progress.stage == .writing, progress.done == progress.total else { return }
                try? Data("{}".utf8).write(to: URL(filePath: path))
            }
        }
        #expect(error?.code == .conflict && error?.path == path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "{}")
        #expect(try workspace().schemaVersion == 1)
    }

    // MARK: - Others

    @Test func runningSessionKeepsAMigrationOutAndADeadOneDoesNot() async throws {
        let made = try PyWorkspace(at: root)
        let id = ULID(at: time.now())
        try made.write("", to: ".questfoundry/run/\(id).lock")
        let descriptor = open(made.file(".questfoundry/run/\(id).lock"), O_RDWR)
        defer { close(descriptor) }
        try #require(flock(descriptor, LOCK_EX) == 0)
        let error = await #expect(throws: WorkspaceError.self) { _ = try await manager().migrate(to: 2) }
        #expect(error?.code == .inUse && error?.message.contains("\(id)") == true)
        #expect(try workspace().schemaVersion == 1)
        flock(descriptor, LOCK_UN)
        _ = try await manager().migrate(to: 2)
        #expect(try workspace().schemaVersion == 2)
    }

    @Test func sessionOfTheSameProcessMayBeOpen() async throws {
        let made = try PyWorkspace(at: root)
        let id = ULID(at: time.now())
        try made.write("", to: ".questfoundry/run/\(id).lock")
        let descriptor = open(made.file(".questfoundry/run/\(id).lock"), O_RDWR)
        defer { close(descriptor) }
        try #require(flock(descriptor, LOCK_EX) == 0)
        let manager = MigrationManager(try workspace(), settings: StateSettings(), time: time, session: id)
        #expect(try await manager.migrate(to: 2).to == 2)
    }

    @Test func lockOfSomebodyElseKeepsAMigrationOut() async throws {
        _ = try PyWorkspace(at: root)
        let workspace = try workspace()
        let lock = try FileLock(workspace.paths.lock)
        let error = await #expect(throws: WorkspaceError.self) { _ = try await manager().migrate(to: 2) }
        #expect(error?.code == .inUse)
        lock.release()
        _ = try await manager().migrate(to: 2)
    }

    @Test func whoeverOpenedTheWorkspaceBeforeWritesNothingIntoTheNewOne() async throws {
        _ = try PyWorkspace(at: root)
        let store = FileStore(try workspace(), time: time)
        _ = try await manager().migrate(to: 2)
        let error = #expect(throws: WorkspaceError.self) { _ = try store.keep(.sample(), at: time.now()) }
        #expect(error?.code == .conflict && error?.message.contains("open it again") == true)
        _ = try FileStore(workspace(), time: time, environment: [:]).keep(.sample(), at: time.now())
    }

    @Test func hotFolderThatIsALinkIsRefused() async throws {
        let made = try PyWorkspace(at: root)
        try FileManager.default.moveItem(atPath: made.file(".questfoundry/hot"), toPath: folder.file("elsewhere"))
        try FileManager.default.createSymbolicLink(
            atPath: made.file(".questfoundry/hot"), withDestinationPath: folder.file("elsewhere"))
        let error = await #expect(throws: WorkspaceError.self) { _ = try await manager().migrate(to: 2) }
        #expect(error?.code == .badName && error?.path == made.file(".questfoundry/hot"))
        #expect(!FileManager.default.fileExists(atPath: made.file(".questfoundry/run/staging")))
    }

    // MARK: - The list

    @Test func listOfMigrationsIsWhole() throws {
        try Migration.check()
        #expect(Migration.newestVersion == 2)
    }

    @Test(arguments: [[2, 2], [3], [2, 4], [1]]) func missingOrRepeatedVersionIsAnError(versions: [Int]) {
        let list = versions.map { version in
            Migration(
                version: version, name: "m", summary: "", upgrade: Migration.revisions.upgrade,
                downgrade: Migration.revisions.downgrade, verify: { _ in nil })
        }
        let error = #expect(throws: WorkspaceError.self) { try Migration.check(list) }
        #expect(error?.message.contains("is due") == true)
    }

    @Test func stepsGoThroughEveryVersionBetween() {
        let list = [2, 3, 4].map { version in
            Migration(
                version: version, name: "m", summary: "", upgrade: Migration.revisions.upgrade,
                downgrade: Migration.revisions.downgrade, verify: { _ in nil })
        }
        #expect(Migration.steps(from: 1, to: 4, in: list).map(\.version) == [2, 3, 4])
        #expect(Migration.steps(from: 4, to: 2, in: list).map(\.version) == [3, 2])
        #expect(Migration.steps(from: 3, to: 3, in: list).isEmpty)
    }
}
