import Core
import Foundation
import GRDB
import TestKit
import Testing

/// `cache list`, `show` and `clear`, on answers that a server was paid for.
@Suite struct CacheCommandTests {
    let server: FakeOpenAIServer
    let project: Project

    init() async throws {
        server = try await FakeOpenAIServer.start { request in
            // What is not in a form is prose, which may hold anything.
            let text = FakeStory.answer(to: request.body)
            return .answer(text.hasPrefix("{") ? text : "\u{1B}[2J\u{202E}" + text)
        }
        project = try await Project(config: Project.config(server))
        _ = try await project.document("generate", "--seed", "7", "--count", "2", "--json")
    }

    /// Changes the cache's file as another program would.
    private func change(_ sql: String) throws {
        let queue = try DatabaseQueue(path: project.path + "/.questfoundry/cache/responses.db")
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    private func list(_ arguments: String...) async throws -> [JSONValue] {
        let outcome = try await Program.run(
            ["--project", project.path, "cache", "list", "--json"] + arguments, in: project.folder.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try #require(try JSONValue(parsing: outcome.output).array)
    }

    private func keys(_ entries: [JSONValue]) -> [String] { entries.compactMap { $0["key"]?.string } }

    @Test func listHasEveryEntryWithWhatItCost() async throws {
        let entries = try await list()
        #expect(entries.count == server.served)
        #expect(entries.compactMap { $0["cost"]?.money }.reduce(Money.zero, +) == server.reportedCost)
        let stats = try await project.document("cache", "stats", "--json")
        #expect(entries.compactMap { $0["bytes"]?.int }.reduce(0, +) == stats["bytes"]?.int)
        #expect(Set(keys(entries)).count == entries.count && keys(entries).allSatisfy { $0.count == 64 })
        #expect(entries.allSatisfy { $0["provider"]?.string == "fake" && $0["model"]?.string == "tiny" })
        #expect(entries.allSatisfy { $0["expired"]?.bool == false && $0["damaged"]?.bool == false })
    }

    @Test func listIsSortedCutAndOfOneProvider() async throws {
        let bySize = try await list("--sort", "size")
        let sizes = bySize.compactMap { $0["bytes"]?.int }
        #expect(sizes == sizes.sorted(by: >) && sizes.count == server.served)
        let byAge = try await list("--sort", "stored").compactMap { $0["stored_at"]?.string }
        #expect(byAge == byAge.sorted(by: >))
        #expect(try await keys(list("--sort", "size", "--limit", "2")) == Array(keys(bySize).prefix(2)))
        #expect(try await list("--provider", "fake").count == server.served)
        #expect(try await list("--provider", "nobody").isEmpty)
        let nothing = try await project.run("cache", "list", "--provider", "nobody")
        #expect(nothing.status == 0 && nothing.output == "no entries\n")
        let lines = try await project.run("cache", "list", "--jsonl", "--sort", "size").output.split(separator: "\n")
        #expect(try keys(lines.map { try JSONValue(parsing: String($0)) }) == keys(bySize))
    }

    @Test func tableShowsHowAnswersBeginAndSteersNoTerminal() async throws {
        let outcome = try await project.run("cache", "list")
        let lines = outcome.output.split(separator: "\n")
        #expect(outcome.status == 0 && lines.count == server.served + 1)
        #expect(lines.first?.hasPrefix("key") == true)
        #expect(outcome.output.contains("␛[2J⟨U+202E⟩Keep the lamp"))
        #expect(!outcome.output.contains("\u{1B}") && !outcome.output.contains("\u{202E}"))
        let digits = try #require(lines.last?.split(separator: " ").first)
        #expect(digits.count == 12 && digits.allSatisfy(\.isHexDigit))
    }

    @Test func showFindsAnEntryByTheBeginningOfItsKey() async throws {
        let entry = try #require(try await list().first)
        let key = try #require(entry["key"]?.string)
        let document = try await project.document("cache", "show", String(key.prefix(20)), "--json")
        #expect(document["key"]?.string == key && document["cost"] == entry["cost"])
        #expect(document["answer"]?["usage"]?["estimated"]?.bool == false)
        let text = try #require(document["answer"]?["text"]?.string)
        #expect(!text.isEmpty)
        let words = try await project.run("cache", "show", key.uppercased())
        #expect(words.status == 0 && words.output.hasPrefix("key: \(key)\n"))
        #expect(words.output.contains("provider: fake\nmodel: tiny\n") && words.output.contains("cost when made: $"))
        #expect(words.output.hasSuffix("\n\n" + text.visible(keepingLines: true) + "\n"))
        #expect(!words.output.contains("\u{1B}"))
    }

    @Test func showSaysWhatIsWrongWithAKey() async throws {
        let unknown = try await project.run("cache", "show", "000000000000", "--json")
        #expect(unknown.status == 65 && unknown.errors.contains("000000000000"))
        #expect(try JSONValue(parsing: unknown.output)["error"]?["kind"]?.string == "unknown_key")
        // The number of an entry is its key's first 15 digits.
        try change(
            "UPDATE entries SET key = 'abcdef' || substr(key, 7), number = (number & 0xFFFFFFFFF) | (0xABCDEF << 36)")
        let ambiguous = try await project.run("cache", "show", "ABCDEF")
        #expect(ambiguous.status == 65 && ambiguous.errors.contains("more than one") && ambiguous.output.isEmpty)
        for key in ["abcde", "abcdeg", "", "../../../etc/passwd", String(repeating: "a", count: 65)] {
            let malformed = try await project.run("cache", "show", key)
            #expect(malformed.status == 64, "\(key): \(malformed.errors)")
        }
        #expect(try await project.run("cache", "show").status == 64)
    }

    @Test func damagedEntriesAreListedAndShownAsDamaged() async throws {
        try change("UPDATE entries SET record = x'00' WHERE id = (SELECT min(id) FROM entries)")
        try change(
            """
            UPDATE entries SET stored_wall = 'never', provider = x'ff', lifetime = 'long', record = 'text'
            WHERE id = (SELECT max(id) FROM entries)
            """)
        let entries = try await list()
        #expect(entries.count == server.served)
        #expect(entries.filter { $0["damaged"]?.bool == true }.count == 2)
        let table = try await project.run("cache", "list")
        #expect(table.status == 0 && table.output.contains("damaged"))
        for entry in entries where entry["damaged"]?.bool == true {
            let key = try #require(entry["key"]?.string)
            let shown = try await project.run("cache", "show", key)
            #expect(shown.status == 0 && shown.output.contains("the entry is damaged"))
            #expect(try await project.document("cache", "show", key, "--json")["answer"] == .null)
        }
    }

    @Test func clearRemovesNothingUnasked() async throws {
        let refused = try await project.run("cache", "clear")
        #expect(refused.status == 64 && refused.errors.contains("--yes") && refused.output.isEmpty)
        #expect(try await project.run("cache", "clear", "--json").status == 64)
        #expect(try await list().count == server.served)
        let stats = try await project.document("cache", "stats", "--json")
        let cleared = try await project.document("cache", "clear", "--yes", "--json")
        #expect(cleared["entries"] == stats["entries"] && cleared["bytes"] == stats["bytes"])
        #expect(try await list().isEmpty)
        let again = try await project.run("cache", "clear", "--yes")
        #expect(again.status == 0 && again.output == "removed 0 entries, 0 bytes\n")
    }

    @Test func clearAsksOnATerminal() async throws {
        let terminal = try await Tmux(
            width: 120, height: 24, environment: Program.environment(home: project.folder.path))
        let command = "\(Program.path) --project \(project.path) cache clear"
        try await terminal.type(command)
        try await terminal.press("Enter")
        try await terminal.waitFor("Remove all \(server.served) entries")
        try await terminal.type("n")
        try await terminal.press("Enter")
        try await terminal.waitFor("removed 0 entries")
        #expect(try await list().count == server.served)
        try await terminal.type(command)
        try await terminal.press("Enter")
        try await terminal.waitFor("a second question") { $0.components(separatedBy: "Remove all").count == 3 }
        try await terminal.type("yes")
        try await terminal.press("Enter")
        try await terminal.waitFor("removed \(server.served) entries")
        #expect(try await list().isEmpty)
    }

    @Test func wrongUseIsToldApart() async throws {
        for arguments in [
            ["--sort", "age"], ["--limit", "0"], ["--limit", "many"], ["--json", "--jsonl"], ["extra"],
        ] {
            let outcome = try await Program.run(
                ["--project", project.path, "cache", "list"] + arguments, in: project.folder.path)
            #expect(outcome.status == 64, "\(arguments): \(outcome.errors)")
        }
        for arguments in [["list"], ["show", "abcdef"], ["clear", "--yes"]] {
            let elsewhere = try await Program.run(["cache"] + arguments, in: project.folder.path)
            #expect(elsewhere.status == 66, "\(arguments): \(elsewhere.errors)")
        }
    }

    @Test func lookingMakesNoFile() async throws {
        let fresh = try await Project()
        #expect(try await fresh.document("cache", "list", "--json") == .array([]))
        #expect(try await fresh.run("cache", "show", "abcdef").status == 65)
        #expect(try await fresh.run("cache", "clear", "--yes").status == 0)
        #expect(!FileManager.default.fileExists(atPath: fresh.path + "/.questfoundry/cache/responses.db"))
    }

    @Test func statsTellRatesAndMissesByRole() async throws {
        _ = try await project.document("generate", "--seed", "7", "--count", "2", "--json")
        let stats = try await project.document("cache", "stats", "--json")
        let all = try #require(stats["all"])
        #expect(all["hit_rate"]?.double == 0.5 && all["hit_rate_by_tokens"]?.double == 0.5)
        #expect(all["missed"]?["cost"]?.money == server.reportedCost)
        #expect(all["causes"]?["new"]?["count"]?.int == server.served)
        let roles = try await project.document("cache", "stats", "--by", "role,model", "--over", "today", "--json")
        #expect(roles["by"]?.array?.map(\.string) == ["role", "model"] && roles["over"]?.string == "today")
        let groups = try #require(roles["groups"]?.array)
        #expect(groups.count > 3 && groups.allSatisfy { $0["hit_rate"]?.double == 0.5 })
        #expect(groups.compactMap { $0["misses"]?.int }.reduce(0, +) == roles["total"]?["misses"]?.int)
        #expect(groups.compactMap { $0["saved_cost"]?.money }.reduce(Money.zero, +) == server.reportedCost)
        let words = try await project.run("cache", "stats", "--by", "provider").output
        #expect(words.contains("fake") && words.contains("50 %") && words.contains("total"))
        let plain = try await project.run("cache").output
        #expect(plain.contains("by tokens") && plain.contains("missed $") && plain.contains("new"))
    }

    @Test func statusTellsHowFastModelsAnswer() async throws {
        let paces = try #require(try await project.document("status", "--json")["paces"]?.array)
        #expect(paces.map { $0["model"]?.string } == [nil, "tiny"])
        #expect(paces.allSatisfy { $0["calls"]?.int == server.served && $0["provider"]?.string == "fake" })
        #expect(paces.allSatisfy { ($0["median_latency_seconds"]?.double ?? -1) >= 0 })
        #expect(try await project.run("status").output.contains("median tokens/s"))
    }

    @Test func nextTakeAsksAgainAndIsSaid() async throws {
        let served = server.served
        let outcome = try await project.run("generate", "--seed", "7", "--count", "2", "--take", "next")
        #expect(outcome.status == 0 && outcome.errors.contains("this is take 2"), "\(outcome.errors)")
        #expect(server.served == 2 * served)
        let causes = try await project.document("cache", "stats", "--json")["session"]?["causes"]
        #expect((causes?["new_take"]?["count"]?.int ?? 0) > 0)
        let mistake = try await project.run("generate", "--take", "soon")
        #expect(mistake.status == 64 && mistake.errors.contains("a number from 1, or next"), "\(mistake.errors)")
    }

    @Test(arguments: [["--by", "day"], ["--by", "role,role"], ["--by", ""], ["--by", "role", "--over", "week"]])
    func statsSayWhatTheyTake(_ words: [String]) async throws {
        let outcome = try await Program.run(
            ["--project", project.path, "cache", "stats"] + words, in: project.folder.path)
        #expect(outcome.status == 64 && outcome.errors.contains("takes"), "\(outcome.errors)")
    }
}
