import Terminal

extension DashboardState {
    /// Looks and answers keys from now on as is wanted; how the terminal behaves is the loop's.
    mutating func adopt(_ preferences: Preferences) {
        theme = preferences.theme
        keymap = preferences.keymap
    }

    /// Takes over what was set anew and tells it in one line; what has to wait for the end of a run is said, too.
    mutating func take(_ preferences: Preferences, news: [String], wantsReopening: Bool) -> [Effect] {
        let former = theme
        adopt(preferences)
        reopensAfterRun = wantsReopening && isBusy
        for setting in news { note(ActivityLine(now, "config", setting, .good)) }
        if !news.isEmpty {
            let text = "In force now: " + Self.summary(of: news)
            say(reopensAfterRun ? "\(text). Providers, limits and cache follow after the run." : text)
        } else if theme != former, !(dialog is ThemeDialog) {
            say(
                theme.name == former.name
                    ? "The theme \(theme.name) is as its file says now." : "The theme is \(theme.name) now.")
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
