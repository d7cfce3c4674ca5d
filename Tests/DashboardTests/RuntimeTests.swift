import Configuration
import Core
import Metering
import Foundation
import ResponseCache
import Synchronization
import Terminal
import TestKit
import Testing

@testable import Dashboard
@testable import Studio
@testable import Workspace

/// A terminal that a test types on: hands out the scripted input when the screen shows what the script waits for.
private final class ScriptedDisplay: Display {
    struct Step {
        var awaited: String
        var input: InputEvent
    }

    let size = Size(width: 120, height: 40)
    let glyphs = Glyphs.unicode
    var theme = Theme()
    var behaviour = Screen.Behaviour()
    let hasColors = true
    let notice: String? = "the terminal has few colours"
    var title = ""
    private let wakes = DispatchSemaphore(value: 0)
    private var script: ArraySlice<Step>
    private let log: Log

    final class Log: Sendable {
        struct Entries {
            var frames: [String] = []
            var titles: [String] = []
            var calls: [String] = []
        }
        let entries = Mutex(Entries())
        func call(_ name: String) { entries.withLock { $0.calls.append(name) } }
        var calls: [String] { entries.withLock { $0.calls } }
        var frames: [String] { entries.withLock { $0.frames } }
    }

    init(_ script: [Step], log: Log) {
        self.script = script[...]
        self.log = log
    }

    var wake: @Sendable () -> Void { { [wakes] in wakes.signal() } }

    func nextEvent(timeoutMilliseconds: Int?) -> InputEvent? {
        if let next = script.first, log.frames.last?.contains(next.awaited) == true {
            script.removeFirst()
            return next.input
        }
        let limit = DispatchTime.now() + .milliseconds(timeoutMilliseconds ?? 1_000)
        return wakes.wait(timeout: limit) == .success ? .wake : nil
    }

    func draw(_ canvas: Canvas) {
        log.entries.withLock {
            $0.frames.append(canvas.lines.joined(separator: "\n"))
            $0.titles.append(title)
        }
    }

    func call(_ text: String) { log.call("call \(text)") }
    func copy(_ text: String) { log.call("copy \(text)") }

    func lend(_ body: () -> Void) {
        log.call("lend")
        body()
        log.call("taken back")
    }

    func redraw() { log.call("redraw") }
    func suspend() { log.call("suspend") }
    func close() { log.call("close") }
}

/// A session that does what a test tells it.
private final class FakeDriver: StudioDriver {
    private struct State {
        var calls: [String] = []
        var watcher: AsyncStream<SessionEventRecord>.Continuation?
        var running: CheckedContinuation<Void, Never>?
        var isCancelled = false
    }

    private let state = Mutex(State())
    let endsAtOnce: Bool

    init(endsAtOnce: Bool = true, editor: Session? = nil) {
        self.endsAtOnce = endsAtOnce
        self.editor = editor
    }

    /// What is drawn, for work that goes on when it was seen.
    private let drawn = Mutex<ScriptedDisplay.Log?>(nil)
    func follow(_ log: ScriptedDisplay.Log) { drawn.withLock { $0 = log } }

    private func waitUntilDrawn(_ text: String) async {
        while let log = drawn.withLock({ $0 }), !log.frames.contains(where: { $0.contains(text) }) {
            await Task.yield()
        }
    }

    var calls: [String] { state.withLock { $0.calls } }
    private func call(_ name: String) { state.withLock { $0.calls.append(name) } }

    func loops() async throws -> [Loop] { Loop.all }
    func events() -> AsyncStream<SessionEventRecord> {
        let (stream, continuation) = AsyncStream<SessionEventRecord>.makeStream()
        state.withLock { $0.watcher = continuation }
        return stream
    }

    func eventsElsewhere() -> AsyncStream<SessionEventRecord> {
        AsyncStream { continuation in
            let event = SessionEvent.artifactStored(
                run: ulid(7),
                artifact: StoredArtifact(
                    id: "SCENE-9", type: "scene", revision: 1, path: "redis", title: "Quay", needsReview: nil))
            continuation.yield(SessionEventRecord(session: ulid(8), moment: SystemTime().now(), event: event))
        }
    }

    private func emit(_ event: SessionEvent) {
        let record = SessionEventRecord(session: ulid(9), moment: SystemTime().now(), event: event)
        _ = state.withLock { $0.watcher?.yield(record) }
    }

    func run(_ order: RunOrder) async -> RunReport {
        call("run \(order.loop)")
        for event in Sample.run { emit(event) }
        if !endsAtOnce {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if !state.isCancelled { state.running = continuation }
                    return state.isCancelled
                }
                if isOver { continuation.resume() }
            }
        }
        let ending: RunState = endsAtOnce ? .done : .cancelled
        emit(.runFinished(run: ulid(1), loop: "story_spark", state: ending, message: nil))
        call("run ended")
        return Sample.report()
    }

    func cancel() async {
        call("cancel")
        let running = state.withLock { state in
            state.isCancelled = true
            defer { state.running = nil }
            return state.running
        }
        running?.resume()
    }

    func status() async throws -> Status { Sample.busy() }
    func costEstimate(_ order: RunOrder) async throws -> CostEstimate {
        CostEstimate(most: dollars("0.42"), likely: dollars("0.05"), basis: .history)
    }

    func chooseLoop(for goal: String) async throws -> LoopChoice {
        call("choose \(goal)")
        return LoopChoice(loop: "scene_forge", reason: "The plan stands.")
    }

    func undo() async throws -> String {
        call("undo")
        return "undone: the switch of scene_smith to local"
    }

    func mostRedoMayCost(of run: ULID, step index: Int) async throws -> Money? { dollars("0.07") }

    func steer(_ order: SteeringOrder, in session: ULID?) async throws {
        call("steer \(order)\(session.map { " in \($0)" } ?? "")")
        emit(.runSteered(run: ulid(1), order: order, author: "dashboard"))
        if order == .stopStep { emit(.runHeld(run: ulid(1), next: 4)) }
    }

    func providerChoices(for role: RoleName, kind: ProviderKind) async throws -> ProviderChoices { Sample.choices }

    func offer(of provider: String, for role: RoleName, kind: ProviderKind) async throws -> ProviderOffer {
        call("look at \(provider)")
        return Sample.offer(of: provider)
    }

    func quotes(
        of models: [String], on provider: String, for role: RoleName, kind: ProviderKind
    ) async throws -> [ModelQuote] { models.map { ModelQuote(model: $0, price: nil, requestCost: nil) } }

    func lookAtProvider(_ name: String, kind: ProviderKind, for role: RoleName?) async throws -> ProviderHealth {
        Sample.offer(of: name).health
    }

    func lookAtProvidersInUse() async throws { call("look around") }

    func trustConfiguration() async throws { call("trust") }

    func switchRole(_ role: RoleName, kind: ProviderKind?, to provider: String, model: String?) async throws {
        call("switch \(role.rawValue) \(provider)")
        emit(.roleSwitched(role: role, provider: provider, model: model))
    }

    func resetRole(_ role: RoleName) async throws { throw RunError(.storage, "overrides.yml cannot be written") }
    func prunePlan(_ filter: PruneFilter) async throws -> PruneResult { PruneResult(entries: 3, bytes: 300) }

    func prune(_ filter: PruneFilter) async throws -> PruneResult {
        call("prune")
        emit(.cachePruned(entries: 3, bytes: 300))
        return PruneResult(entries: 3, bytes: 300)
    }

    func reconfigure(_ configuration: Configuration) async -> Bool {
        call("reconfigure")
        return configuration.caching == CachingSettings()
    }

    func keepTheme(_ name: String) async throws { call("theme \(name)") }

    func changeLimit(_ order: LimitOrder) async throws {
        call("limit \(order.name ?? order.scope.rawValue) \(order.key) \(order.value)")
    }

    func cachedEntries(
        of provider: String?, sortedBy order: CacheOrder, from first: Int, atMost count: Int
    ) async throws -> [CachedEntry] { Sample.entries }

    func cachedAnswer(_ key: String) async throws -> CachedAnswer? { nil }

    let workspaceRoot = "/home/mara/lantern"

    func migrationPlan(to version: Int) async throws -> MigrationPlan { Sample.plan(to: version) }

    func migrate(
        to version: Int, progress: @escaping @Sendable (StateProgress) -> Void
    ) async throws -> MigrationResult {
        call("migrate to \(version)")
        progress(StateProgress(stage: .writing, done: 1, total: 2))
        await waitUntilDrawn("Writing 1 of 2 (50 %)")
        return MigrationResult(from: 2, to: version, hotRecords: 1, coldRecords: 1, backup: "before")
    }

    func backUp(progress: @escaping @Sendable (StateProgress) -> Void) async throws -> Backup {
        call("back up")
        return Sample.backups[0]
    }

    func restore(_ name: String, progress: @escaping @Sendable (StateProgress) -> Void) async throws -> Backup {
        throw RunError(.storage, "the backup \(name) is damaged")
    }

    func monthTallies() async throws -> [Tally] { Sample.tallies().month }

    func events(upTo wall: Int64, last count: Int) async throws -> [SessionEventRecord] { [] }
    func card(of request: ULID) async throws -> RequestCard { Sample.requestCard }
    func card(of role: RoleName, kind: ProviderKind) async throws -> RoleCard { Sample.roleCard(role) }
    func costBars(of length: CostBar.Length, count: Int) async throws -> [CostBar] { Sample.bars(length) }
    func shelves() async throws -> Shelves { Sample.shelves }
    func artifactList() async throws -> ArtifactPage { Sample.artifacts }

    func shown(_ stop: Reader.Stop) async throws -> Session.Shown {
        guard let shown = Sample.shown(stop) else { throw RunError(.storage, "there is no artifact \(stop.id)") }
        return shown
    }

    func accept(_ id: String) async throws -> Piece {
        call("accept \(id)")
        return Piece(id: id, takes: [])
    }

    func delete(_ ids: [String]) async throws { call("delete \(ids.joined(separator: ","))") }

    /// A session that has an artifact to edit; without one there is nothing.
    let editor: Session?

    func openEdit(_ id: String, isWhole: Bool) async throws -> OpenEdit {
        guard let editor else { throw WorkspaceError(.missing, id, "there is no artifact \(id)") }
        return try await editor.openEdit(id)
    }

    func take(_ edit: OpenEdit) async throws -> Artifact {
        guard let editor else { return edit.edit.artifact }
        return try await editor.take(edit)
    }

    func close() async {
        call("close")
        state.withLock { $0.watcher }?.finish()
    }
}

@Suite(.timeLimit(.minutes(10))) struct RuntimeTests {
    private func run(
        _ driver: FakeDriver?, place: String? = nil, make: FakeDriver = FakeDriver(),
        reopened: FakeDriver = FakeDriver(), edit: @escaping Dashboard.Edit = { _ in }, notices: [String] = [],
        _ script: [(String, InputEvent)]
    ) async throws -> (ending: Ending, log: ScriptedDisplay.Log) {
        let log = ScriptedDisplay.Log()
        driver?.follow(log)
        let steps = script.map { ScriptedDisplay.Step(awaited: $0.0, input: $0.1) }
        let dashboard = Dashboard(
            driver: driver, suggestedPlace: place, makeWorkspace: { _, _ in make },
            reopen: { _ in reopened }, edit: edit, settings: .sample, notices: notices, time: SystemTime(),
            openDisplay: { _ in ScriptedDisplay(steps, log: log) })
        return (try await dashboard.run(), log)
    }

    @Test func migrationGoesOnWithTheWorkspaceOpenedAgain() async throws {
        let (driver, reopened) = (FakeDriver(), FakeDriver())
        let (ending, log) = try await run(
            driver, reopened: reopened,
            [
                ("Roles", .key(.character("m"))), ("A backup is made first", .key(.enter)),
                ("[Cancel]", .key(.right)), ("[Migrate]", .key(.enter)), ("has version 1 now", .key(.character("b"))),
                ("make a backup now", .key(.enter)), ("is made", .key(.character("q"))),
            ])
        #expect(ending == .quit)
        #expect(driver.calls.filter { $0 != "look around" } == ["migrate to 1", "close"])
        #expect(reopened.calls.filter { $0 != "look around" && $0 != "cancel" } == ["back up", "close"])
        #expect(log.frames.contains { $0.contains("Writing 1 of 2 (50 %)") })
    }

    /// A session with one scene that can be edited.
    private func scene(in folder: TemporaryFolder) throws -> Session {
        let workspace = try Workspace.create(
            at: folder.file("story"), name: "Ferry", brief: "A ferry.", configYAML: "", time: SystemTime())
        let session = try Session.open(workspace, configuration: Configuration())
        let artifact = Sample.artifact("SCENE-2", "scene", ["id": "SCENE-2", "text": "Fog."], minute: 10)
        try session.store.write(artifact, .hot, over: nil)
        return session
    }

    @Test func editorHasTheTerminalUntilItIsClosedAndItsTextIsKept() async throws {
        let folder = try TemporaryFolder()
        let session = try scene(in: folder)
        let (_, log) = try await run(
            FakeDriver(editor: session), edit: { try "Sun.\n".write(toFile: $0, atomically: false, encoding: .utf8) },
            [
                ("Roles", .key(.character("5"))), ("5 Output", .key(.enter)), ("v lists every", .key(.character("v"))),
                ("v lists every", .key(.character("v"))), ("The far bank", .key(.character("e"))),
                ("is revision 4 now", .key(.character("q"))),
            ])
        #expect(log.calls.filter { $0 != "close" } == ["lend", "taken back"])
        #expect(try session.store.artifact("SCENE-2", .hot)?.data["text"] == "Sun.")
        await session.close()
    }

    @Test func editorThatFailsChangesNothingAndSaysWhy() async throws {
        struct NoEditor: Error, CustomStringConvertible { let description = "the editor ended with 3" }
        let folder = try TemporaryFolder()
        let session = try scene(in: folder)
        let (_, log) = try await run(
            FakeDriver(editor: session), edit: { _ in throw NoEditor() },
            [
                ("Roles", .key(.character("5"))), ("5 Output", .key(.enter)), ("v lists every", .key(.character("v"))),
                ("v lists every", .key(.character("v"))), ("The far bank", .key(.character("e"))),
                ("the editor ended with 3", .key(.character("q"))),
            ])
        #expect(log.calls.contains("taken back"))
        #expect(try session.store.artifact("SCENE-2", .hot)?.data["text"] == "Fog.")
        await session.close()
    }

    @Test func artifactsAreAcceptedDeletedAndCopiedThroughTheirPlaces() async throws {
        let driver = FakeDriver()
        let (_, log) = try await run(
            driver,
            [
                ("Roles", .key(.character("5"))), ("5 Output", .key(.enter)), ("v lists every", .key(.character("v"))),
                ("v lists every", .key(.character("v"))), ("The far bank", .key(.enter)),
                ("Nobody waits there.", .key(.character("a"))), ("is accepted", .key(.character("y"))),
                ("Copied the text", .key(.character("d"))), ("[Cancel]", .key(.right)), ("[Delete it]", .key(.enter)),
                ("is in the bin", .key(.character("q"))),
            ])
        #expect(driver.calls.contains("accept SCENE-2") && driver.calls.contains("delete SCENE-2"))
        #expect(log.calls.contains("copy Nobody waits there.\n"))
    }

    @Test func whatHappensElsewhereIsInActivity() async throws {
        let (ending, log) = try await run(FakeDriver(), [("stored SCENE-9 Quay", .key(.character("q")))])
        #expect(ending == .quit && log.frames.contains { $0.contains("scene elsewhere") })
    }

    @Test func restorationThatFailsSaysSoInItsDialog() async throws {
        let driver = FakeDriver()
        let (_, log) = try await run(
            driver,
            [
                ("Roles", .key(.character("b"))), ("make a backup now", .key(.down)), ("one undoes it", .key(.enter)),
                ("[Cancel]", .key(.right)), ("[Restore it]", .key(.enter)), ("is damaged", .key(.escape)),
                ("Roles", .key(.character("q"))),
            ])
        #expect(log.frames.contains { $0.contains("Everything") })
        #expect(driver.calls.contains("close"))
    }

    @Test func firstFrameIsCompleteAndNamesTheWindow() async throws {
        let driver = FakeDriver()
        let (ending, log) = try await run(driver, [("Roles", .key(.character("q")))])
        #expect(ending == .quit)
        let first = try #require(log.frames.first)
        #expect(first.contains("The Lantern Archive") && first.contains("142 hits") && first.contains("54/90"))
        #expect(log.entries.withLock { $0.titles.first } == "QuestFoundry · The Lantern Archive")
        #expect(log.calls.last == "close")
        #expect(driver.calls.last == "close")
    }

    @Test func generateRunsTheLoopAndItsTextAppears() async throws {
        let driver = FakeDriver()
        let (_, log) = try await run(
            driver, notices: ["line 3: unknown key"],
            [
                ("unknown key", .key(.character("g"))), ("It costs at most $0.42", .key(.enter)),
                ("The ferry bell", .key(.escape)), ("✓ done", .key(.character("q"))),
            ])
        #expect(driver.calls.contains("run story_spark"))
        #expect(log.frames.contains { $0.contains("the terminal has few colours") })
    }

    @Test func providerIsSwitchedThroughTheSession() async throws {
        let driver = FakeDriver()
        _ = try await run(
            driver,
            [
                ("Roles", .key(.character("p"))), ("no answer", .key(.down)), ("▸ local", .key(.enter)),
                ("showrunner uses local", .key(.character("q"))),
            ])
        #expect(driver.calls.contains("switch showrunner local"))
        #expect(Set(driver.calls).isSuperset(of: ["look around", "look at local", "look at openai"]))
    }

    @Test func cacheIsPrunedThroughTheSession() async throws {
        let driver = FakeDriver()
        _ = try await run(
            driver,
            [
                ("Roles", .key(.character("x"))), ("It removes 3 entries", .key(.enter)), ("[Cancel]", .key(.right)),
                ("[Remove them]", .key(.enter)), ("Removed 3 entries", .key(.character("q"))),
            ])
        #expect(driver.calls.contains("prune"))
    }

    @Test func signalEndsAtOnceAndCancelsTheRunCleanly() async throws {
        let driver = FakeDriver(endsAtOnce: false)
        let (ending, log) = try await run(
            driver,
            [
                ("Roles", .key(.character("g"))), ("It costs at most", .key(.enter)),
                ("The ferry bell", .signal(SIGTERM)),
            ])
        #expect(ending == .signal(SIGTERM))
        #expect(log.calls == ["close"])
        let calls = driver.calls
        #expect(calls.suffix(3) == ["cancel", "run ended", "close"])
    }

    @Test func keyCancelsTheRun() async throws {
        let driver = FakeDriver(endsAtOnce: false)
        _ = try await run(
            driver,
            [
                ("Roles", .key(.character("g"))), ("It costs at most", .key(.enter)),
                ("The ferry bell", .key(.character("c"))), ("The step is stopped", .key(.character("c"))),
                ("✗ cancelled", .key(.character("q"))),
            ])
        #expect(driver.calls.contains("steer stopStep") && driver.calls.contains("cancel"))
    }

    @Test func redrawSuspendResizeAndPasteReachTheirPlaces() async throws {
        let (_, log) = try await run(
            FakeDriver(),
            [
                ("Roles", .key(.control("l"))), ("Roles", .key(.control("z"))), ("Roles", .suspendResumed),
                ("Roles", .key(.character("g"))), ("Generate", .key(.tab)), ("Generate", .paste("a lost lantern")),
                ("a lost lantern", .resize(Size(width: 60, height: 20))), ("a lost lantern", .key(.escape)),
                ("Roles", .key(.character("q"))),
            ])
        #expect(log.calls.starts(with: ["redraw", "suspend"]))
        #expect(log.frames.last?.split(separator: "\n", omittingEmptySubsequences: false).count == 20)
    }

    @Test func workspaceIsMadeAndThenDriven() async throws {
        let made = FakeDriver()
        let folder = try TemporaryFolder()
        let (ending, log) = try await run(
            nil, place: folder.file("lantern"), make: made,
            [
                ("Welcome", .key(.enter)), ("The workspace The Lantern Archive is made", .key(.character("g"))),
                ("It costs at most", .key(.enter)), ("✓ done", .key(.character("q"))),
            ])
        #expect(ending == .quit)
        #expect(made.calls.contains("run story_spark") && made.calls.last == "close")
        #expect(log.frames.first?.contains("Welcome to QuestFoundry") == true)
    }

    @Test func endOfARunCallsTheWriter() async throws {
        let (_, log) = try await run(
            FakeDriver(),
            [
                ("Roles", .key(.character("g"))), ("It costs at most", .key(.enter)),
                ("✓ done", .key(.character("q"))),
            ])
        #expect(log.calls.first == "call story_spark: done")
    }

    @Test func failedEffectIsSaid() async throws {
        let queue = EventQueue()
        let runner = EffectRunner(
            desk: Desk(FakeDriver()), queue: queue, makeWorkspace: { _, _ in FakeDriver() },
            reopen: { _ in FakeDriver() },
            themes: ThemeShelf(folder: "/nowhere"))
        await runner.perform(.resetRole(.sceneSmith))
        guard case .failed(let message)? = queue.take().first else {
            Issue.record("no failure")
            return
        }
        #expect(message == "overrides.yml cannot be written")
    }

    @Test func terminalThatCannotBeOpenedIsAnError() async {
        let driver = FakeDriver()
        let dashboard = Dashboard(
            driver: driver, suggestedPlace: nil, makeWorkspace: { _, _ in FakeDriver() },
            reopen: { _ in FakeDriver() }, settings: .sample,
            time: SystemTime(),
            openDisplay: { _ in throw TerminalError.notATerminal })
        await #expect(throws: TerminalError.notATerminal) { try await dashboard.run() }
        #expect(driver.calls.last == "close")
    }

    @Test func sourceCheckoutIsFoundAboveAPlaceThatDoesNotExist() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.file("checkout/.git"), withIntermediateDirectories: true)
        let found = try #require(SourceCheckout.around(folder.file("checkout/a/b")))
        #expect(found.hasSuffix("/checkout/"))
        #expect(SourceCheckout.around(folder.file("elsewhere")) == nil)
    }

    @Test func eventsWakeOnceAndKeepTheirOrder() {
        let queue = EventQueue()
        let wakes = Mutex(0)
        queue.push(.failed("1"))
        queue.onEvent { wakes.withLock { $0 += 1 } }
        queue.push(.failed("2"))
        #expect(wakes.withLock { $0 } == 1)
        let texts = queue.take().map { event in if case .failed(let text) = event { text } else { "" } }
        #expect(texts == ["1", "2"])
        queue.push(.failed("3"))
        #expect(wakes.withLock { $0 } == 2)
    }

    @Test func gatheringEventsWakeOnlyAfterwards() {
        let queue = EventQueue()
        let wakes = Mutex(0)
        queue.onEvent { wakes.withLock { $0 += 1 } }
        queue.gather(true)
        for number in 1...3 { queue.push(.failed("\(number)")) }
        #expect(wakes.withLock { $0 } == 0)
        queue.gather(false)
        #expect(wakes.withLock { $0 } == 1)
        #expect(queue.take().count == 3)
        queue.gather(true)
        queue.gather(false)
        #expect(wakes.withLock { $0 } == 1)
    }
}
