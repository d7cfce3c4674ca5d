import Terminal
import Testing

@testable import Dashboard

@Suite struct ThemeDialogTests {
    private func opened(_ status: Bool = true) -> DashboardState {
        var state = DashboardState.sample(status ? Sample.busy() : nil, width: 120, height: 40)
        state.theme = Theme.builtIn("foundry") ?? Theme()
        #expect(state.press(.character("t")) == [.listThemes])
        _ = state.update(.themes(ThemeShelf(folder: "/nowhere").entries + [Sample.brokenTheme], folder: "/nowhere"))
        return state
    }

    /// What the loop draws in.
    private func shown(_ state: DashboardState) -> String { (state.dialog?.preview ?? state.theme).name }

    @Test func movingThroughTheListShowsEachThemeAtOnce() {
        var state = opened()
        #expect(shown(state) == "foundry")
        for name in Theme.builtInNames.dropFirst() {
            _ = state.press(.down)
            #expect(shown(state) == name)
        }
    }

    @Test func enterKeepsTheThemeAndEscapeDoesNot() {
        var state = opened()
        _ = state.press(.down, .escape)
        #expect(shown(state) == "foundry")
        state = opened()
        _ = state.press(.down)
        #expect(state.press(.enter) == [.keepTheme("parchment")])
        #expect(shown(state) == "parchment" && state.dialog == nil)
    }

    @Test func aBrokenThemeIsAMessageAndIsNotTaken() {
        var state = opened()
        _ = state.press(.end)
        #expect(state.screen.contains("line 3, column 5:") && state.screen.contains("unknown style `sidebar`"))
        #expect(shown(state) == "foundry")
        #expect(state.press(.enter).isEmpty && state.dialog is ThemeDialog)
    }

    @Test func withoutAWorkspaceItHoldsUntilTheEnd() {
        var state = opened(false)
        _ = state.press(.down)
        #expect(state.press(.enter).isEmpty)
        #expect(shown(state) == "parchment" && state.screen.contains("until the dashboard ends"))
    }

    @Test func filesThatChangeMeanwhileKeepTheSelection() {
        var state = opened()
        _ = state.press(.down, .down)
        _ = state.update(.themes(ThemeShelf(folder: "/nowhere").entries, folder: "/nowhere"))
        #expect(shown(state) == "high-contrast")
    }
}
