import Core
import Foundation
import GRDB
import TestKit
import Testing

/// A workspace that questfoundry-py wrote, under the `state` commands.
@Suite(.timeLimit(.minutes(10))) struct StateCommandTests {
    private let folder: TemporaryFolder
    private let root: String
    private let made: PyWorkspace

    init() throws {
        folder = try TemporaryFolder()
        root = folder.file("book")
        made = try PyWorkspace(at: root)
    }

    private func run(_ arguments: String...) async throws -> Outcome {
        try await Program.run(["--project", root] + arguments, in: folder.path)
    }

    private func document(_ arguments: String..., status: Int32 = 0) async throws -> JSONValue {
        let outcome = try await Program.run(["--project", root] + arguments + ["--json"], in: folder.path)
        #expect(outcome.status == status, "\(outcome.errors)")
        return try JSONValue(parsing: outcome.output)
    }

    @Test func migrationIsPlannedDoneSaidAndUndone() async throws {
        let before = try WorkspaceImage(root)
        let status = try await document("state", "status")
        #expect(status["schema_version"] == 1 && status["pending_migrations"] == 1 && status["cold_artifacts"] == 8)
        #expect(status["snapshots"] == 2 && status["tus"] == 2 && status["last_backup"] == .null)
        let plan = try await document("state", "migrate", "--dry-run")
        let step = plan["steps"]?.array?.first
        #expect(plan["from"] == 1 && plan["to"] == 2 && step?["direction"] == "up")
        #expect(step?["hot_records"]?.int == made.artifacts && step?["cold_records"] == 8)
        #expect(try await document("state", "plan", "--to", "2") == plan)
        #expect(try WorkspaceImage(root) == before)
        #expect(!FileManager.default.fileExists(atPath: made.file(".questfoundry/run")))

        let up = try await document("state", "migrate")
        #expect(up["to"] == 2 && up["hot_records"]?.int == made.artifacts)
        let after = try await document("status")
        #expect(after["project"]?["schema_version"] == 2 && after["project"]?["pending_migrations"] == 0)
        #expect(try await document("state", "status")["last_backup"]?["name"] == up["backup"])
        let down = try await run("state", "migrate", "--to", "1")
        #expect(down.status == 0 && down.output.contains("migrated from version 2 to 1"), "\(down.errors)")
        #expect(try WorkspaceImage(root) == before)
    }

    @Test func backupsAreMadeListedAndRestored() async throws {
        let before = try WorkspaceImage(root)
        let backup = try await document("state", "backup")
        let name = try #require(backup["name"]?.string)
        #expect(backup["reason"] == "manual" && backup["hot_artifacts"]?.int == made.artifacts + 5)
        try FileManager.default.removeItem(atPath: made.file(".questfoundry/hot"))
        for list in [["backup", "--list"], ["restore", "--list"]] {
            let listed = try await document("state", list[0], list[1])
            #expect(listed["backups"]?.array?.map { $0["name"] } == [.string(name)])
        }
        let restored = try await document("state", "restore", name)
        #expect(restored["restored"]?["name"]?.string == name)
        #expect(restored["undo"]?["reason"] == "before-restore")
        #expect(try WorkspaceImage(root) == before)
    }

    @Test func mistakesHaveTheirExitCodes() async throws {
        #expect(try await run("state", "restore", "nothing").status == 64)
        #expect(try await run("state", "restore").status == 64)
        #expect(try await run("state", "migrate", "--to", "9").status == 64)
        let error = try await document("state", "migrate", "--to", "0", status: 64)
        #expect(error["error"]?["message"]?.string?.contains("knows 1 to 2") == true)
        let elsewhere = try await Program.run(["--project", "/", "state"], in: folder.path)
        #expect(elsewhere.status == 66)
    }

    @Test func downgradeThatLosesSomethingWantsToBeConfirmed() async throws {
        _ = try await document("state", "migrate")
        try await Self.change(root, "UPDATE artifacts SET revision = 5 WHERE artifact_id = 'COLD-2'")
        let refused = try await run("state", "migrate", "--to", "1")
        #expect(refused.status == 64 && refused.errors.contains("the revision numbers of 1 finished artifacts"))
        #expect(try await document("state", "status")["schema_version"] == 2)
        #expect(try await run("state", "migrate", "--to", "1", "--yes").status == 0)
        #expect(try await document("state", "status")["schema_version"] == 1)
    }

    @Test func runningSessionRefusesAMigrationAndTheNextOneGoesOn() async throws {
        let asked = Signal()
        let server = try await FakeOpenAIServer.start { _ in
            asked.fire()
            await Signal().wait()
            return .error(status: 503, message: "never said")
        }
        try made.write(Project.config(server), to: ".questfoundry/config.yml")
        let program = try Program.start(["--project", root, "generate", "--count", "1"], in: folder.path)
        await asked.wait()
        for command in [["migrate"], ["restore", "x"]] {
            let refused = try await Program.run(["--project", root, "state"] + command, in: folder.path)
            #expect(refused.status == 69 && refused.errors.contains("is running in"), "\(refused.errors)")
        }
        program.send(SIGKILL)
        _ = await program.outcome()
        #expect(try await document("state", "migrate")["to"] == 2)
    }

    @Test func aRunTakesTheBackupThatIsDue() async throws {
        let run = try await run("generate", "--count", "1")
        #expect(run.status == 0, "\(run.errors)")
        let last = try await document("state", "status")["last_backup"]
        #expect(last?["reason"] == "scheduled")
        #expect(try await self.run("generate", "--count", "1", "--take", "next").status == 0)
        #expect(try await document("state", "status")["backups"] == 1)
    }

    @Test(.enabled(if: getuid() == 0)) func folderThatMayNotBeWrittenIsNamedAndLeftAsItIs() async throws {
        let backup = try await document("state", "backup")["name"]?.string
        for name in [""] + (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []) {
            chmod(folder.path + "/" + name, 0o755)
        }
        let before = try WorkspaceImage(root)
        for command in [["migrate"], ["backup"], ["restore", try #require(backup)]] {
            let outcome = try await asNobody(["state"] + command)
            #expect(outcome.status == 65, "\(outcome.errors)")
            #expect(outcome.errors.contains(root) && outcome.errors.contains("check its owner"), "\(outcome.errors)")
        }
        for command in ["status", "plan", "verify"] {
            let outcome = try await asNobody(["state", command])
            #expect([0, 65].contains(outcome.status) && !outcome.output.isEmpty, "\(outcome.errors)")
        }
        #expect(try WorkspaceImage(root) == before)
    }

    private func asNobody(_ arguments: [String]) async throws -> Outcome {
        let other = try TemporaryFolder()
        let words = ["--reuid=65534", "--regid=65534", "--clear-groups", Program.path, "--project", root] + arguments
        return try await Program.run(
            words, of: "/usr/bin/setpriv", in: other.path, environment: ["HOME": "/nonexistent"])
    }

    @Test func verifySaysWhatIsWrongAndWhatIsMerelyWorthKnowing() async throws {
        let verified = try await document("state", "verify", status: 65)
        let findings = try #require(verified["findings"]?.array)
        func severity(_ name: String, _ words: String) -> String? {
            findings.first {
                $0["path"]?.string?.hasSuffix(name) == true && $0["message"]?.string?.contains(words) == true
            }?["severity"]?.string
        }
        #expect(verified["ok"] == false)
        #expect(severity("hooks/broken.json", "no JSON object") == "problem")
        #expect(severity("other/twice.json", "same id as .questfoundry/hot/scenes/twice.json") == "problem")
        #expect(severity("scenes/link.json", "is a link") == "problem")
        #expect(severity("scenes/ours.json", "edited outside") == nil)
        #expect(severity("scenes/notes.txt", "no artifact") == "information")
        #expect(severity(".questfoundry/whatever", "nothing that this program knows") == "information")
        #expect(findings.allSatisfy { $0["severity"] != "problem" || $0["remedy"]?.string?.isEmpty == false })
    }
}

extension StateCommandTests {
    /// Changes the project file as another program does.
    private static func change(_ root: String, _ sql: String) async throws {
        let queue = try DatabaseQueue(path: root + "/project.qfproj")
        try await queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }
}
