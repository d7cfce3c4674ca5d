import Configuration
import Core
import ResponseCache
import Terminal
import Testing

@testable import Dashboard
@testable import Studio
@testable import Workspace

@Suite struct DialogTests {
    // MARK: Trust

    @Test func workspaceFromElsewhereAsksFirstAndCancelIsTheFirstAnswer() {
        var status = Sample.fresh()
        status.untrusted = [TrustLine(variable: "OPENAI_API_KEY", host: "strange.example")]
        for (keys, effects) in [([Key.enter], []), ([.right, .enter], [Effect.trust]), ([.escape], [])] {
            var state = DashboardState(status: status, size: Size(width: 80, height: 24), now: 0)
            #expect(state.start(suggestedPlace: nil) == [.lookAround])
            #expect(state.screen.contains("OPENAI_API_KEY to strange.example"))
            #expect(keys.flatMap { state.press($0) } == effects)
            #expect(state.dialog == nil)
        }
        var trusted = DashboardState.sample()
        #expect(trusted.start(suggestedPlace: nil) == [.lookAround] && trusted.dialog == nil)
    }

    // MARK: Generate

    @Test func generateAsksThePriceAndEnterStarts() {
        var state = DashboardState.sample()
        let order = GenerateOrder(loop: "story_spark")
        #expect(state.press(.character("g")) == [.price(order)])
        _ = state.update(.priced(order, .sample("0.42")))
        #expect(state.screen.contains("It costs at most $0.42"))
        #expect(state.press(.enter) == [.run(order)])
        #expect(state.dialog == nil)
        #expect(state.isBusy)
    }

    @Test func enterBeforeThePriceWaitsForIt() {
        var state = DashboardState.sample()
        #expect(state.press(.character("g"), .enter) == [.price(GenerateOrder(loop: "story_spark"))])
        #expect(state.dialog is GenerateDialog)
        #expect(
            state.update(.priced(GenerateOrder(loop: "story_spark"), .sample("0"))) == [
                .run(GenerateOrder(loop: "story_spark"))
            ])
    }

    @Test func generateTakesBriefAndCountAndRemembersThem() {
        var state = DashboardState.sample()
        _ = state.press(.character("g"), .tab)
        _ = state.type("A quiet ferry")
        _ = state.press(.tab)
        let order = GenerateOrder(loop: "story_spark", brief: "A quiet ferry", count: 6)
        #expect(state.type("x6").last == .price(order))
        _ = state.update(.priced(order, .sample(nil)))
        #expect(state.screen.contains("cannot be known"))
        #expect(state.press(.enter) == [.run(order)])
        _ = state.update(.runEnded(Sample.report()))
        #expect(state.press(.character("g")) == [.price(order)])
        #expect(state.screen.contains("A quiet ferry"))
    }

    @Test func priceOfAnEarlierOrderIsNotShown() {
        var state = DashboardState.sample()
        _ = state.press(.character("g"), .tab)
        _ = state.type("x")
        _ = state.update(.priced(GenerateOrder(loop: "story_spark"), .sample("9")))
        #expect(!state.screen.contains("$9"))
    }

    @Test func impossibleCountIsRefusedInWords() {
        var state = DashboardState.sample()
        _ = state.press(.character("g"), .tab, .tab)
        _ = state.type("99")
        #expect(state.screen.contains("1 to 40 scenes can be drafted."))
        #expect(state.press(.enter).isEmpty)
        #expect(state.dialog is GenerateDialog)
        _ = state.update(.failed("the disk is full"))
        _ = state.press(.backspace)
        _ = state.update(.failed("the disk is full"))
        #expect(state.screen.contains("the disk is full"))
    }

    @Test func escapeClosesAndPasteStaysOnOneLine() {
        var state = DashboardState.sample()
        _ = state.press(.character("g"), .tab)
        #expect(state.update(.paste("two\nlines")) == [.price(GenerateOrder(loop: "story_spark", brief: "two lines"))])
        #expect(state.press(.escape).isEmpty)
        #expect(state.dialog == nil)
        #expect(state.update(.paste("nothing")).isEmpty)
    }

    // MARK: Provider

    private func providerDialog(isOverridden: Bool = false) -> DashboardState {
        var status = Sample.fresh()
        status.roles[0].isOverridden = isOverridden
        var state = DashboardState.sample(status)
        #expect(state.press(.character("p")) == [.listChoices(role: .showrunner, kind: .text)])
        let looks: [Effect] = ["local", "openai"].map { .lookAt(provider: $0, .showrunner, kind: .text) }
        #expect(state.update(.choices(Sample.choices)) == looks)
        return state
    }

    private func offer(_ provider: String, in state: inout DashboardState) {
        #expect(state.update(.offered(.showrunner, .text, Sample.offer(of: provider))) == [.refreshStatus])
    }

    @Test func providerIsSwitchedWithItsOwnModel() {
        var state = providerDialog()
        #expect(state.screen.contains("$2.50/$10.00 ~$0.0112"))
        #expect(state.screen.contains("no key: set MISTRAL_API_KEY"))
        #expect(state.press(.down, .down, .enter) == [.switchRole(.showrunner, provider: "openai", model: nil)])
        #expect(state.dialog == nil)
    }

    @Test func providersSayHowTheyStandOnceTheirServersHaveAnswered() {
        var state = providerDialog()
        #expect(state.screen.contains("9.40 s") && state.screen.contains("looking"))
        offer("local", in: &state)
        #expect(state.screen.contains("no answer"))
        _ = state.press(.down)
        #expect(state.screen.contains("nobody answers at 127.0.0.1:8080"))
        offer("openai", in: &state)
        #expect(!state.screen.contains("looking"))
        _ = state.press(.down)
        #expect(state.screen.contains("key set (OPENAI_API_KEY), answers in 240"))
        #expect(state.screen.contains("lists 3 models."))
        #expect(state.screen.contains("1.2k tokens in, 812 out, the mean of its last 14 calls"))
    }

    @Test func aModelThatTheServerDoesNotListIsMarked() {
        var state = providerDialog()
        var offer = Sample.offer(of: "openai")
        offer.health.models = ["gpt-5"]
        _ = state.update(.offered(.showrunner, .text, offer))
        #expect(state.screen.contains("unlisted"))
    }

    @Test func modelsAreTheServersTheConfiguredOnesFirst() throws {
        var state = providerDialog()
        _ = state.press(.down, .down)
        offer("openai", in: &state)
        let lines = state.screen.split(separator: "\n").filter { $0.contains("gpt-4o") || $0.contains("o9-preview") }
        #expect(lines.count == 5 && lines[2].contains(" gpt-4o ") && lines[3].contains("gpt-4o-mini"))
        #expect(lines[4].contains("o9-preview") && lines[4].contains("?"))
        #expect(
            state.press(.tab, .tab, .down, .enter) == [
                .switchRole(.showrunner, provider: "openai", model: "gpt-4o-mini")
            ])
    }

    @Test func typingFiltersTheModelsAndTabChoosesFromThem() {
        var state = providerDialog()
        _ = state.press(.down, .down, .tab)
        offer("openai", in: &state)
        let typed = state.type("MINI")
        #expect(typed.last == .quote(.showrunner, kind: .text, provider: "openai", model: "MINI"))
        #expect(!state.screen.contains("o9-preview"))
        #expect(state.screen.contains("openai lists no MINI"))
        #expect(state.press(.tab, .enter) == [.switchRole(.showrunner, provider: "openai", model: "gpt-4o-mini")])
    }

    @Test func modelCanBeTyped() {
        var state = providerDialog()
        _ = state.press(.down, .tab)
        _ = state.type("qwen3-14b")
        _ = state.update(.quoted(.showrunner, .text, provider: "local", Sample.quote("qwen3-14b", "0", "0.000001")))
        #expect(state.screen.contains("qwen3-14b: $0/$1.00 per M tokens, a request ~$0.0008."))
        #expect(state.press(.enter) == [.switchRole(.showrunner, provider: "local", model: "qwen3-14b")])
    }

    @Test func anotherProviderForgetsWhatWasTyped() {
        var state = providerDialog()
        _ = state.press(.down, .tab)
        _ = state.type("x")
        #expect(state.press(.backTab, .down, .enter) == [.switchRole(.showrunner, provider: "openai", model: nil)])
    }

    @Test func whatTheRoleUsesAlreadyIsNotSwitchedTo() {
        var state = providerDialog()
        #expect(state.press(.enter).isEmpty)
        #expect(state.dialog == nil && state.screen.contains("uses embedded embedded-1 already"))
    }

    @Test func providerWithAProblemIsNotTaken() {
        var state = providerDialog()
        #expect(state.press(.pageDown, .enter).isEmpty)
        #expect(state.dialog is ProviderDialog)
        _ = state.press(.tab)
        _ = state.type("large")
        #expect(state.press(.enter).isEmpty)
        #expect(state.screen.contains("no key: set MISTRAL_API_KEY"))
    }

    @Test func providerWithoutAModelWantsOne() {
        var choices = Sample.choices
        (choices.all[1].model, choices.all[1].configuredModels) = (nil, [])
        var state = DashboardState.sample()
        _ = state.press(.character("p"))
        _ = state.update(.choices(choices))
        #expect(state.press(.down, .enter).isEmpty)
        #expect(state.screen.contains("local has no model: type one"))
        _ = state.press(.tab)
        _ = state.type("qwen3")
        #expect(state.press(.enter) == [.switchRole(.showrunner, provider: "local", model: "qwen3")])
    }

    @Test func manyModelsAreShownAroundTheSelectedOne() {
        var offer = Sample.offer(of: "openai")
        offer.quotes = (1...60).map { Sample.quote("model-\($0)", "0.000001", "0.000002") }
        var state = providerDialog()
        _ = state.press(.down, .down)
        _ = state.update(.offered(.showrunner, .text, offer))
        #expect(state.screen.contains("model-4") && !state.screen.contains("model-5"))
        #expect(state.screen.contains("… 56 more"))
        _ = state.press(.tab, .tab, .end)
        #expect(state.screen.contains("▸ model-60") && state.screen.contains("… 56 more"))
    }

    @Test func anOfferOfAnotherRoleIsNotShown() {
        var state = providerDialog()
        _ = state.press(.down, .down)
        _ = state.update(.offered(.gatekeeper, .text, Sample.offer(of: "openai")))
        #expect(!state.screen.contains("o9-preview"))
    }

    @Test func liveChangeCanBeTakenBack() {
        var state = providerDialog(isOverridden: true)
        #expect(state.screen.contains("as config.yml says"))
        #expect(state.press(.pageDown, .enter) == [.resetRole(.showrunner)])
    }

    @Test func providerDialogWithoutProvidersSaysSo() {
        var state = DashboardState.sample()
        _ = state.press(.character("p"))
        #expect(state.press(.enter).isEmpty)
        var none = Sample.choices
        none.all = []
        _ = state.update(.choices(none))
        #expect(state.screen.contains("providers.text in config.yml"))
        #expect(state.press(.enter).isEmpty)
    }

    // MARK: State

    @Test func migrationShowsItsPlanAndAsksWithCancelFirst() {
        var state = DashboardState.sample(Sample.busy())
        #expect(state.press(.character("m")) == [.planMigration(to: 1)])
        #expect(state.press(.enter).isEmpty)
        _ = state.update(.migrationPlanned(Sample.plan(to: 1)))
        #expect(state.screen.contains("lost: what 3 snapshots hold") && state.screen.contains("412 artifacts"))
        #expect(state.press(.enter).isEmpty)
        #expect(state.screen.contains("[Cancel]"))
        #expect(state.press(.enter).isEmpty)
        #expect(state.dialog is MigrateDialog && !state.screen.contains("Cancel"))
        #expect(state.press(.enter, .right, .enter) == [.migrate(to: 1)])
        #expect(state.press(.enter).isEmpty)
        _ = state.update(.stateProgress(StateProgress(stage: .writing, done: 206, total: 412)))
        #expect(state.screen.contains("Writing 206 of 412 (50 %)"))
        _ = state.update(.failed("the session 01 is running"))
        #expect(state.screen.contains("the session 01 is running. Everything is as it was."))
        _ = state.update(.stateReplaced("The workspace has version 1 now", Sample.busy()))
        #expect(state.dialog == nil && state.screen.contains("The workspace has version 1 now;"))
        #expect(state.activity.last?.text == "The workspace has version 1 now; b brings the state before back.")
    }

    @Test func whatIsNoWorkspaceOfFilesCannotBeMigrated() {
        var status = Sample.busy()
        status.state.backend = "redis"
        for key in ["m", "b"] as [Character] {
            var state = DashboardState.sample(status)
            #expect(state.press(.character(key)).isEmpty && state.dialog == nil)
            #expect(state.screen.contains("The state is kept in redis"))
        }
        var running = DashboardState.sample(Sample.busy(), events: Array(Sample.run.prefix(2)))
        #expect(running.press(.character("m")).isEmpty && running.dialog == nil)
    }

    @Test func backupIsMadeAtOnceAndRestoredAfterAsking() {
        var state = DashboardState.sample(Sample.busy())
        #expect(state.press(.character("b")).isEmpty)
        #expect(state.press(.enter) == [.backUp])
        #expect(state.update(.backedUp(Sample.backups[0])) == [.refreshStatus])
        #expect(state.dialog == nil && state.screen.contains("is made"))
        #expect(state.press(.character("b"), .down, .enter).isEmpty)
        #expect(state.screen.contains("[Cancel]") && state.screen.contains("one undoes it"))
        #expect(state.press(.enter).isEmpty)
        #expect(state.press(.enter, .right, .enter) == [.restore("20261124T115000.000Z-manual")])
    }

    @Test func nothingIsRestoredWhileARunIsUnderWay() {
        var state = DashboardState.sample(Sample.busy(), events: Array(Sample.run.prefix(2)))
        #expect(state.press(.character("b"), .down, .enter).isEmpty)
        #expect(state.screen.contains("A run is under way"))
        #expect(!state.screen.contains("[Cancel]"))
    }

    // MARK: Prune

    @Test func pruneSaysHowMuchAndAsksWithCancelFirst() {
        var state = DashboardState.sample()
        #expect(state.press(.character("x")) == [.planPrune(.expired)])
        #expect(state.press(.enter).isEmpty)
        _ = state.update(.prunePlanned(.expired, PruneResult(entries: 12, bytes: 2_048)))
        #expect(state.screen.contains("It removes 12 entries, 2 kB."))
        #expect(state.press(.enter).isEmpty)
        #expect(state.screen.contains("[Cancel]"))
        #expect(state.press(.enter).isEmpty)
        #expect(state.dialog == nil)
    }

    @Test func pruneRemovesWhatWasChosenAndConfirmed() {
        var state = DashboardState.sample()
        _ = state.press(.character("x"))
        #expect(state.press(.down) == [.planPrune(.olderThan(seconds: 604_800))])
        #expect(state.press(.down) == [.planPrune(.provider("embedded"))])
        #expect(state.press(.down) == [.planPrune(.everything)])
        _ = state.update(.prunePlanned(.expired, PruneResult(entries: 1, bytes: 1)))
        #expect(state.screen.contains("Counting."))
        _ = state.update(.prunePlanned(.everything, PruneResult(entries: 40, bytes: 9_999_999)))
        #expect(state.press(.enter, .right, .enter) == [.prune(.everything)])
    }

    @Test func pruneOfNothingStaysOpen() {
        var state = DashboardState.sample()
        _ = state.press(.character("x"))
        _ = state.update(.prunePlanned(.expired, PruneResult(entries: 0, bytes: 0)))
        #expect(state.screen.contains("No entry is expired."))
        #expect(state.press(.enter).isEmpty)
        #expect(state.dialog is PruneDialog)
        _ = state.update(.failed("the cache cannot be read"))
        #expect(state.screen.contains("the cache cannot be read"))
    }

    @Test func anotherFilterTakesTheButtonsBack() {
        var state = DashboardState.sample()
        _ = state.press(.character("x"))
        _ = state.update(.prunePlanned(.expired, PruneResult(entries: 12, bytes: 2_048)))
        _ = state.press(.enter, .backTab, .down)
        #expect(!state.screen.contains("Cancel"))
    }

    // MARK: First run

    private func firstRun() -> DashboardState {
        var state = DashboardState.sample(nil)
        #expect(
            state.start(suggestedPlace: "~/QuestFoundry/lantern")
                == [.checkPlace("~/QuestFoundry/lantern"), .scoutProviders])
        return state
    }

    @Test func firstRunMakesTheWorkspaceAndGoesOn() {
        var state = firstRun()
        _ = state.update(.placeChecked("~/QuestFoundry/lantern", checkout: nil))
        #expect(state.press(.enter) == [.makeWorkspace("~/QuestFoundry/lantern", ProviderScout.Offer(.embedded))])
        #expect(state.press(.enter).isEmpty)
        _ = state.update(.workspaceOpened(Sample.fresh()))
        #expect(state.dialog == nil)
        #expect(state.screen.contains("The workspace The Lantern Archive is made."))
        #expect(state.screen.contains("The embedded provider writes"))
    }

    @Test func sourceCheckoutIsSaidBeforeAWorkspaceIsMadeThere() {
        var state = firstRun()
        #expect(state.press(.enter) == [.checkPlace("~/QuestFoundry/lantern")])
        #expect(state.update(.placeChecked("~/QuestFoundry/lantern", checkout: "/home/mara")).isEmpty)
        #expect(state.screen.contains("source checkout /home/mara"))
        #expect(state.press(.enter) == [.makeWorkspace("~/QuestFoundry/lantern", ProviderScout.Offer(.embedded))])
    }

    @Test func enterBeforeThePlaceIsCheckedGoesOnAfterIt() {
        var state = firstRun()
        #expect(state.type("s") == [.checkPlace("~/QuestFoundry/lanterns")])
        _ = state.press(.enter)
        #expect(
            state.update(.placeChecked("~/QuestFoundry/lanterns", checkout: nil))
                == [.makeWorkspace("~/QuestFoundry/lanterns", ProviderScout.Offer(.embedded))])
        _ = state.update(.failed("the folder cannot be made"))
        #expect(state.screen.contains("the folder cannot be made"))
    }

    @Test func escapeLeavesWithoutAWorkspace() {
        var state = firstRun()
        #expect(state.press(.escape) == [.quit(.quit)])
        _ = state.press(.control("u"))
        var empty = firstRun()
        _ = empty.press(.control("u"))
        #expect(empty.press(.enter).isEmpty)
    }

    @Test func whatIsSeenOnThisMachineIsOfferedByNameAlone() {
        var state = firstRun()
        let offers = [
            ProviderScout.Offer(.openai, variable: "OPENAI_API_KEY"),
            ProviderScout.Offer(.ollama, model: "qwen3", models: 2),
        ]
        _ = state.update(.placeChecked("~/QuestFoundry/lantern", checkout: nil))
        _ = state.update(.offers(Array(offers.prefix(1))))
        #expect(state.screen.contains("embedded") && state.screen.contains("Seen here: OPENAI_API_KEY."))
        _ = state.press(.tab, .right)
        #expect(state.screen.contains("openai bills what it writes"))
        // The server answers later; what is chosen stays.
        _ = state.update(.offers(offers))
        #expect(state.screen.contains("Ollama with 2 models") && state.screen.contains("openai bills"))
        _ = state.press(.right)
        #expect(state.screen.contains("on this machine writes with qwen3; that costs nothing"))
        #expect(state.press(.enter) == [.makeWorkspace("~/QuestFoundry/lantern", offers[1])])
    }

    // MARK: Small screens

    @Test func whatStandsBelowTheFieldsCanBeReadOnASmallScreen() {
        var state = DashboardState.sample(Sample.busy(), width: 40, height: 10)
        if case .price(let order)? = state.press(.character("g")).first {
            _ = state.update(.priced(order, .sample("0.42")))
        }
        #expect(!state.screen.contains("It costs at most"))
        _ = state.press(.tab, .tab)
        for _ in 0..<12 { _ = state.press(.down) }
        #expect(state.screen.contains("It costs at most"))
        _ = state.press(.up)
        #expect(state.screen.contains("loop") && !state.screen.contains("It costs at most"))
    }

    @Test func pageKeysGoThroughALongListPageByPage() {
        var form = Form([.list((0..<30).map { Form.Option(text: "\($0)") }, selected: 0)])
        var places: [Int] = []
        for key: DialogAction in [.pageDown, .pageDown, .pageUp, .bottom, .pageDown, .pageUp, .top] {
            _ = form.move(key)
            places.append(form.selected(0))
        }
        #expect(places == [8, 16, 8, 29, 29, 21, 0])
    }

    // MARK: Help

    @Test func helpScrollsToItsEnd() {
        var state = DashboardState.sample()
        _ = state.press(.character("?"))
        #expect(!state.screen.contains("to the end"))
        _ = state.press(.end)
        #expect(state.screen.contains("to the end"))
        _ = state.press(.up)
        _ = state.press(.pageUp, .pageUp, .pageUp, .home)
        #expect(state.screen.contains("run a loop"))
        #expect(state.press(.enter).isEmpty)
        #expect(state.dialog == nil)
    }
}
