import Core
import Metering
import Terminal
import Testing

@testable import Dashboard
@testable import Studio

/// What looks into events, roles, runs and limits.
@Suite struct InspectorTests {
    private func activity(_ events: [SessionEvent] = Sample.run) -> DashboardState {
        var state = DashboardState.sample(Sample.busy(), width: 120, height: 40, events: events)
        _ = state.press(.character("6"), .enter)
        return state
    }

    private func stored(_ number: Int) -> SessionEvent {
        .artifactStored(
            run: ulid(1),
            artifact: StoredArtifact(
                id: "HOOK-\(number)", type: "hook_card", revision: 1, path: "", title: "Hook \(number)"))
    }

    @Test func newestEventIsSelectedUntilSomebodySelectsAnother() {
        var state = activity()
        #expect(state.frame.contains { $0.contains("▸") && $0.contains("begins draft_scenes") })
        state.fold([stored(7)])
        #expect(state.frame.contains { $0.contains("▸") && $0.contains("HOOK-7") })
        _ = state.press(.up)
        for number in 8..<90 { state.fold([stored(number)]) }
        #expect(state.frame.contains { $0.contains("▸") && $0.contains("begins draft_scenes") }, "\(state.screen)")
        _ = state.press(.end)
        state.fold([stored(99)])
        #expect(state.frame.contains { $0.contains("▸") && $0.contains("HOOK-99") })
    }

    @Test func eventsAreFilteredByWords() {
        var state = activity(Sample.run + (7..<12).map(stored))
        _ = state.press(.character("/"))
        _ = state.type("hook_card 9")
        _ = state.press(.enter)
        #expect(state.screen.contains("HOOK-9") && !state.screen.contains("HOOK-8"))
        #expect(state.frame[1].contains("1 of "))
    }

    @Test func eventIsShownWhole() {
        var state = activity()
        _ = state.press(.up, .up)
        let effects = state.press(.enter)
        #expect(effects == [.inspect(ulid(2))])
        #expect(state.screen.contains("Reading its request."))
        var card = Sample.requestCard
        card.request = ulid(2)
        _ = state.update(.inspected(card))
        for text in [
            "draft_scenes", "max_tokens 2048", "temperature 0.8", "seed 7", "waits: openai requests_per_minute",
            "failed: 503 from openai, charged $0.0010", "answered by openai", "200 from the provider's cache",
            "96 of them reasoning", "$0.01", "9.40 s", "miss (new)", "Count once more",
        ] {
            #expect(state.screen.contains(text), "\(text) is missing:\n\(state.screen)")
        }
        _ = state.press(.end)
        #expect(state.screen.contains("Write the ferry scene."))
        _ = state.press(.escape)
        #expect(state.isFullSize && state.inspection == nil)
    }

    @Test func eventOfAnArtifactLeadsToIt() {
        var state = activity()
        _ = state.press(.character("/"))
        _ = state.type("stored")
        _ = state.press(.enter, .enter)
        #expect(state.screen.contains("Enter reads the artifact."))
        #expect(state.press(.enter).first == .readArtifact(Reader.Stop(id: "HOOK-1")))
        #expect(state.focus == .output)
        // The way back is the one that led there.
        _ = state.press(.escape)
        #expect(state.focus == .activity && state.inspection != nil)
    }

    @Test func requestThatCannotBeReadSaysWhy() {
        var state = activity()
        _ = state.press(.up, .up, .enter)
        _ = state.update(.uninspected(ulid(2), "ledger.db is damaged"))
        #expect(state.screen.contains("ledger.db is damaged") && !state.screen.contains("Reading its request."))
    }

    @Test func linesThatMadeRoomAreReadAgainFromTheJournal() throws {
        var state = activity([])
        let events = (0..<1_500).map(stored)
        for event in events { _ = state.update(.session(state.record(event))); state.now += second }
        #expect(state.activity.count <= 1_000 && !state.activity.contains { $0.text.contains("HOOK-0 ") })
        let wall = try #require(state.activity.first?.moment)
        #expect(state.press(.home).last == .readActivity(upTo: wall))
        // Nothing more is asked for until that is there.
        #expect(state.press(.up).isEmpty)
        let selected = state.frame.first { $0.contains("▸") }
        let older = (0..<3).map { number in
            SessionEventRecord(
                session: ulid(9), moment: Moment(wall: wall - Int64(3 - number) * second, sinceBoot: 0),
                event: stored(number))
        }
        _ = state.update(.olderActivity(older, upTo: wall))
        #expect(state.frame.contains { $0 == selected }, "\(state.screen)")
        _ = state.press(.home)
        #expect(state.screen.contains("HOOK-0 ") && !state.hasAllActivity)
        _ = state.update(.olderActivity([], upTo: wall))
        #expect(state.hasAllActivity && state.press(.up).isEmpty)
    }

    @Test func linesThatAreInNoJournalStay() {
        var state = activity([])
        _ = state.update(.notice("line 3: unknown key"))
        for number in 0..<3_000 { _ = state.update(.session(state.record(stored(number)))) }
        #expect(state.activity.contains { $0.text == "line 3: unknown key" })
    }

    @Test func roleTellsEverySettingAndWhereItComesFrom() {
        var state = DashboardState.sample(Sample.busy(), width: 120, height: 40)
        _ = state.press(.down, .down, .down)
        #expect(state.press(.enter) == [.readRole(.sceneSmith, kind: .text)])
        #expect(state.screen.contains("Reading."))
        _ = state.update(.roleRead(Sample.roleCard(.gatekeeper)))
        #expect(state.screen.contains("Reading."), "the card of another role is not shown")
        _ = state.update(.roleRead(Sample.roleCard(.sceneSmith)))
        for text in ["config.yml:12", "overrides.yml", "default", "set (OPENAI_API_KEY)", "openai.api_key"] {
            #expect(state.screen.contains(text), "\(text) is missing:\n\(state.screen)")
        }
        _ = state.press(.character("v"))
        #expect(state.screen.contains("draft_scenes") && state.screen.contains("failed"))
        #expect(state.press(.enter) == [.inspect(ulid(3))])
        _ = state.press(.escape)
        #expect(state.focus == .roles && state.isFullSize)
        _ = state.press(.character("v"))
        #expect(state.screen.contains("last call") && state.screen.contains("answered by openai"))
    }

    @Test func runTellsHowLongItMayStillTake() {
        var state = DashboardState.sample(Sample.busy(), width: 120, height: 40, events: Sample.run)
        _ = state.press(.character("8"), .enter)
        #expect(state.screen.contains("1 of 6 steps") && state.screen.contains(" left"))
        #expect(state.screen.contains("1 request · 1 hit · $0"))
    }

    @Test func limitTellsWhatWasLeftAndWhoWaits() {
        var state = Sample.zoom(.limits, views: 0, width: 120, height: 40)
        _ = state.press(.down, .down)
        #expect(state.screen.contains("openai requests per minute"))
        #expect(state.levels["provider openai requests_per_minute"].count > 3)
        #expect(state.screen.contains("2 waiting in other processes"))
        state.fold([
            .requestWaiting(request: ulid(3), limit: "openai requests_per_minute", until: state.now + 20 * second)
        ])
        #expect(state.screen.contains("waiting: scene_smith in "))
    }

    @Test func costIsTakenApartByTheRowThatIsSelected() {
        var state = Sample.zoom(.cost, views: 0, width: 120, height: 40)
        #expect(state.screen.contains("all by the hour") && state.screen.contains("even pace of $5.00 a day"))
        _ = state.press(.down)
        #expect(!state.screen.contains("all by the hour") && state.screen.contains("by the hour"))
        _ = state.press(.character("w"))
        #expect(state.screen.contains("by the day"))
    }

    @Test func stateShowsUnitsSnapshotsBackupsAndThePlan() {
        var state = Sample.zoom(.state, views: 0, width: 120, height: 40)
        for text in ["TU-2026-11-20-AB01", "promoted 12 artifacts", "on schedule", "Down to version 1: revisions"] {
            _ = state.press(.character("v"))
            #expect(state.screen.contains(text), "\(text) is missing:\n\(state.screen)")
        }
        _ = state.press(.character("v"), .character("v"), .character("v"), .character("v"), .down)
        _ = state.press(.enter)
        #expect(state.dialog is BackupDialog && state.screen.contains("one undoes it"))
    }
}

/// Charts and search, by themselves.
@Suite struct DrawingTests {
    private func chart(_ values: [Double], mark: Double? = nil, glyphs: Glyphs = .unicode) -> [String] {
        let chart = BarChart(
            bars: values.enumerated().map { BarChart.Bar(name: "\($0.offset)", value: $0.element) },
            mark: mark.map { BarChart.Mark(value: $0, name: "budget") }, scale: { "\(Int($0))" }, glyphs: glyphs)
        return chart.lines(width: 20, height: 5).map(\.text)
    }

    @Test func barsStandOnTheirScale() {
        let lines = chart([0, 1, 2, 4])
        #expect(lines.count == 5)
        #expect(lines.last?.contains("0   1   2   3") == true)
        #expect(lines[0].contains("█") && lines[0].hasPrefix("4"))
        #expect(lines[3].hasPrefix("0") && lines[3].filter { $0 == "█" }.count > lines[0].filter { $0 == "█" }.count)
    }

    @Test func budgetIsALineAcrossUnlessItIsFarAway() {
        #expect(chart([1, 2, 3, 4], mark: 5).contains { $0.contains("─") })
        #expect(!chart([1, 2, 3, 4], mark: 50).contains { $0.contains("─") })
        #expect(chart([1, 2, 3, 4], mark: 5, glyphs: .ascii).allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } })
    }

    @Test func nothingIsDrawnWhereThereIsNothing() {
        #expect(chart([]).isEmpty && chart([0, 0]).isEmpty)
    }

    @Test func matchesGoOverLineBreaksAndWhateverCase() {
        let lines = [Line("the ferry Bell"), Line([Span("  rings ", .muted), Span("twice")]), Line("bell rings")]
        let matches = Matches(of: "BELL  rings", in: lines)
        #expect(matches.count == 2 && matches.lines == [0, 2])
        let marked = matches.marked(lines, current: 0)
        #expect(marked.map(\.text) == lines.map(\.text))
        #expect(marked[0].spans.last == Span("Bell", .cursor) && marked[1].spans.contains(Span("rings", .cursor)))
        #expect(marked[2].spans == [Span("bell rings", .selection)])
        #expect(Matches(of: " ", in: lines).count == 0)
    }

    @Test func dayOfTheMonthIsThatOfThePlace() {
        #expect(Figures.dayOfMonth(noon, utcOffset: 0) == "24")
        #expect(Figures.dayOfMonth(noon, utcOffset: 13 * 3_600) == "25")
        #expect(Figures.monthAndDay(noon, utcOffset: 0) == "11-24")
        #expect(Figures.monthAndDay(noon + 40 * 86_400 * second, utcOffset: 0) == "01-03")
        #expect(Figures.dayOfMonth(noon + 7 * 86_400 * second, utcOffset: 0) == "1")
    }
}
