import Terminal
import Testing

@testable import Dashboard

@Suite struct KeymapTests {
    private func problem(_ wishes: [String: [String]]) -> String {
        Keymap.rebinding(wishes).problems.map { "\($0.action): \($0.message)" }.joined(separator: "\n")
    }

    private func rebound(_ wishes: [String: [String]]) -> DashboardState {
        var state = DashboardState.sample(Sample.busy(), width: 120, height: 40)
        state.keymap = Keymap.rebinding(wishes).keymap
        return state
    }

    @Test func everyActionHasANameOfItsOwn() {
        let names = KeyTable.main.map(\.action.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.wholeMatch(of: /[a-z]+(_[a-z]+)*/) != nil })
        // As configuration.md has them.
        #expect(Set(names).isSuperset(of: ["generate", "switch_provider", "prune", "migrate", "focus_roles"]))
    }

    @Test func everyNameOfAKeyIsReadBack() {
        let keys = KeyTable.main.flatMap(\.keys) + KeyTable.dialog.flatMap(\.keys) + [.function(12), .character(" ")]
        for key in keys where !KeyTable.everywhere.contains(key) { #expect(Key(named: key.name(.ascii)) == key) }
        #expect(Key(named: "shift-TAB") == .backTab)
    }

    @Test func whatTerminalsSendNoKeyForIsNoKey() {
        for name in ["", "gg", "Ctrl-H", "Ctrl-I", "Ctrl-M", "Ctrl-1", "F64", "Alt-x", "\u{7}", "\u{301}", "\u{9B}"] {
            #expect(Key(named: name) == nil, "\(name.debugDescription)")
        }
    }

    @Test func aReboundKeyDoesItsActionAndTheOldOneNothing() {
        var state = rebound(["prune": ["F8", "D"]])
        #expect(state.press(.character("x")).isEmpty && state.dialog == nil)
        #expect(!state.press(.function(8)).isEmpty && state.dialog is PruneDialog)
        _ = state.press(.escape, .character("D"))
        #expect(state.dialog is PruneDialog)
    }

    @Test func everyPlaceShowsTheKeysInForce() {
        var state = rebound(["generate": ["F2"], "cancel": ["C"], "focus_cache": ["Z"]])
        #expect(state.frame[39].contains("F2 generate"))
        #expect(state.screen.contains("Z Cache"))
        state.fold(Array(Sample.run.prefix(1)))
        _ = state.press(.function(2))
        #expect(state.frame[39].contains("C ends it"))
        _ = state.press(.character(":"))
        #expect(state.screen.contains("F2"))
        _ = state.press(.escape, .character("?"))
        #expect(state.screen.contains("F2"))
        let other = Keymap.rebinding(["generate": ["F2"]]).keymap
        #expect(other.markdown.contains("| `F2` | run a loop"))
    }

    @Test func keysMayBeSwapped() {
        let (keymap, problems) = Keymap.rebinding(["generate": ["p"], "switch_provider": ["g"]])
        #expect(problems.isEmpty)
        #expect(keymap.binding(for: .character("p"))?.action == .generate)
        #expect(keymap.binding(for: .character("g"))?.action == .switchProvider)
    }

    @Test func everyMistakeNamesItsActionAndTheRemedy() {
        #expect(problem(["generat": ["x"]]).contains("generat: no action has this name; did you mean `generate`?"))
        #expect(problem(["generate": ["p"]]).contains("generate: p already does switch_provider"))
        #expect(problem(["generate": ["1"]]).contains("1 already does focus_roles"))
        #expect(problem(["generate": ["Ctrl-H"]]).contains("Ctrl-H is no key; keys are written as"))
        #expect(problem(["generate": ["Ctrl-C"]]).contains("has its meaning everywhere"))
        #expect(problem(["generate": []]).contains("no key is named"))
        #expect(problem(["generate": ["\u{1B}[31m"]]).contains("␛[31m is no key"))
        #expect(problem(["prune": ["gg"], "zz": ["a"]]).split(separator: "\n").count == 2)
    }

    @Test func ctrlCLeavesWhateverQuitIsGiven() {
        var state = rebound(["quit": ["Q"]])
        #expect(state.press(.character("Q")) == [.quit(.quit)])
        #expect(state.press(.control("c")) == [.quit(.quit)])
        #expect(state.press(.character("q")).isEmpty)
    }
}
