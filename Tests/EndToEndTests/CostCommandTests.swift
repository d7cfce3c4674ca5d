import Core
import Foundation
import GRDB
import TestKit
import Testing

/// `cost` and `limits`, against a server that says what it served.
@Suite struct CostCommandTests {
    let server: FakeOpenAIServer
    let project: Project

    /// One run asks the server, and the next one the cache.
    init() async throws {
        server = try await FakeOpenAIServer.start()
        let limits = "  timezone: UTC\n  global: { requests_per_hour: 1000, cost_per_day: 5.00 }"
        project = try await Project(config: Project.config(server, limits: limits))
        for _ in 1...2 { _ = try await project.document("generate", "--seed", "7", "--count", "2", "--json") }
    }

    private func total(_ arguments: String...) async throws -> JSONValue {
        let outcome = try await Program.run(
            ["--project", project.path, "cost", "summary", "--json"] + arguments, in: project.folder.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try #require(try JSONValue(parsing: outcome.output)["total"])
    }

    /// The records of an export, by column.
    private func records(_ outcome: Outcome) throws -> [[String: String]] {
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.utf8.suffix(2).elementsEqual("\r\n".utf8))
        var lines = outcome.output.components(separatedBy: "\r\n").dropLast().map { $0.components(separatedBy: ",") }
        let header = lines.removeFirst()
        #expect(lines.allSatisfy { $0.count == header.count })
        return lines.map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
    }

    /// Changes the ledger as no program should.
    private func change(_ sql: String, _ arguments: StatementArguments = []) throws {
        let queue = try DatabaseQueue(path: project.path + "/.questfoundry/ledger.db")
        try queue.write { try $0.execute(sql: sql, arguments: arguments) }
        try queue.close()
    }

    @Test func summaryIsWhatTheServerReported() async throws {
        let total = try await total()
        #expect(total["cost"]?.money == server.reportedCost && server.reportedCost > .zero)
        #expect(total["input_tokens"]?.int == server.reportedInputTokens)
        #expect(total["output_tokens"]?.int == server.reportedOutputTokens)
        #expect(total["calls"]?.int == 2 * server.served && total["hits"]?.int == server.served)
        #expect(total["saved_cost"]?.money == server.reportedCost)
        #expect(total["estimated_cost"]?.money == .zero && total["unpriced_calls"]?.int == 0)
        let costs = try await project.document("status", "--json")["costs"]
        #expect(total["cost"] == costs?["all"] && total["saved_cost"] == costs?["saved"])
    }

    @Test(arguments: ["provider", "model", "role", "loop", "day", "role,model", "day,provider,loop"])
    func everyKeyAddsUpToTheTotal(keys: String) async throws {
        let document = try await project.document("cost", "summary", "--by", keys, "--json")
        let names = keys.split(separator: ",").map(String.init)
        #expect(document["by"]?.array?.compactMap(\.string) == names)
        let groups = try #require(document["groups"]?.array)
        #expect(groups.compactMap { $0["cost"]?.money }.reduce(Money.zero, +) == server.reportedCost)
        #expect(groups.compactMap { $0["calls"]?.int }.reduce(0, +) == 2 * server.served)
        #expect(groups.compactMap { $0["output_tokens"]?.int }.reduce(0, +) == server.reportedOutputTokens)
        #expect(groups.allSatisfy { group in names.allSatisfy { group[$0]?.string?.isEmpty == false } })
        let table = try await project.run("cost", "summary", "--by", keys)
        let lines = table.output.split(separator: "\n")
        #expect(table.status == 0 && lines.count == groups.count + 2)
        #expect(lines.first?.hasPrefix(names[0]) == true && lines.last?.hasPrefix("total") == true)
        #expect(lines.last?.contains(server.reportedCost.dollars(decimals: 6)) == true)
    }

    @Test func rolesHaveTheCallsThatRolesListTells() async throws {
        try change("DELETE FROM ledger WHERE session != (SELECT max(session) FROM ledger)")
        let groups = try #require(try await project.document("cost", "--by", "role", "--json")["groups"]?.array)
        let roles = try #require(try await project.document("roles", "list", "--json").array)
        for group in groups {
            let row = roles.first { $0["role"] == group["role"] && $0["kind"]?.string == "text" }
            #expect(row?["calls"] == group["calls"] && row?["cost"] == group["cost"])
        }
    }

    @Test func daysAreWhole() async throws {
        let midnight: Int64 = 1_772_323_200_000_000  // 2026-03-01 in UTC
        let day: Int64 = 86_400_000_000
        try change("UPDATE ledger SET reserved_at = ?", [midnight + 40 * day])
        for (row, time) in [(1, midnight - 1), (2, midnight), (3, midnight + day - 1), (4, midnight + day)] {
            try change("UPDATE ledger SET reserved_at = ? WHERE id = ?", [time, row])
        }
        #expect(try await total("--from", "2026-03-01", "--to", "2026-03-01")["calls"]?.int == 2)
        #expect(try await total("--from", "2026-02-28", "--to", "2026-02-28")["calls"]?.int == 1)
        #expect(try await total("--to", "2026-03-02")["calls"]?.int == 4)
        #expect(try await total("--from", "2026-03-02")["calls"]?.int == 2 * server.served - 3)
        #expect(try await total("--from", "2026-03-03", "--to", "2026-04-09")["calls"]?.int == 0)
        let empty = try await total("--to", "2020-01-01")
        #expect(empty["calls"]?.int == 0 && empty["cost"]?.string == "0")
        let document = try await project.document("cost", "--by", "day", "--to", "2026-03-31", "--json")
        let days = document["groups"]?.array?.compactMap { $0["day"]?.string }
        #expect(days == ["2026-02-28", "2026-03-01", "2026-03-02"] && document["to"]?.string == "2026-03-31")
        let exported = try await records(project.run("cost", "export", "--from", "2026-03-01", "--to", "2026-03-01"))
        #expect(exported.count == 2 && exported.first?["time"] == "2026-03-01T00:00:00.000Z")
    }

    @Test func exportHasEveryRowInEveryForm() async throws {
        let rows = try await records(project.run("cost", "export"))
        #expect(rows.count == 2 * server.served)
        #expect(
            rows.compactMap { $0["cost"].flatMap { try? Money(dollars: $0) } }.reduce(Money.zero, +)
                == server.reportedCost)
        #expect(rows.compactMap { $0["input_tokens"].flatMap { Int($0) } }.reduce(0, +) == server.reportedInputTokens)
        #expect(rows.compactMap { $0["output_tokens"].flatMap { Int($0) } }.reduce(0, +) == server.reportedOutputTokens)
        #expect(rows.filter { $0["source"] == "cache" }.count == server.served)
        #expect(rows.allSatisfy { $0["outcome"] == "answered" && $0["estimated"] == "false" })
        let document = try #require(try await project.document("cost", "export", "--json").array)
        let lines = try await project.run("cost", "export", "--jsonl").output.split(separator: "\n")
        #expect(try lines.map { try JSONValue(parsing: String($0)) } == document)
        #expect(document.count == rows.count)
        for (object, row) in zip(document, rows) {
            #expect(Set(object.object?.keys ?? []) == Set(row.keys))
            #expect(object["time"]?.string == row["time"] && object["cost"]?.string == row["cost"])
            #expect(object["request"]?.string == row["request"] && object["latency_ms"]?.int != nil)
        }
    }

    @Test func exportGoesThroughManyPages() async throws {
        try change(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
            INSERT INTO ledger SELECT NULL, 'page-' || i, request, session, run, loop, step, role, provider, model,
                source, lookup, miss_cause, reserved_at, settled_at, latency_ms, outcome, input_tokens,
                cached_input_tokens, cache_write_tokens, cache_write_hour_tokens, output_tokens, reasoning_tokens,
                images, characters, cost, is_estimated, saved_cost, i
            FROM ledger, n WHERE id = 1
            """)
        let expected = (1...1_200).map { "\($0)" }
        let rows = try await records(project.run("cost", "export"))
        #expect(rows.count == 2 * server.served + 1_200)
        #expect(rows.suffix(1_200).compactMap { $0["saved_tokens"] } == expected)
        let document = try #require(try await project.document("cost", "export", "--json").array)
        #expect(document.suffix(1_200).compactMap { $0["saved_tokens"]?.int }.map { "\($0)" } == expected)
        let lines = try await project.run("cost", "export", "--jsonl").output.split(separator: "\n")
        #expect(lines.count == rows.count)
    }

    @Test func whatLooksLikeAFormulaIsDisarmed() async throws {
        let model = "=cmd()"
        let config = Project.config(server).replacingOccurrences(of: "model: tiny", with: "model: \"\(model)\"")
            .replacingOccurrences(of: "tiny: {", with: "\"\(model)\": {")
        let hostile = try await Project(config: config)
        let made = try await hostile.run("generate", "--count", "1", "--brief", model, "--json")
        #expect(made.status == 0, "\(made.errors)")
        let exported = try await hostile.run("cost", "export", "--csv")
        let rows = try records(exported)
        #expect(!rows.isEmpty && rows.allSatisfy { $0["model"] == "'" + model })
        #expect(!exported.output.contains(",=") && !exported.output.contains("\n="))
        let document = try #require(try await hostile.document("cost", "export", "--json").array)
        #expect(document.allSatisfy { $0["model"]?.string == model })
        #expect(try await hostile.run("cost", "--by", "model").output.contains(model))
    }

    @Test func aModelWithoutAPriceIsMarked() async throws {
        try change("UPDATE ledger SET cost = NULL WHERE id = 1")
        let total = try await total()
        #expect(total["cost"] == .null && total["unpriced_calls"]?.int == 1)
        let priced = try #require(total["priced_cost"]?.money)
        #expect(priced > .zero && priced < server.reportedCost)
        #expect(try await project.run("cost").output.contains(priced.dollars(decimals: 6) + " + ?"))
        #expect(try await records(project.run("cost", "export")).first?["cost"] == "")
        try change("UPDATE ledger SET cost = NULL WHERE source = 'provider'")
        let line = try await project.run("cost").output.split(separator: "\n").last
        #expect(line?.split(separator: " ").contains("?") == true)
    }

    @Test func wrongUseIsToldApart() async throws {
        let wrong = [
            ["summary", "--by", "colour"], ["summary", "--by", "model,model"], ["summary", "--by", ""],
            ["summary", "--from", "2026-02-30"], ["summary", "--from", "yesterday"], ["export", "--to", "1.3.2026"],
            ["export", "--from", "2026-03-02", "--to", "2026-03-01"], ["export", "--csv", "--json"], ["nonsense"],
        ]
        for arguments in wrong {
            let outcome = try await Program.run(
                ["--project", project.path, "cost"] + arguments, in: project.folder.path)
            #expect(outcome.status == 64, "\(arguments): \(outcome.errors)")
            #expect(outcome.output.isEmpty)
        }
        for arguments in [["cost"], ["cost", "export"], ["limits"]] {
            let elsewhere = try await Program.run(arguments, in: project.folder.path)
            #expect(elsewhere.status == 66, "\(arguments): \(elsewhere.errors)")
        }
        try project.write(config: "rate_limiting: { timezone: Nowhere }\n")
        #expect(try await project.run("cost").status == 78)
    }

    @Test func lookingMakesNoFile() async throws {
        let fresh = try await Project()
        let summary = try await fresh.document("cost", "--json")
        #expect(summary["groups"] == .array([]) && summary["total"]?["calls"]?.int == 0)
        #expect(try await fresh.document("cost", "export", "--json") == .array([]))
        #expect(try await records(fresh.run("cost", "export")).isEmpty)
        #expect(try await fresh.run("cost", "export", "--jsonl").output.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: fresh.path + "/.questfoundry/ledger.db"))
    }

    // MARK: - Limits

    @Test func limitsTellWhatIsLeft() async throws {
        let document = try await project.document("limits", "--json")
        #expect(document.object?.keys == ["limits", "budgets"])
        let limit = try #require(document["limits"]?.array?.first)
        #expect(limit["scope"]?.string == "global" && limit["period"]?.string == "hour")
        #expect(limit["capacity"]?.int == 1_000 && limit["reserved"]?.int == 0 && limit["waiting"]?.int == 0)
        let budget = try #require(document["budgets"]?.array?.first)
        #expect(budget["limit"]?.string == "5" && budget["spent"]?.money == server.reportedCost)
        let left = try #require(budget["remaining"]?.money)
        #expect(left + server.reportedCost == Money(picodollars: 5_000_000_000_000))
        let words = try await project.run("limits")
        #expect(words.status == 0 && words.output.split(separator: "\n").count == 3)
        #expect(words.output.contains("requests_per_hour") && words.output.contains(" of 1000 "))
        #expect(words.output.contains("$\(left.dollars(decimals: 6)) of $5") && words.output.contains("resets in"))
    }

    @Test func withoutLimitsNoneAreTold() async throws {
        let fresh = try await Project()
        #expect(try await fresh.document("limits", "--json") == ["limits": [], "budgets": []])
        #expect(try await fresh.run("limits").output.contains("rate_limiting"))
    }

    @Test(arguments: [
        ["cost"], ["cost", "summary"], ["cost", "export"], ["limits"], ["limits", "set"], ["cache", "list"],
        ["cache", "show"],
        ["cache", "clear"],
    ])
    func helpShowsAnExample(command: [String]) async throws {
        let help = try await Program.run(command + ["--help"], in: project.folder.path)
        #expect(help.status == 0 && help.output.contains("Example: questfoundry \(command[0])"))
    }
}
