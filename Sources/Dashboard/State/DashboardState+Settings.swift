import Terminal

extension DashboardState {
    /// Looks and answers keys from now on as is wanted; how the terminal behaves is the loop's.
    mutating func adopt(_ preferences: Preferences) {
        theme = preferences.theme
        keymap = preferences.keymap
    }

    /// Tells in one line what is newly in force; what has to wait for the end of a run is said, too.
    mutating func tell(_ news: [String], hasNewTheme: Bool, wantsReopening: Bool) -> [Effect] {
        reopensAfterRun = wantsReopening && isBusy
        if !news.isEmpty {
            let text = "In force now: " + Self.summary(of: news)
            for setting in news { note(ActivityLine(now, "config", setting, .good)) }
            say(reopensAfterRun ? "\(text). Providers, limits and cache follow after the run." : text)
        } else if hasNewTheme, !(dialog is ThemeDialog) {
            say("The theme \(theme.name) is in force as its file says now.")
        }
        let listing: [Effect] = dialog is ThemeDialog ? [.listThemes] : []
        return listing + (wantsReopening && !isBusy ? [.reopen] : [.refreshStatus])
    }

    private static func summary(of news: [String]) -> String {
        let shown = news.prefix(mostNews).joined(separator: ", ")
        return news.count > mostNews ? "\(shown) and \(news.count - mostNews) more" : shown
    }

    private static let mostNews = 3
}
