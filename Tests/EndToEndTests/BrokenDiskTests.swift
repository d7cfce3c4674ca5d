import Core
import Foundation
import GRDB
import Synchronization
import TestKit
import Testing

/// Disks that are full, folders that may not be written, files that are damaged: what is said, and what goes on.
@Suite(.serialized, .timeLimit(.minutes(10))) struct BrokenDiskTests {
    private static let generate = ["generate", "--seed", "7", "--count", "1", "--json"]

    /// Runs the program on a workspace, as it is or as somebody who may write nothing.
    private func run(_ arguments: [String], _ path: String, asNobody: Bool = false) async throws -> Outcome {
        let folder = try TemporaryFolder()
        let words = ["--project", path] + arguments
        guard asNobody else { return try await Program.run(words, in: folder.path) }
        return try await Program.run(
            ["--reuid=65534", "--regid=65534", "--clear-groups", Program.path] + words, of: "/usr/bin/setpriv",
            in: folder.path, environment: ["HOME": "/nonexistent"])
    }

    private func workspace(_ path: String) async throws {
        let folder = try TemporaryFolder()
        let arguments = ["init", path, "--provider", "embedded", "--brief", "A ferry that counts its passengers"]
        let made = try await Program.run(arguments, in: folder.path)
        #expect(made.status == 0, "\(made.errors)")
    }

    /// That a run ended for want of its books, in words that say where and what to do.
    private func expectRefusal(_ outcome: Outcome, path: String, _ words: String...) {
        #expect(outcome.status == 69, "\(outcome.errors)")
        let sentence = outcome.errors.split(separator: "\n").last.map(String.init) ?? ""
        #expect(sentence.hasPrefix("questfoundry: ") && sentence.contains(path), "\(sentence)")
        for word in words { #expect(sentence.contains(word), "\(sentence)") }
        let error = (try? JSONValue(parsing: outcome.output))?["error"]
        #expect(error?["kind"]?.string == "storage" && error?["message"]?.string?.contains(path) == true)
    }

    /// What the whole files of a workspace add up to.
    private func expectWholeBooks(_ project: Project, _ server: FakeOpenAIServer) async throws {
        let status = try await project.document("status", "--json")
        let all = try #require(status["costs"]?["all"]?.money)
        let estimated = try #require(status["costs"]?["estimated_part"]?.money)
        // What could not be settled is charged at its worst.
        #expect(all - estimated <= server.reportedCost && all >= server.reportedCost)
    }

    // MARK: - A full disk

    @Test(.enabled(if: SmallDisk.isAvailable), arguments: [150, 190, 240, 320, 400])
    func fullDiskEndsTheRunAndARunWithSpaceGoesOn(kilobytes: Int) async throws {
        let disk = try SmallDisk(kilobytes: kilobytes)
        let path = disk.path + "/story"
        try await workspace(path)
        let run = try await run(["generate", "--seed", "7", "--count", "5", "--json"], path)
        #expect(run.status == 69 || run.status == 1, "\(run.errors)")
        let sentence = run.errors.split(separator: "\n").last ?? ""
        #expect(sentence.contains(path) && sentence.contains("free s"), "\(run.errors)")
        #expect(!run.errors.contains("SQLite error"))
        for command in ["status", "cost", "limits"] {
            let outcome = try await self.run([command, "--json"], path)
            #expect(outcome.status == 0 || outcome.errors.contains("free s"), "\(command): \(outcome.errors)")
        }
    }

    @Test(.enabled(if: SmallDisk.isAvailable)) func paidAnswersAreChargedThoughTheDiskIsFull() async throws {
        let disk = try SmallDisk(kilobytes: 16_384)
        let isCleared = Mutex(false)
        let server = try await FakeOpenAIServer.start { request in
            if request.body["messages"]?.array?.last?["content"]?.string?.contains("form: scene") == true {
                if !isCleared.withLock({ $0 }) { disk.fill() }
            }
            return .answer(FakeStory.answer(to: request.body))
        }
        let project = try await Project(on: disk)
        try project.write(config: Project.config(server))
        let run = try await project.run("generate", "--seed", "7", "--count", "2", "--json")
        #expect(run.status != 0)
        let served = server.served
        let again = try await project.run("generate", "--seed", "8", "--count", "2", "--json")
        // Nothing is asked for which there are no books.
        expectRefusal(again, path: project.path, "free s")
        #expect(server.served == served)
        isCleared.withLock { $0 = true }
        disk.clear()
        try await expectWholeBooks(project, server)
        let last = try await project.run("generate", "--seed", "9", "--count", "1")
        #expect(last.status == 0, "\(last.errors)")
    }

    @Test(arguments: [4, 100, 600]) func fileThatMayNotGrowEndsTheRunInOneSentence(kilobytes: Int) async throws {
        let project = try await Project()
        let limited = try await Program.run(
            ["--fsize=\(kilobytes * 1_024)", Program.path, "--project", project.path]
                + ["generate", "--seed", "7", "--count", "5", "--json"],
            of: "/usr/bin/prlimit", in: project.folder.path)
        expectRefusal(limited, path: project.path, "check the disk")
        let after = try await project.run("generate", "--seed", "7", "--count", "1")
        #expect(after.status == 0, "\(after.errors)")
    }

    // MARK: - Folders that may not be written

    @Test(.enabled(if: getuid() == 0)) func folderThatMayNotBeWrittenIsNamed() async throws {
        let project = try await Project()
        _ = try await project.document("generate", "--count", "1", "--json")
        try openToAll(project)
        let run = try await run(Self.generate, project.path, asNobody: true)
        expectRefusal(run, path: project.path + "/.questfoundry", "owner", "permissions")
        // Looking is still allowed.
        let status = try await self.run(["status", "--json"], project.path, asNobody: true)
        #expect(status.status == 0, "\(status.errors)")
    }

    @Test(.enabled(if: getuid() == 0)) func cacheThatMayNotBeWrittenIsSaidOnceAndDoneWithout() async throws {
        let project = try await Project()
        try openToAll(project)
        try give(project, to: 65_534)
        let cache = project.path + "/.questfoundry/cache"
        try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: cache)
        let run = try await run(Self.generate, project.path, asNobody: true)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.components(separatedBy: "answers are not cached").count == 2, "\(run.errors)")
        #expect(run.errors.contains(cache) && run.errors.contains("check its owner"))
        let stats = try await self.run(["cache", "stats", "--json"], project.path, asNobody: true)
        #expect(stats.status == 0, "\(stats.errors)")
    }

    private func openToAll(_ project: Project) throws {
        // The folder itself is its owner's only; so are all in it.
        let root = project.folder.path
        let names = [""] + (FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? [])
        for name in names { chmod(root + "/" + name, 0o755) }
    }

    private func give(_ project: Project, to user: UInt32) throws {
        let root = project.path
        let names = [""] + (FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? [])
        for name in names { chown(root + "/" + name, user, user) }
    }

    // MARK: - Damaged files

    /// Puts a ledger into one file, whose pages can be damaged.
    private func checkpoint(_ path: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try queue.close()
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }

    private func damage(_ path: String, page: Int) throws {
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        try file.seek(toOffset: UInt64(page) * 4_096)
        try file.write(contentsOf: Data(repeating: 0xA5, count: 4_096))
        try file.close()
    }

    @Test func damagedLedgerIsNamedAndNothingIsAskedWithoutIt() async throws {
        let server = try await FakeOpenAIServer.start()
        let limits = "  global: { cost_per_day: 5, requests_per_minute: 1000 }"
        let project = try await Project(config: Project.config(server, limits: limits))
        _ = try await project.document("generate", "--seed", "7", "--count", "1", "--json")
        let ledger = project.path + "/.questfoundry/ledger.db"
        try checkpoint(ledger)
        let whole = try Data(contentsOf: URL(filePath: ledger))
        let pages = try tables(ledger)
        for (index, (name, page)) in pages.sorted(by: { $0.value < $1.value }).enumerated() {
            try whole.write(to: URL(filePath: ledger))
            try damage(ledger, page: page)
            let served = server.served
            // Each with a seed of its own: what the cache has needs no attempt.
            let run = try await project.run("generate", "--seed", "\(100 + index)", "--count", "1", "--json")
            if run.status != 0 || ["ledger", "attempts", "spending", "buckets"].contains(name) {
                expectRefusal(run, path: ledger, "damaged", "move it away")
            }
            // At most what was under way when the damage was met.
            #expect(server.served <= served + 1 || run.status == 0, "\(name)")
            for command in ["status", "cost", "limits"] {
                let outcome = try await project.run(command, "--json")
                #expect([0, 69].contains(outcome.status), "\(name), \(command): \(outcome.errors)")
            }
        }
        // The remedy works.
        try FileManager.default.moveItem(atPath: ledger, toPath: ledger + ".old")
        #expect(try await project.run("generate", "--seed", "9", "--count", "1").status == 0)
    }

    /// The first page of every table, from 0, by its name.
    private func tables(_ path: String) throws -> [String: Int] {
        let queue = try DatabaseQueue(path: path)
        let rows = try queue.read { database in
            try Row.fetchAll(database, sql: "SELECT name, rootpage FROM sqlite_master WHERE type = 'table'")
        }
        try queue.close()
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        return rows.reduce(into: ["the head": 0]) { $0[$1[0]] = ($1[1] as Int) - 1 }
    }

    @Test func valuesOfAnotherTypeAreDamageAndNoCrash() async throws {
        let limits = "rate_limiting:\n  global: { cost_per_day: 5, requests_per_minute: 1000 }\n"
        let project = try await Project(config: limits)
        _ = try await project.document("generate", "--seed", "7", "--count", "1", "--json")
        _ = try await project.run("limits", "set", "global", "cost_per_day", "6")
        let ledger = project.path + "/.questfoundry/ledger.db"
        try checkpoint(ledger)
        let whole = try Data(contentsOf: URL(filePath: ledger))
        let changes = [
            "sessions SET started_at = 'x'", "runs SET state = x'ff'", "ledger SET cost = 1e300, role = x'ff'",
            "ledger SET saved_tokens = 9223372036854775807", "usage SET count = 9223372036854775807",
            "usage SET lookup = x'ff'", "usage SET saved_tokens = 9223372036854775807", "buckets SET level = 'x'",
            "buckets SET boot_id = x'ff'", "buckets SET level = -9223372036854775807, capacity = 1",
            "limit_changes SET value = 'x'", "limit_changes SET value = 9223372036854775807",
            "spending SET cost = 'x'", "journal SET event = x'ff'",
        ]
        for change in changes {
            try whole.write(to: URL(filePath: ledger))
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: ledger + suffix) }
            let queue = try DatabaseQueue(path: ledger)
            try await queue.write { try $0.execute(sql: "UPDATE OR IGNORE \(change)") }
            try queue.close()
            for arguments in [["status"], ["limits"], ["cost"], ["generate", "--seed", "8", "--count", "1"]] {
                let outcome = try await run(arguments + ["--json"], project.path)
                #expect([0, 69, 75, 78].contains(outcome.status), "\(change), \(arguments): \(outcome.errors)")
                if outcome.status == 69 { #expect(outcome.errors.contains(ledger), "\(outcome.errors)") }
            }
        }
    }

    @Test(arguments: ["head", "pages", "values", "folder"])
    func damagedCacheIsMadeAnewOrDoneWithout(what: String) async throws {
        let project = try await Project()
        let first = try await project.document("generate", "--seed", "7", "--count", "1", "--json")
        let path = project.path + "/.questfoundry/cache/responses.db"
        try checkpoint(path)
        switch what {
        case "head": try damage(path, page: 0)
        case "pages": for page in 1...4 { try damage(path, page: page) }
        case "values":
            let queue = try DatabaseQueue(path: path)
            try await queue.write { database in
                try database.execute(
                    sql: "UPDATE entries SET size = 'x', record = 7; UPDATE providers SET bytes = 1e300")
            }
            try queue.close()
        default:
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        let second = try await project.run("generate", "--seed", "7", "--count", "1", "--json")
        #expect(second.status == 0, "\(second.errors)")
        let report = try JSONValue(parsing: second.output)
        #expect(report["artifacts"] == first["artifacts"] && report["hits"]?.int == 0)
        #expect(try await project.run("status").status == 0)
        let third = try await project.document("generate", "--seed", "7", "--count", "1", "--json")
        let stats = try await project.run("cache", "stats")
        if what == "folder" {
            #expect(second.errors.components(separatedBy: "answers are not cached").count == 2, "\(second.errors)")
            #expect(stats.status == 69 && stats.errors.contains(path) && stats.errors.contains("check its owner"))
        } else {
            #expect(third["hits"] == third["requests"] && stats.status == 0)
        }
    }
}

extension Project {
    /// A workspace on a disk of the test's own.
    fileprivate init(on disk: SmallDisk) async throws {
        folder = try TemporaryFolder()
        path = disk.path + "/story"
        let made = try await Program.run(
            ["init", path, "--provider", "embedded", "--brief", "A ferry"], in: folder.path)
        #expect(made.status == 0, "\(made.errors)")
    }
}
