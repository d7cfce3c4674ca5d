import Foundation
import Core
import Terminal
import Testing

@testable import Dashboard

@Suite struct KeyTableTests {
    @Test func noKeyDoesTwoThings() {
        let main = KeyTable.main.flatMap(\.keys)
        #expect(Set(main).count == main.count)
        let dialog = KeyTable.dialog.flatMap(\.keys)
        #expect(Set(dialog).count == dialog.count)
        #expect(Set(KeyTable.main.map(\.action)).count == KeyTable.main.count)
        #expect(Set(Pane.all.map(\.id)).count == Pane.all.count)
    }

    @Test func footerShowsTheKeysOfTheTable() {
        for events in [[], Array(Sample.run.prefix(2))] {
            let state = DashboardState.sample(width: 120, height: 40, events: events)
            let footer = state.frame[39]
            for binding in KeyTable.main where binding.footer.counts(whileRunning: state.isRunUnderWay) {
                #expect(footer.contains("\(binding.names().prefix(1))"))
                #expect(footer.contains(binding.label))
            }
        }
    }

    @Test func helpAndMarkdownTellEveryKey() {
        var state = DashboardState.sample(width: 120, height: 120)
        _ = state.press(.character("?"))
        for binding in KeyTable.main where !binding.about.hasPrefix("focus ") {
            #expect(state.screen.contains(binding.about.prefix(30)))
            #expect(Keymap.standard.markdown.contains(binding.about))
        }
        #expect(Keymap.standard.markdown.contains("| `q` `Ctrl-C` |"))
        #expect(Keymap.standard.markdown.contains("focus Roles, Cache, Limits, Cost, Output, Activity, State, Loop"))
    }

    /// With QUESTFOUNDRY_RECORD set it writes the README's table and fails.
    @Test func readmeShowsEveryKey() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../README.md")
        let readme = try String(contentsOf: path, encoding: .utf8)
        let (start, end) = ("writes them -->\n", "\n<!-- /keys -->")
        let from = try #require(readme.range(of: start)?.upperBound)
        let to = try #require(readme.range(of: end)?.lowerBound)
        guard ProcessInfo.processInfo.environment["QUESTFOUNDRY_RECORD"] == nil else {
            let text = readme[..<from] + "\n" + Keymap.standard.markdown + "\n" + readme[to...]
            try Data(text.utf8).write(to: path)
            Issue.record("recorded the keys in README.md; look at them")
            return
        }
        let shown = readme[from..<to].trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(shown == Keymap.standard.markdown, "README.md shows other keys than the program")
    }

    @Test func disabledKeySaysWhy() {
        var state = DashboardState.sample()
        #expect(state.press(.character("c")).isEmpty)
        #expect(state.frame[23].contains("Nothing is running."))
        _ = state.press(.up)
        #expect(!state.frame[23].contains("Nothing is running."))
        state.fold(Array(Sample.run.prefix(1)))
        #expect(state.press(.character("g")).isEmpty)
        #expect(state.dialog == nil)
        #expect(state.frame[23].contains("A run is under way"))
        var empty = DashboardState.sample(nil)
        for key in "gpx" {
            #expect(empty.press(.character(key)).isEmpty)
            #expect(empty.dialog == nil)
        }
    }

    @Test func unknownKeysDoNothing() {
        var state = DashboardState.sample()
        let before = state.screen
        #expect(state.press(.function(5), .character("Z"), .backspace).isEmpty)
        #expect(state.screen == before)
    }

    @Test func everyKeyHasAName() {
        let keys: [Key] = [
            .enter, .escape, .tab, .backTab, .up, .down, .left, .right, .pageUp, .pageDown, .home, .end, .backspace,
            .delete, .control("c"), .function(1), .character("x"), .character(" "),
        ]
        #expect(Set(keys.map { $0.name(.unicode) }).count == keys.count)
        #expect(keys.allSatisfy { $0.name(.ascii).utf8.allSatisfy { $0 < 0x80 } })
    }
}
