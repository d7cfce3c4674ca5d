import Configuration
import Core
import Foundation
import Studio
import Terminal
import TestKit
import Testing

@testable import Dashboard

@Suite struct SettingsTests {
    private func preferences(_ yaml: String) throws -> Preferences {
        let configuration = try #require(Configuration.load(yaml: yaml, environment: [:]).configuration)
        return Preferences(configuration.dashboard, theme: Theme.builtIn(configuration.themeName) ?? Theme())
    }

    private func settings(
        _ preferences: Preferences, _ news: [String] = [], reopens: Bool = false
    ) -> DashboardEvent {
        .settings(preferences, news: news, wantsReopening: reopens)
    }

    @Test func everySettingOfTheDashboardIsTakenOver() throws {
        let wanted = try preferences(
            """
            dashboard: { theme: mono, mouse: false, ascii: always, refresh_hz: 5, bell: false, notifications: false,
              synchronized_output: always, keys: { generate: G } }
            """)
        #expect(!wanted.behaviour.usesMouse && wanted.behaviour.glyphs == .ascii && wanted.refreshHz == 5)
        #expect(!wanted.behaviour.ringsBell && !wanted.behaviour.sendsNotifications)
        #expect(wanted.behaviour.marksFrames == true && wanted.theme.name == "mono")
        let usual = try preferences("")
        #expect(usual.behaviour.usesMouse && usual.behaviour.glyphs == nil && usual.behaviour.marksFrames == nil)
        #expect(usual.refreshHz == 30)
        let never = try preferences("dashboard: {ascii: never, synchronized_output: never}")
        #expect(never.behaviour.glyphs == .unicode && never.behaviour.marksFrames == false)
        var state = DashboardState.sample()
        _ = state.update(settings(wanted))
        #expect(state.theme.name == "mono" && state.key(.generate) == "G")
    }

    @Test func whatIsNewlyInForceIsToldInOneLine() throws {
        var state = DashboardState.sample(width: 200, height: 60)
        let news = ["dashboard.bell: false", "a.b: 1", "c.d: 2", "e.f: 3", "g.h: 4"]
        #expect(state.update(settings(try preferences(""), news)) == [.refreshStatus])
        #expect(state.frame[59].contains("In force now: dashboard.bell: false, a.b: 1, c.d: 2 and 2 more"))
        #expect(state.activity.map(\.text) == news)
    }

    @Test func whatNeedsItOpensTheWorkspaceAgainButNotDuringARun() throws {
        var state = DashboardState.sample(width: 200, height: 60)
        #expect(state.update(settings(try preferences(""), ["caching.ttl_seconds: 1"], reopens: true)) == [.reopen])
        state.fold(Array(Sample.run.prefix(1)))
        #expect(
            state.update(settings(try preferences(""), ["caching.ttl_seconds: 2"], reopens: true)) == [.refreshStatus])
        #expect(state.frame[59].contains("follow after the run"))
        state.fold([.runFinished(run: ulid(1), loop: "story_spark", state: .done, message: nil)])
        #expect(state.update(.runEnded(Sample.report())) == [.reopen])
        #expect(state.update(.runEnded(Sample.report())) == [.refreshStatus])
    }

    @Test func whatIsWrongIsOnTheScreenAndNoDialogTakesItForItsOwn() {
        var state = DashboardState.sample(width: 200, height: 60)
        _ = state.press(.character("g"))
        let before = state.screen
        #expect(state.update(.settingsRefused("config.yml:2:1: error: no")).isEmpty)
        #expect(state.screen.contains("config.yml:2:1: error: no") || state.screen == before)
        _ = state.press(.escape)
        #expect(state.frame[59].contains("config.yml:2:1: error: no"))
        #expect(state.activity.last?.text == "config.yml:2:1: error: no")
    }

    @Test func aThemeThatChangesIsTold() throws {
        var state = DashboardState.sample(width: 200, height: 60)
        let wanted = try preferences("dashboard: {theme: mono}")
        _ = state.update(settings(wanted))
        #expect(state.frame[59].contains("The theme is mono now."))
        // One that was chosen here comes back by its file, and that is no news.
        state.say("something else")
        _ = state.update(settings(wanted))
        #expect(state.frame[59].contains("something else"))
        var edited = wanted
        edited.theme.accent.underline = true
        _ = state.update(settings(edited))
        #expect(state.frame[59].contains("The theme mono is as its file says now."))
    }

    @Test func anOpenThemeDialogReadsTheThemesAgain() throws {
        var state = DashboardState.sample()
        _ = state.press(.character("t"))
        #expect(state.update(settings(try preferences(""))) == [.listThemes, .refreshStatus])
    }

    // MARK: Files

    @Test func aFolderTellsOfItsFilesAlone() async throws {
        let folder = try TemporaryFolder()
        let watch = FolderWatch([folder.path, folder.file("nowhere")]) { $0.hasSuffix(".yml") }
        try "one".write(toFile: folder.file("other.txt"), atomically: false, encoding: .utf8)
        try "one".write(toFile: folder.file("config.yml"), atomically: false, encoding: .utf8)
        var changes = watch.changes.makeAsyncIterator()
        #expect(await changes.next() != nil)
        // As editors do it: written beside it and moved there.
        try "two".write(toFile: folder.file("config.yml"), atomically: true, encoding: .utf8)
        #expect(await changes.next() != nil)
    }

    /// A workspace's folder whose configuration and themes are followed.
    private struct Files {
        let folder: TemporaryFolder
        let queue = EventQueue()

        init() throws {
            folder = try TemporaryFolder()
            try FileManager.default.createDirectory(atPath: folder.file("themes"), withIntermediateDirectories: true)
        }

        func write(_ text: String, _ name: String = "config.yml") throws {
            try text.write(toFile: folder.file(name), atomically: true, encoding: .utf8)
        }

        var source: SettingsSource {
            let path = folder.path
            return SettingsSource(shelf: ThemeShelf(folder: path + "/themes")) { _ in
                [path]
            } load: { _ in
                Configuration.load(path: path + "/config.yml", environment: [:])
            }
        }

        /// What is told until an event is as wanted, that one last, or the deadline is over. One change may be told twice.
        func events(until isLast: (DashboardEvent) -> Bool) async -> [DashboardEvent] {
            let deadline = ContinuousClock.now + .seconds(120)
            var told: [DashboardEvent] = []
            while ContinuousClock.now < deadline {
                told += queue.take()
                if let place = told.firstIndex(where: isLast) { return Array(told[...place]) }
                await Task.yield()
            }
            return told
        }

        /// Follows the files while a test changes them.
        func whileFollowing(_ body: @Sendable () async throws -> Void) async throws {
            let follower = try SettingsFollower(source: source, queue: queue, root: "/story")
            let desk = Desk(nil)
            let (roots, rooting) = AsyncStream<String?>.makeStream()
            rooting.yield("/story")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await follower.follow(desk, roots: roots) }
                try await body()
                rooting.finish()
                try await group.waitForAll()
            }
        }
    }

    @Test func editsApplyAndBadOnesAreToldWithTheirLine() async throws {
        let files = try Files()
        try files.write("dashboard: {theme: mono}\n")
        try await files.whileFollowing {
            try files.write("dashboard: {theme: parchment}\n")
            guard case .settings(let preferences, let news, false)? = await files.events(until: \.isSettings).last
            else { return _ = Issue.record("not told") }
            #expect(preferences.theme.name == "parchment" && news == ["dashboard.theme: parchment"])
            try files.write("dashboard:\n  mouse: perhaps\n")
            guard case .settingsRefused(let problem)? = await files.events(until: \.isRefusal).last else {
                return _ = Issue.record("not told")
            }
            #expect(problem.contains("config.yml:2:10: dashboard.mouse: found perhaps"))
            #expect(problem.hasSuffix("(nothing has changed)"))
        }
    }

    @Test func aThemeThatBreaksIsToldAndTheOldOneStays() async throws {
        let files = try Files()
        try files.write("dashboard: {theme: mine}\n")
        try files.write("styles: {accent: {bold: true}}\n", "themes/mine.yml")
        try await files.whileFollowing {
            try files.write("styles: {accent: {underline: true}}\n", "themes/mine.yml")
            guard case .settings(let preferences, [], false)? = await files.events(until: \.isSettings).last
            else { return _ = Issue.record("not told") }
            #expect(preferences.theme.accent.underline)
            try files.write("styles:\n  sidebar: {bold: true}\n", "themes/mine.yml")
            let told = await files.events(until: \.isRefusal)
            guard case .settings(let kept, [], false)? = told.dropLast().last,
                case .settingsRefused(let problem)? = told.last
            else { return _ = Issue.record("not told") }
            #expect(kept.theme.accent.underline)
            #expect(problem.contains("themes/mine.yml, line 2, column 3: unknown style"))
        }
    }

    // MARK: Looking only

    @Test func whoCanOnlyLookChangesNothing() {
        var state = DashboardState(
            status: Sample.busy(), size: Size(width: 120, height: 40), now: noon, isReadOnly: true)
        for binding in KeyTable.main where !binding.action.onlyShows {
            #expect(state.press(binding.keys[0]).isEmpty && state.dialog == nil, "\(binding.action)")
            #expect(state.frame[39].contains("opened with --read-only"))
        }
        #expect(state.frame[0].contains("read-only"))
        #expect(state.press(.character("?")).isEmpty && state.dialog is HelpDialog)
        _ = state.press(.escape, .character("t"))
        _ = state.update(.themes(ThemeShelf(folder: "/nowhere").entries, folder: "/nowhere"))
        #expect(state.press(.down, .enter).isEmpty)
        #expect(state.press(.character("q")) == [.quit(.quit)])
    }
}

extension DashboardEvent {
    fileprivate var isSettings: Bool { if case .settings = self { true } else { false } }
    fileprivate var isRefusal: Bool { if case .settingsRefused = self { true } else { false } }
}
