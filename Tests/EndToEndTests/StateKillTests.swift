import Core
import Foundation
import GRDB
import TestKit
import Testing
import Workspace

/// Migrations, backups and restorations that are killed at random moments.
@Suite(.serialized, .timeLimit(.minutes(10))) struct StateKillTests {
    private let folder: TemporaryFolder
    private let root: String

    init() throws {
        folder = try TemporaryFolder()
        root = folder.file("book")
        _ = try PyWorkspace(at: root, artifacts: 60)
    }

    private func run(_ arguments: [String]) async throws -> Outcome {
        try await Program.run(["--project", root] + arguments, in: folder.path)
    }

    /// Runs the program, and kills it after a random part of the time that a whole run takes. That time follows the
    /// machine: a run that ends before says how long it is now.
    private func kill(_ arguments: [String], within time: inout Duration, _ random: inout SeededRandom) async throws {
        let program = try Program.start(["--project", root] + arguments, in: folder.path)
        let start = ContinuousClock.now
        let moment = time * Double.random(in: 0...1, using: &random)
        // The moment is what is tried out; nothing is waited for.
        let killer = Task {
            try await Task.sleep(for: moment)
            program.send(SIGKILL)
        }
        let outcome = await program.outcome()
        killer.cancel()
        time = outcome.status == 0 ? (ContinuousClock.now - start) * 1.1 : time * 1.02
    }

    private func time(_ arguments: [String]) async throws -> Duration {
        let clock = ContinuousClock()
        let start = clock.now
        let outcome = try await run(arguments)
        #expect(outcome.status == 0, "\(outcome.errors)")
        return clock.now - start
    }

    /// Opens the workspace, which brings it in order, and tells its version.
    private func version() throws -> Int? { try Workspace.find(from: root)?.schemaVersion }

    private func expectNoDebris() throws {
        let left = try FileManager.default.contentsOfDirectory(atPath: root + "/.questfoundry/run")
        #expect(left.filter { $0 != "workspace.lock" }.isEmpty)
    }

    /// What the workspace holds, but for the time of the migration.
    private func image() throws -> WorkspaceImage {
        if FileManager.default.fileExists(atPath: root + "/project.qfproj") {
            let queue = try DatabaseQueue(path: root + "/project.qfproj")
            try queue.write { try $0.execute(sql: "UPDATE schema_version SET applied_at = 'then' WHERE version > 1") }
            try queue.close()
        }
        return try WorkspaceImage(root)
    }

    @Test func killedMigrationLeavesOneVersionWhole() async throws {
        var images = [1: try image()]
        var whole = try await time(["state", "migrate"])
        images[2] = try image()
        var random = SeededRandom(seed: 1)
        var changes = 0
        var version = 2
        for round in 0..<Self.rounds {
            try await kill(["state", "migrate", "--to", "\(3 - version)"], within: &whole, &random)
            let found = try #require(try self.version())
            let expected = try #require(images[found])
            let actual = try image()
            #expect(actual == expected, "round \(round): \(actual.differences(from: expected))")
            try expectNoDebris()
            changes += found == version ? 0 : 1
            version = found
        }
        // The moments lay on both sides of the decision.
        #expect((1..<Self.rounds).contains(changes))
        #expect(try await run(["state", "migrate", "--to", "1"]).status == 0)
        #expect(try image() == images[1])
    }

    /// `QUESTFOUNDRY_SEEDS` asks for more moments.
    private static var rounds: Int { max(100, SeededRandom.seeds(1).count) }

    @Test func killedBackupIsNoneAndDisturbsNothing() async throws {
        let before = try image()
        var whole = try await time(["state", "backup"])
        var random = SeededRandom(seed: 2)
        for _ in 0..<20 {
            try await kill(["state", "backup"], within: &whole, &random)
            #expect(try image() == before)
        }
        #expect(try await run(["state", "backup"]).status == 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: root + "/.questfoundry/backups")
        #expect(!names.contains { $0.hasPrefix(".") } && names.count <= 5)
        // Each restoration makes a backup of its own, which may be the one too many for the oldest.
        for name in names where FileManager.default.fileExists(atPath: "\(root)/.questfoundry/backups/\(name)") {
            #expect(try await run(["state", "restore", name]).status == 0)
            #expect(try image() == before)
        }
    }

    @Test func killedRestorationLeavesOneStateWhole() async throws {
        let outcome = try await run(["state", "backup", "--json"])
        let name = try #require(try JSONValue(parsing: outcome.output)["name"]?.string)
        let restored = try image()
        #expect(try await run(["state", "migrate"]).status == 0)
        let present = try image()
        var random = SeededRandom(seed: 3)
        var whole = try await time(["state", "restore", name])
        for _ in 0..<20 {
            #expect(try await run(["state", "migrate"]).status == 0)
            try await kill(["state", "restore", name], within: &whole, &random)
            let found = try version()
            #expect(try image() == (found == 1 ? restored : present))
            try expectNoDebris()
        }
    }
}
