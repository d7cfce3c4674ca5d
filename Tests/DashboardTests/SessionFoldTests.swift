import Core
import Terminal
import Testing

@testable import Dashboard
@testable import Studio

@Suite struct SessionFoldTests {
    @Test func figuresAreReadAnewOnlyWhenTheyHaveChanged() {
        var state = DashboardState.sample()
        let asked = Sample.run.map { state.update(.session(state.record($0))) == [.refreshStatus] }
        #expect(asked.last == false)
        #expect(asked.first == true)
    }

    @Test func loopLineTellsStepPartsAndTime() {
        let state = DashboardState.sample(width: 120, height: 40, events: Sample.run)
        #expect(state.frame[0].contains("story_spark ▸ draft_scenes (1/4) 5/6"))
        #expect(state.frame[0].contains("00:12"))
        #expect(abs((state.run?.fraction ?? 0) - 1.25 / 6) < 0.0001)
    }

    @Test func endOfARunIsSaid() {
        for (ending, text) in [
            (RunState.done, "✓ done"), (.failed, "✗ failed"), (.refused, "✗ refused"), (.cancelled, "✗ cancelled"),
        ] {
            var state = DashboardState.sample(width: 120, height: 40, events: Sample.run)
            state.fold([.runFinished(run: ulid(1), loop: "story_spark", state: ending, message: "because of that")])
            #expect(state.frame[0].contains(text))
            #expect(!state.isBusy)
            #expect(state.requests.isEmpty)
            #expect(state.screen.contains("✗ not stored"))
        }
    }

    @Test func textStreamsUnconfirmedUntilItsRowIsDurable() {
        var state = DashboardState.sample(width: 120, height: 40, events: Sample.run)
        #expect(state.screen.contains("The ferry bell rings twice"))
        #expect(state.screen.contains("unconfirmed"))
        #expect(!state.screen.contains("\"text\""))
        state.fold([
            .requestAnswered(request: ulid(3), record: Sample.record(), text: Sample.scene),
            .artifactStored(
                run: ulid(1),
                artifact: StoredArtifact(
                    id: "S-1", type: "scene", revision: 1, path: "hot/scenes/S-1.json", title: "The ferry bell",
                    needsReview: "an exit leads nowhere")),
        ])
        #expect(!state.screen.contains("unconfirmed"))
        #expect(state.screen.contains("→ Count once more"))
        #expect(state.screen.contains("✓ scene · The ferry bell"))
        #expect(state.screen.contains("needs review: an exit leads nowhere"))
    }

    @Test func rolesShowWhoWritesAndWhoWaits() {
        var state = DashboardState.sample(width: 120, height: 40, events: Sample.run)
        #expect(state.screen.contains("writing"))
        state.fold([.requestWaiting(request: ulid(3), limit: "openai requests/min", until: state.now + 9 * second)])
        #expect(state.screen.contains("waiting 8 s"))
        #expect(state.screen.contains("waits: openai requests/min"))
        let cost = state.run?.currentStep?.cost
        state.fold([
            .requestRetrying(
                request: ulid(3), message: "HTTP 503", until: state.now + 4 * second, charged: dollars("0.03"))
        ])
        #expect(state.screen.contains("tries again in 4 s: HTTP 503, charged $0.0300"))
        #expect(state.screen.contains("waits: its next try"))
        #expect(state.run?.currentStep?.cost == cost.flatMap { $0 }.map { $0 + dollars("0.03") })
        state.fold([
            .requestFailed(
                request: ulid(3), role: .sceneSmith, provider: "openai", message: "HTTP 500", charged: dollars("0.02"))
        ])
        #expect(state.screen.contains("openai: HTTP 500, charged $0.0200"))
        #expect(state.requests.isEmpty)
    }

    @Test func fallbackIsOneLineAndItsCauseStandsAtFullSize() {
        var state = DashboardState.sample(width: 120, height: 40, events: Sample.run)
        let cost = state.run?.currentStep?.cost
        state.fold([
            .requestFellBack(
                request: ulid(3), role: .sceneSmith, provider: "openai", reason: "failed (503)",
                message: "openai: api.openai.com failed (503); try again later", next: "anthropic",
                model: "claude-sonnet-4-5", charged: dollars("0.03"))
        ])
        #expect(state.activity.last?.text == "openai failed (503), anthropic asked instead")
        #expect(state.requests[ulid(3)]?.provider == "anthropic")
        #expect(state.run?.currentStep?.cost == cost.flatMap { $0 }.map { $0 + dollars("0.03") })
        #expect(!state.screen.contains("try again later"))
        _ = state.press(.character("6"), .enter)
        #expect(state.press(.enter) == [.inspect(ulid(3))])
        #expect(state.screen.contains("openai: api.openai.com failed (503); try again later, charged $0.0300"))
        #expect(state.inspection?.line.cause?.contains("now anthropic is asked") == true)
    }

    @Test func hitRatesGrowWithEachAnswer() {
        var state = DashboardState.sample()
        for (number, source) in [AnswerSource.provider, .cache, .shared, .provider].enumerated() {
            state.fold([
                .requestAnswered(request: ulid(number), record: Sample.record(source: source), text: "")
            ])
        }
        #expect(state.hitRates == [0, 0.5, 2.0 / 3, 0.5])
    }

    @Test func stepsOfTheLoopCarryTimeRequestsAndCost() {
        var state = DashboardState.sample(events: Sample.run)
        state.fold([
            .requestAnswered(request: ulid(3), record: Sample.record(), text: Sample.scene),
            .requestStarted(
                request: ulid(4), role: .styleLead, provider: "openai", model: "m", step: "draft_scenes",
                isConsultation: true),
            .requestFailed(
                request: ulid(4), role: .styleLead, provider: "openai", message: "gone", charged: dollars("0.001")),
        ])
        #expect(state.run?.steps[0].hits == 1)
        #expect(state.run?.steps[4].requests == 1)
        #expect(state.run?.steps[4].cost == dollars("0.012"))
        state.fold([.requestAnswered(request: ulid(5), record: Sample.record(cost: nil), text: "")])
        #expect(state.run?.steps[4].cost == nil)
    }

    @Test func outputKeepsTheNewestAnswers() {
        var state = DashboardState.sample()
        for number in 0..<60 {
            state.fold([
                .requestStarted(
                    request: ulid(number), role: .sceneSmith, provider: "p", model: "m", step: "s",
                    isConsultation: false)
            ])
        }
        #expect(state.output.count == DashboardState.mostOutput)
        #expect(state.output.last?.request == ulid(59))
    }

    @Test func endlessAnswerIsBounded() {
        var entry = OutputEntry(request: ulid(1), role: .sceneSmith, step: "s", isConsultation: false)
        for _ in 0..<300 { entry.grow(by: String(repeating: "x", count: 1_000)) }
        #expect(entry.text.utf8.count <= OutputEntry.longest + 1_000)
    }

    @Test func everyKindOfEventHasItsLine() {
        var state = DashboardState.sample(width: 200, height: 60)
        state.fold([
            .runStarted(run: ulid(1), loop: "spark", steps: [], brief: "", seed: nil, mostItMayCost: nil),
            .requestAnswered(request: ulid(2), record: Sample.record(), text: ""),
            .requestAnswered(request: ulid(2), record: Sample.record(source: .shared), text: ""),
            .roleSwitched(role: .sceneSmith, provider: "openai", model: "gpt-4o"),
            .roleReset(role: .sceneSmith), .cachePruned(entries: 1_200, bytes: 4_096),
            .notice(isError: true, text: "mind the gap"),
            .runPaused(run: ulid(1), role: .gatekeeper, limit: "openai cost_per_day", until: noon + 3_600 * second),
            .runResumed(run: ulid(1)),
            .runFinished(run: ulid(1), loop: "spark", state: .refused, message: "the budget is spent"),
        ])
        for text in [
            "a model has no price", "gpt-4o 1.2k in, 812 out $0.0110", "shared a request under way, saved $0.0040",
            "now uses openai gpt-4o", "uses what config.yml says again", "removed 1,200 entries, 4 kB",
            "mind the gap", "refused: the budget is spent", "pauses: openai cost_per_day, goes on in ", "goes on",
        ] { #expect(state.screen.contains(text), "\(text)") }
    }

    @Test func pausedRunSaysWhatItWaitsForUntilItGoesOn() {
        var state = DashboardState.sample(width: 120, height: 40, events: Sample.run)
        let until = state.now + 7_200 * second
        state.fold([.runPaused(run: ulid(1), role: .sceneSmith, limit: "openai cost_per_day", until: until)])
        #expect(state.frame[0].contains("story_spark paused: openai cost_per_day, 2 h"))
        #expect(state.frame[39].contains("c cancels"))
        #expect(state.isBusy)
        _ = state.update(.resize(Size(width: 60, height: 24)))
        #expect(state.frame[0].contains("paused"))
        _ = state.update(.resize(Size(width: 120, height: 40)))
        state.fold([.runResumed(run: ulid(1))])
        #expect(!state.frame[0].contains("paused") && state.frame[0].contains("draft_scenes"))
    }

    @Test func freshFiguresReplaceTheOldAndBurnRatesGather() {
        var state = DashboardState.sample()
        _ = state.update(.status(Sample.busy()))
        #expect(state.screen.contains("61 %"))
        #expect(state.burnRates.count == 1)
        _ = state.update(.status(Sample.busy()))
        #expect(state.burnRates.count == 1)
    }

    @Test func hostileTextNeverReachesTheScreen() {
        let hostile = "\u{1B}[2J\u{202E}evil\u{7}\u{9B}31m\r\nnext\u{0}\t漢字 👩‍👩‍👧"
        var status = Sample.busy()
        status.project.name = hostile
        status.roles[0].provider = hostile
        status.roles[0].model = hostile
        status.roles[0].problem = hostile
        status.limits[0].name = hostile
        status.budgets[1].name = hostile
        var missed = MissTotals()
        missed.count = 3
        status.cache.session.causes = [hostile: missed]
        status.tallies = Sample.tallies(provider: hostile, cause: hostile)
        var state = DashboardState.sample(status, width: 120, height: 40)
        state.fold([
            .runStarted(run: ulid(1), loop: hostile, steps: [hostile], brief: hostile, seed: 1, mostItMayCost: nil),
            .stepStarted(run: ulid(1), index: 0, step: hostile, role: .sceneSmith),
            .requestStarted(
                request: ulid(2), role: .sceneSmith, provider: hostile, model: hostile, step: hostile,
                isConsultation: false),
            .textDelta(request: ulid(2), text: hostile), .notice(isError: true, text: hostile),
        ])
        for pane in Pane.all {
            state.focus = pane.id
            for isFull in [false, true] {
                state.isFullSize = isFull
                expectWhole(state)
                #expect(!state.screen.unicodeScalars.contains("\u{202E}"))
            }
        }
        #expect(state.screen.contains("␛"))
        _ = state.press(.character("p"))
        _ = state.update(.failed(hostile))
        expectWhole(state)
    }
}
