import Core
import Metering
import ResponseCache
import TestKit
import Testing

@testable import Studio

/// What reports of a workspace print.
@Suite(.timeLimit(.minutes(10))) struct ReportTests {
    private let server: FakeOpenAIServer
    private let fixture: StoryFixture

    /// One run asks the server and the next one the cache.
    init() async throws {
        server = try await FakeOpenAIServer.start()
        fixture = try StoryFixture(server)
        for _ in 1...2 { _ = try await fixture.run(RunOrder(count: 1, seed: 7)) }
    }

    private func keys(_ value: JSONValue?) -> [String]? { value?.object?.keys }

    @Test func costSummaryHasTheDocumentedKeysInOrder() async throws {
        let session = try fixture.session()
        let document = try await session.costSummary(by: [.role, .day]).json
        await session.close()
        #expect(keys(document) == ["currency", "by", "from", "to", "groups", "total"])
        #expect(document["by"]?.array?.compactMap(\.string) == ["role", "day"] && document["from"] == .null)
        let figures = [
            "calls", "hits", "input_tokens", "cached_input_tokens", "output_tokens", "cost", "priced_cost",
            "unpriced_calls", "estimated_cost", "saved_cost",
        ]
        #expect(keys(document["total"]) == figures)
        let groups = try #require(document["groups"]?.array)
        #expect(!groups.isEmpty && groups.allSatisfy { keys($0) == ["role", "day"] + figures })
        #expect(groups.allSatisfy { $0["day"]?.string == "2026-11-24" })
        #expect(document["total"]?["output_tokens"]?.int == server.reportedOutputTokens)
        #expect(document["total"]?["calls"]?.int == 2 * server.served)
        #expect(document["total"]?["hits"]?.int == server.served)
        #expect(document["total"]?["cost"] == document["total"]?["saved_cost"])
    }

    @Test func costWithoutAPriceIsNull() {
        var summary = CostSummary(keys: [.model], first: CalendarDay("2026-11-24"))
        summary.total.cost = Money(picodollars: 5)
        #expect(summary.json["total"]?["cost"]?.string == "0.000000000005")
        summary.total.unpriced = 1
        #expect(summary.json["total"]?["cost"] == .null)
        #expect(summary.json["total"]?["priced_cost"]?.string == "0.000000000005")
        #expect(summary.json["from"]?.string == "2026-11-24")
    }

    @Test func ledgerLinesHaveTheNamedColumns() async throws {
        let session = try fixture.session()
        let page = try await session.ledgerPage()
        await session.close()
        #expect(page.lines.count == 2 * server.served && page.next == nil)
        for line in page.lines {
            #expect(keys(line.json) == LedgerLine.columns)
            #expect(line.csv.split(separator: ",", omittingEmptySubsequences: false).count == LedgerLine.columns.count)
            #expect(line.csv.hasPrefix("2026-11-24T12:00:0"))
        }
        #expect(LedgerLine.csvHeader.split(separator: ",").map(String.init) == LedgerLine.columns)
    }

    @Test func whatANameHoldsSteersNoTerminalAndNoSpreadsheet() async throws {
        let session = try fixture.session()
        var line = try #require(try await session.ledgerPage().lines.first)
        await session.close()
        line.model = "=cmd(\u{1B}[2J)"
        line.step = "\t-1"
        line.cost = nil
        #expect(line.csv.contains(",'=cmd(␛[2J),"))
        #expect(line.csv.contains(",'\t-1,"))
        #expect(line.json["model"]?.string == line.model && line.json["cost"] == .null)
    }

    @Test func cachedEntriesHaveTheDocumentedKeysInOrder() async throws {
        let session = try fixture.session()
        let entries = try await session.cachedEntries(sortedBy: .size)
        let entry = try #require(entries.first)
        let answer = try await session.cachedAnswer(entry.key)
        await session.close()
        #expect(entries.count == server.served)
        #expect(entries.reduce(Money.zero) { $0 + ($1.cost ?? .zero) } == server.bill)
        let own = [
            "key", "provider", "model", "stored_at", "used_at", "expires_at", "expired", "damaged", "bytes", "cost",
        ]
        #expect(keys(entry.json) == own + ["opening"])
        let document = entry.json(with: answer)
        #expect(keys(document) == own + ["answer"])
        #expect(keys(document["answer"]) == ["model", "response_id", "finish", "usage", "reasoning", "text"])
        #expect(document["answer"]?["text"]?.string?.hasPrefix(entry.opening) == true)
        #expect(entry.json(with: nil)["answer"] == .null)
    }
}

extension FakeOpenAIServer {
    /// What its answers cost at the prices of ``TestPrice``.
    fileprivate var bill: Money { TestPrice.input * reportedInputTokens + TestPrice.output * reportedOutputTokens }
}
