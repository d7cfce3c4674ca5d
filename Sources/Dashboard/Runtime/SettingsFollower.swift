import Configuration
import Core
import Foundation
import Terminal

/// Reads the settings again whenever one of their files changes, and tells what is newly in force. What is wrong with a
/// file is told with its place, and then everything stays as it was.
struct SettingsFollower: Sendable {
    let source: SettingsSource
    let queue: EventQueue
    private(set) var preferences: Preferences
    private let firstRoot: String?
    private let firstWatch: FolderWatch
    private var configuration: Configuration
    private var lastProblem: String?

    /// Begins with what is in force now.
    init(source: SettingsSource, queue: EventQueue, root: String?) throws(ConfigurationError) {
        self.source = source
        self.queue = queue
        firstRoot = root
        // Before anything is read, so that no change is missed.
        firstWatch = source.watch(root)
        let reading = try source.read(root)
        configuration = reading.configuration
        let fallback = Theme.builtIn("foundry") ?? Theme()
        preferences = Preferences(reading.configuration.dashboard, theme: reading.theme ?? fallback)
        for warning in reading.warnings { queue.push(.notice(warning)) }
        if let problem = reading.themeProblem { queue.push(.notice("\(problem); foundry is used instead.")) }
    }

    /// Follows the files of one workspace after the other, each as long as it is the one that is open; nil is none.
    func follow(_ desk: Desk, roots: AsyncStream<String?>) async {
        await withDiscardingTaskGroup { group in
            var (watch, watched) = (firstWatch, firstRoot)
            group.addTask { [self, watch] in await follow(watch, desk, firstRoot, isFirst: true) }
            for await root in roots where root != watched {
                watch.stop()
                (watch, watched) = (source.watch(root), root)
                group.addTask { [self, watch] in await follow(watch, desk, root, isFirst: false) }
            }
            watch.stop()
        }
    }

    private func follow(_ watch: FolderWatch, _ desk: Desk, _ root: String?, isFirst: Bool) async {
        var follower = self
        if !isFirst, let reading = try? source.read(root) { follower.configuration = reading.configuration }
        for await _ in watch.changes { await follower.reread(root, desk) }
    }

    private mutating func reread(_ root: String?, _ desk: Desk) async {
        do throws(ConfigurationError) {
            let reading = try source.read(root)
            let wantsReopening = await desk.driver?.reconfigure(reading.configuration) == false
            take(reading, wantsReopening: wantsReopening)
        } catch {
            complain(error.message)
        }
    }

    private mutating func take(_ reading: SettingsSource.Reading, wantsReopening: Bool) {
        let news = news(of: reading)
        let theme = reading.theme ?? preferences.theme
        configuration = reading.configuration
        preferences = Preferences(configuration.dashboard, theme: theme)
        queue.push(.settings(preferences, news: news, wantsReopening: wantsReopening))
        for warning in reading.warnings { queue.push(.notice(warning)) }
        if let problem = reading.themeProblem {
            complain(problem)
        } else {
            lastProblem = nil
        }
    }

    /// What the file says newly. What was changed live is told by whoever changes it.
    private func news(of reading: SettingsSource.Reading) -> [String] {
        let before = configuration.applying(reading.configuration.overrides)
        let environment = ProcessInfo.processInfo.environment
        var news = reading.configuration.changes(since: before, environment: environment)
        if let kept = reading.configuration.overrides.theme,
            reading.configuration.dashboard.theme != configuration.dashboard.theme
        {
            news.append("dashboard.theme stays \(kept), which was chosen live")
        }
        return news
    }

    private mutating func complain(_ problem: String) {
        guard problem != lastProblem else { return }
        lastProblem = problem
        queue.push(.settingsRefused("\(problem) (nothing has changed)"))
    }
}
