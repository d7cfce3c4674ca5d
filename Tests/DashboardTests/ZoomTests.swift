import Core
import Metering
import ResponseCache
import Terminal
import Testing

@testable import Dashboard
@testable import Studio

/// What keys do in the tables at full size.
@Suite struct ZoomTests {
    /// The first words of the table's rows, the mark of the selected one left out.
    private func names(_ state: DashboardState, below title: String, column: Int = 0) -> [String] {
        let lines = state.frame.map { $0.trimmingFrame.split(separator: " ").map(String.init) }
        let header = lines.firstIndex { $0.contains { $0.hasPrefix(title) } && $0.contains { $0.hasSuffix("↓") } } ?? 0
        return lines.dropFirst(header + 1).prefix { !$0.isEmpty }.compactMap { line in
            line.map { $0.filter { $0 != "▸" } }.filter { !$0.isEmpty }.dropFirst(column).first
        }
    }

    @Test func sortGoesThroughTheColumnsAndRound() {
        var state = Sample.zoom(.cache, views: 0, width: 120, height: 40)
        #expect(state.screen.contains("saved $↓"))
        #expect(names(state, below: "role") == ["scene_smith", "gatekeeper", "plotwright"])
        for title in ["saved tok↓", "missed $↓", "missed tok↓", "shared↓", "role↓"] {
            _ = state.press(.character("s"))
            #expect(state.screen.contains(title))
        }
        // Names go by their letters, figures from the greatest.
        #expect(names(state, below: "role") == ["gatekeeper", "plotwright", "scene_smith"])
        _ = state.press(.character("s"))
        #expect(names(state, below: "role") == ["gatekeeper", "scene_smith", "plotwright"])
    }

    @Test func viewAndTimeGoRound() {
        var state = Sample.zoom(.cost, views: 0, width: 80, height: 24)
        for title in ["by provider", "by role", "by loop", "by model"] {
            _ = state.press(.character("v"))
            #expect(state.screen.contains(title))
        }
        for title in ["month", "all", "session", "today"] {
            _ = state.press(.character("w"))
            #expect(state.frame[1].contains("· \(title) "))
        }
    }

    @Test func monthIsReadOnlyWhereItIsShown() {
        var status = Sample.busy()
        status.tallies.month = []
        var state = Sample.zoom(.cost, views: 0, of: status, width: 80, height: 24)
        #expect(state.update(.status(status)).isEmpty)
        #expect(state.press(.character("w")) == [.tallyMonth])
        #expect(state.screen.contains("Nothing was asked this month"))
        _ = state.update(.month(Sample.tallies().month))
        #expect(state.screen.contains("gpt-4o"))
        // Figures that come without it leave it as it is, and have it read anew.
        #expect(state.update(.status(status)) == [.tallyMonth])
        #expect(state.screen.contains("gpt-4o"))
        #expect(state.press(.character("w")).isEmpty)
    }

    @Test func tableKeysSayWhereTheyCount() {
        var state = DashboardState.sample(Sample.busy())
        for key in ["s", "v", "w"] as [Character] {
            #expect(state.press(.character(key)).isEmpty)
            #expect(state.frame[23].contains("at full size: ") && state.frame[23].contains("Enter"))
        }
        #expect(state.tables.isEmpty)
    }

    @Test func entriesAreAskedForWhereTheyAreShown() {
        var state = Sample.zoom(.cache, views: 4, width: 80, height: 24)
        #expect(state.press(.character("v")) == [.listEntries])
        #expect(state.update(.status(Sample.busy())) == [.listEntries])
        #expect(state.press(.character("4")).isEmpty && state.press(.character("2")) == [.listEntries])
        _ = state.press(.escape)
        #expect(state.update(.status(Sample.busy())).isEmpty)
    }

    @Test func selectedEntryIsOfferedForRemoval() {
        var state = Sample.zoom(.cache, views: 5, width: 80, height: 24)
        _ = state.press(.down, .down)
        #expect(state.press(.character("x")) == [.planPrune(.key(Sample.entries[2].key))])
        #expect(state.screen.contains("entry 120000000000 of openai"))
        var other = Sample.zoom(.cache, views: 0, width: 80, height: 24)
        #expect(other.press(.character("x")) == [.planPrune(.expired)])
    }

    @Test func entriesAreFilteredByWhatIsTyped() {
        var state = Sample.zoom(.cache, views: 5, width: 120, height: 40)
        #expect(state.press(.character("/")).isEmpty)
        _ = state.type("FERRY bell")
        _ = state.press(.enter)
        #expect(state.dialog == nil && state.screen.contains("10 with \"FERRY bell\""))
        #expect(!state.screen.contains("A lantern that lies"))
        // What is selected counts among those.
        _ = state.press(.down, .character("d"))
        #expect(state.screen.contains("130000000000 of openai"))
        _ = state.press(.escape, .character("/"), .control("u"))
        _ = state.type("nowhere")
        _ = state.press(.enter)
        #expect(state.screen.contains("No entry has \"nowhere\" in it"))
        #expect(state.press(.character("d")).isEmpty && state.dialog == nil)
        _ = state.press(.character("/"), .control("u"), .enter)
        #expect(state.screen.contains("A lantern that lies"))
    }

    @Test func everyTableIsFilteredByWhatItShows() {
        var state = Sample.zoom(.cost, views: 0, width: 120, height: 40)
        _ = state.press(.character("/"))
        _ = state.type("anthropic SON")
        _ = state.press(.enter)
        #expect(state.screen.contains("sonnet") && !state.screen.contains("llama3"))
        #expect(state.frame[1].contains("with anthropic SON"))
        _ = state.press(.character("/"), .control("u"))
        _ = state.type("nowhere")
        _ = state.press(.enter)
        #expect(state.screen.contains("No row has \"nowhere\" in it"))
        // Another view shows all of it again.
        _ = state.press(.character("v"))
        #expect(state.screen.contains("ollama") && !state.frame[1].contains("with"))
    }

    @Test func oneEntryIsRemovedOnceItIsConfirmed() {
        var state = Sample.zoom(.cache, views: 5, width: 80, height: 24)
        #expect(state.press(.character("d")).isEmpty)
        #expect(state.screen.contains("[Cancel]") && state.screen.contains("it cost $0.0010"))
        #expect(state.press(.enter).isEmpty && state.dialog == nil)
        let key = Sample.entries[0].key
        #expect(state.press(.character("d"), .right, .enter) == [.prune(.key(key))])
    }

    @Test func oneEntryIsShownWhole() {
        var state = Sample.zoom(.cache, views: 5, width: 80, height: 24)
        let key = Sample.entries[0].key
        #expect(state.press(.enter) == [.readEntry(key: key)])
        #expect(state.screen.contains("Reading it.") && state.screen.contains("The prompt is not kept."))
        let text = (1...60).map { "line \($0) \u{1B}[31m" }.joined(separator: "\n")
        let answer = Answer(text: text, usage: Usage(inputTokens: 1_200, outputTokens: 812), model: "gpt-4o")
        let kept = CachedAnswer(answer: answer, cost: nil, storedAt: Moment(wall: noon, sinceBoot: 0))
        _ = state.update(.entryRead("another", nil))
        #expect(state.screen.contains("Reading it."))
        _ = state.update(.entryRead(key, kept))
        #expect(state.screen.contains("for 1.2k tokens in, 812 out") && state.screen.contains("line 1 ␛[31m"))
        _ = state.press(.end)
        #expect(state.screen.contains("line 60"))
        _ = state.press(.escape)
        #expect(state.dialog == nil && state.isFullSize)
        _ = state.press(.enter)
        _ = state.update(.entryRead(key, nil))
        #expect(state.screen.contains("It is gone, or damaged"))
    }

    @Test func entriesScrollWithTheirSelection() {
        var state = Sample.zoom(.cache, views: 5, width: 80, height: 24)
        #expect(state.screen.contains("▸100000"))
        _ = state.press(.end)
        #expect(state.screen.contains("▸390000") && !state.screen.contains(" 100000"))
        _ = state.press(.home)
        #expect(state.screen.contains("▸100000"))
        // The pane itself is read apart.
        #expect(state.views[.cache] == nil)
    }

    @Test func selectedLimitIsTheOneThatIsRaised() {
        var state = Sample.zoom(.limits, views: 0, width: 120, height: 40)
        _ = state.press(.down, .down, .character("+"))
        #expect(state.screen.contains("▸ openai requests per minute"))
        // 90, and a quarter more.
        #expect(
            state.press(.enter) == [
                .changeLimit(
                    LimitOrder(scope: .provider, name: "openai", key: "requests_per_minute", value: 112))
            ])
        _ = state.press(.character("-"), .tab, .backspace, .backspace, .backspace)
        _ = state.type("7.5")
        #expect(state.press(.enter).isEmpty && state.screen.contains("Type a whole number."))
    }

    @Test func limitThatTheRunWaitsForIsOfferedFirst() {
        var state = DashboardState.sample(Sample.busy(), width: 120, height: 40, events: Array(Sample.run.prefix(2)))
        let limit = "openai requests_per_hour"
        state.fold([.runPaused(run: ulid(1), role: .sceneSmith, limit: limit, until: noon + 3_600 * second)])
        #expect(state.screen.contains("+ raises it, c cancels"))
        _ = state.press(.character("+"))
        #expect(state.screen.contains("▸ openai requests per hour"))
        _ = state.press(.escape, .character("3"), .enter)
        #expect(state.screen.contains("The run waits for openai requests_per_hour"))
    }
}

extension String {
    /// Without the frame at both ends.
    fileprivate var trimmingFrame: String { filter { $0 != "│" } }
}
