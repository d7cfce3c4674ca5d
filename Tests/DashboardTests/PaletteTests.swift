import Terminal
import Testing

@testable import Dashboard

@Suite struct PaletteTests {
    private func palette(_ text: String, _ state: DashboardState = .sample(Sample.busy(), width: 120, height: 40))
        -> DashboardState
    {
        var state = state
        _ = state.press(.character(":"))
        _ = state.type(text)
        return state
    }

    @Test func everyActionIsListedWithItsKey() {
        var state = palette("")
        for binding in state.keymap.bindings where binding.action != .palette {
            state = palette(binding.action.name.replacing("_", with: " "))
            let row = state.frame.last {
                $0.contains("▸ ") && $0.contains(binding.action.name.replacing("_", with: " "))
            }
            #expect(row != nil, "\(binding.action.name)\n\(state.screen)")
            #expect(row?.contains(binding.names()) == true, "\(binding.action.name)")
        }
    }

    @Test func someLettersFindAnActionAndEnterDoesIt() {
        for (text, title) in [("prn", "Prune the cache"), ("swp", "Provider of"), ("theme", "Theme"), ("hlp", "Keys")] {
            var state = palette(text)
            _ = state.press(.enter)
            #expect(state.dialog?.title.hasPrefix(title) == true, "\(text)")
        }
        var state = palette("focus act")
        _ = state.press(.enter)
        #expect(state.focus == .activity && state.dialog == nil)
    }

    @Test func aWordOfTheDescriptionFindsIt() {
        #expect(palette("reset").screen.contains("▸ raise limit"))
    }

    @Test func whatCannotBeDoneNowSaysWhy() {
        var state = palette("cancel")
        #expect(state.screen.contains("cancel (not now)") && state.screen.contains("Nothing is running."))
        #expect(state.press(.enter).isEmpty)
        #expect(state.frame[39].contains("Nothing is running."))
    }

    @Test func arrowsMoveInTheListWhileTyping() {
        var state = palette("")
        _ = state.press(.down, .down)
        _ = state.type("quit")
        #expect(state.screen.contains("▸ quit"))
        _ = state.press(.up, .backspace, .backspace, .backspace, .backspace, .down)
        let second = state.keymap.bindings.filter { $0.action != .palette }[1]
        #expect(state.screen.contains("▸ " + second.action.name.replacing("_", with: " ")))
    }

    @Test func nothingFoundIsSaid() {
        var state = palette("zzzz")
        #expect(state.screen.contains("No action is called like that."))
        #expect(state.press(.enter).isEmpty && state.dialog != nil)
    }

    @Test func nearerNamesComeFirst() throws {
        let exact = try #require(Fuzzy.cost(of: "quit", in: "quit"))
        let initials = try #require(Fuzzy.cost(of: "sp", in: "switch provider"))
        let scattered = try #require(Fuzzy.cost(of: "sp", in: "suspend"))
        #expect(exact == 0 && initials < scattered)
        #expect(Fuzzy.cost(of: "xyz", in: "quit") == nil)
        #expect(Fuzzy.cost(of: "", in: "quit") == 0)
        #expect(Fuzzy.cost(of: "ab", in: "a bob cab") == 1)
    }
}
