import Core
import Foundation
import TestKit
import Testing

/// The program as scripts use it, on the embedded provider.
@Suite struct GenerateTests {
    let project: Project

    init() async throws { project = try await Project() }

    @Test func storySparkLeavesScenesAndTheSecondRunAsksNobody() async throws {
        let first = try await project.document("generate", "story_spark", "--seed", "7", "--json")
        let scenes = try #require(first["artifacts"]?.array).filter { $0["type"]?.string == "scene" }
        #expect(!scenes.isEmpty)
        for scene in scenes {
            let path = try #require(scene["path"]?.string)
            let stored = try project.artifact(path)
            #expect(stored["data"]?["id"] == stored["metadata"]?["id"])
            #expect(stored["data"]?["text"]?.string?.isEmpty == false)
        }
        let used = try #require(first["tokens"]?.int)
        #expect(used > 0)

        let second = try await project.document("generate", "story_spark", "--seed", "7", "--json")
        #expect(second["hits"] == second["requests"])
        #expect(second["tokens"]?.int == 0)
        let status = try await project.document("status", "--json")
        #expect(status["cache"]?["session"]?["hit_rate"]?.double == 1)
        #expect(status["cache"]?["session"]?["saved_tokens"]?.int == used)
        #expect(second["artifacts"] == first["artifacts"])
    }

    @Test func expiredAnswersAreAskedForAgain() async throws {
        try project.write(config: "caching:\n  ttl_seconds: 1\n")
        let first = try await project.document("generate", "--seed", "7", "--count", "1", "--json")
        let deadline = ContinuousClock.now + .seconds(30)
        var tokens = 0
        while tokens == 0, ContinuousClock.now < deadline {
            let again = try await project.document("generate", "--seed", "7", "--count", "1", "--json")
            #expect(again["artifacts"] == first["artifacts"])
            tokens = again["tokens"]?.int ?? 0
        }
        #expect(tokens > 0)
    }

    @Test func freshSkipsTheLookUp() async throws {
        _ = try await project.document("generate", "--seed", "7", "--count", "1", "--json")
        let fresh = try await project.document("generate", "--seed", "7", "--count", "1", "--fresh", "--json")
        #expect(fresh["hits"]?.int == 0)
        let status = try await project.document("status", "--json")
        #expect(status["cache"]?["session"]?["bypassed"]?.int == fresh["requests"]?.int)
        #expect(status["cache"]?["session"]?["hit_rate"] == .null)
    }

    @Test func workspaceIsItsOwnersOnly() async throws {
        _ = try await project.document("generate", "--count", "1", "--json")
        let root = URL(filePath: project.path + "/.questfoundry")
        let files = try #require(FileManager.default.enumerator(atPath: root.path()))
        let names = [""] + files.compactMap { $0 as? String }
        for name in names {
            let attributes = try FileManager.default.attributesOfItem(atPath: root.path() + "/" + name)
            let mode = try #require(attributes[.posixPermissions] as? Int)
            #expect(mode & 0o077 == 0, "\(name) has mode \(String(mode, radix: 8))")
        }
    }

    @Test func cacheIsPrunedOnDemand() async throws {
        _ = try await project.document("generate", "--count", "1", "--json")
        let plan = try await project.document("cache", "prune", "--provider", "embedded", "--dry-run", "--json")
        #expect(try #require(plan["entries"]?.int) > 0)
        let pruned = try await project.document("cache", "prune", "--provider", "embedded", "--json")
        #expect(pruned["entries"] == plan["entries"])
        #expect(try await project.document("cache", "stats", "--json")["entries"]?.int == 0)
    }

    @Test func exitCodesTellWhatWentWrong() async throws {
        #expect(try await project.run("generate", "--count", "none").status == 64)
        #expect(try await project.run("generate", "no_such_loop").status == 64)
        #expect(try await project.run("roles", "set", "no_such_role", "--provider", "embedded").status == 64)
        let elsewhere = try await Program.run(["status"], in: project.folder.path)
        #expect(elsewhere.status == 66)
        #expect(elsewhere.errors.contains("questfoundry init"))
        let again = try await Program.run(["init", project.path], in: project.folder.path)
        #expect(again.status == 65)
        try project.write(config: "rate_limiting:\n  global:\n    cost_pr_day: 5\ncaching:\n  enabled: 7\n")
        let broken = try await project.run("generate", "--json")
        #expect(broken.status == 78)
        #expect(broken.errors.contains("3:") && broken.errors.contains("cost_per_day"))
        #expect(try JSONValue(parsing: broken.output)["error"]?["kind"]?.string == "configuration")
        #expect(try await project.run("config", "check").status == 78)
    }

    @Test(arguments: [
        ("scene_smith: { provider: anthropic }", "story_spark", "ANTHROPIC_API_KEY"),
        ("scene_smith: { provider: openai }", "full_production_run", "OPENAI_API_KEY"),
        ("illustrator: { provider: dalle }", "art_touch_up", "OPENAI_API_KEY"),
    ])
    func aLoopWhoseRoleHasNoKeyDoesNotStart(role: String, loop: String, key: String) async throws {
        try project.write(config: "roles:\n  \(role)\n")
        let outcome = try await project.run("generate", loop, "--seed", "7")
        #expect(outcome.status == 78)
        let name = role.prefix { $0 != ":" }
        #expect(outcome.errors.contains("\(name) cannot be asked") && outcome.errors.contains(key), "\(outcome.errors)")
        #expect(!outcome.errors.contains(" 1 "), "no step may start: \(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: project.path + "/.questfoundry/ledger.db"))
    }

    @Test func globalOptionsStandBeforeAndAfterTheSubcommand() async throws {
        let before = try await Program.run(
            ["--project", project.path, "roles", "list", "--json"], in: project.folder.path)
        let after = try await Program.run(
            ["roles", "list", "--json", "--project=\(project.path)"], in: project.folder.path)
        #expect(before.status == 0 && before.output == after.output)
        #expect(try JSONValue(parsing: before.output).array?.count == 19)
    }

    /// Each line of `--jsonl` is an entry of the document's lists, in their order.
    @Test func listsAreAlsoPrintedAnEntryOnALine() async throws {
        let limits = "rate_limiting: { timezone: UTC, global: { max_concurrent: 4, cost_per_day: 5 } }"
        try project.write(config: limits + "\nno_such_key: 1\n")
        #expect(try await project.run("generate", "--seed", "7", "--count", "1").status == 0)
        #expect(try await project.run("state", "backup").status == 0)
        let hook = try #require(try await project.document("artifacts", "list", "--json")["artifacts"]?.array?.first)
        #expect(try await project.run("artifacts", "delete", hook["id"]?.string ?? "").status == 0)
        let commands: [(command: [String], lists: [String])] = [
            (["roles", "list"], []), (["loops", "list"], []), (["limits"], ["limits", "budgets"]),
            (["artifacts", "list"], ["artifacts"]), (["artifacts", "undelete", "--list"], ["bin"]),
            (["cost", "summary", "--by", "role"], ["groups"]), (["cache", "stats", "--by", "role"], ["groups"]),
            (["state", "backup", "--list"], ["backups"]), (["state", "restore", "--list"], ["backups"]),
            (["state", "verify"], ["findings"]), (["config", "check"], ["problems"]),
        ]
        for (command, lists) in commands {
            let document = try JSONValue(parsing: try await project.run(command + ["--json"]).output)
            let entries = lists.isEmpty ? document.array ?? [] : lists.flatMap { document[$0]?.array ?? [] }
            let lines = try await project.run(command + ["--jsonl"]).output.split(separator: "\n")
            #expect(try lines.map { try JSONValue(parsing: String($0)) } == entries, "\(command)")
            #expect(command == ["state", "verify"] || !entries.isEmpty, "\(command)")
        }
        let one = try await project.run("state", "backup", "--jsonl").output
        #expect(one.split(separator: "\n").count == 1 && one.contains("\"name\""))
    }

    @Test func statusWithoutATerminalIsTheDashboardInWords() async throws {
        let outcome = try await project.run()
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("hit rate") && outcome.errors.contains("not a terminal"))
    }
}
