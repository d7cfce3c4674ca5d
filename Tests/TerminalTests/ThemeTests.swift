import Testing

@testable import Terminal

@Suite struct ThemeTests {
    @Test(arguments: Theme.builtInNames)
    func builtInThemeIsReadable(name: String) throws {
        let theme = try #require(Theme.builtIn(name))
        #expect(theme.name == name)
        #expect(!theme.about.isEmpty)
    }

    @Test func unknownNameIsNoTheme() { #expect(Theme.builtIn("nosuch") == nil) }

    @Test func monoUsesTheTerminalsOwnColours() throws {
        let mono = try #require(Theme.builtIn("mono"))
        for entry in Theme.styles {
            #expect(mono[keyPath: entry.path].foreground == nil)
            #expect(mono[keyPath: entry.path].background == nil)
        }
        #expect(mono.gauge(fraction: 0.5) == mono.gaugeFill)
        #expect(mono.selection.reverse)
    }

    /// Lines may be faint, text may not.
    private static let decoration: Set = ["border", "gauge_track"]

    @Test func foundryIsLegibleInFullColourAndIn256() throws {
        let theme = try #require(Theme.builtIn("foundry"))
        let palette = Palette(depth: .indexed256)
        let screens = [theme.text, theme.dialog, theme.header]
        for entry in Theme.styles where !Self.decoration.contains(entry.name) {
            let style = theme[keyPath: entry.path]
            for background in style.background.map({ [$0] }) ?? screens.compactMap(\.background) {
                let foreground = try #require(style.foreground ?? theme.text.foreground)
                #expect(Color.contrast(foreground, background) >= 4.5, "\(entry.name)")
                let indices = palette.indices(foreground: foreground, background: background)
                let front = try #require(palette.color(at: indices.foreground))
                let behind = try #require(palette.color(at: indices.background))
                #expect(Color.contrast(front, behind) >= 4.5, "\(entry.name) in 256 colours")
            }
        }
    }

    @Test func gaugeColoursGoFromCalmToAlarming() throws {
        let theme = try #require(Theme.builtIn("foundry"))
        #expect(theme.gauge(fraction: -1).foreground == theme.gaugeColors.first)
        #expect(theme.gauge(fraction: 0.5).foreground == theme.gaugeColors[1])
        #expect(theme.gauge(fraction: 7).foreground == theme.gaugeColors.last)
        #expect(theme.gauge(fraction: .nan).foreground == theme.gaugeColors.first)
        #expect(!theme.gaugeColors.map(Optional.some).contains(theme.gauge(fraction: 0.25).foreground))
    }

    @Test func userThemeChangesOnlyWhatItNames() throws {
        let base = try #require(Theme.builtIn("foundry"))
        let theme = try Theme.reading(
            """
            name: mine
            colors: {sea: "#4af"}
            styles:
              accent: {foreground: sea, underline: true}
              selection: {background: none}
            gauge: ["#00ff00"]
            """, source: "mine.yml")
        #expect(theme.name == "mine")
        #expect(theme.accent == Style(foreground: Color(red: 0x44, green: 0xAA, blue: 0xFF), underline: true))
        #expect(theme.selection.background == nil)
        #expect(theme.selection.foreground == base.selection.foreground)
        #expect(theme.text == base.text)
        #expect(theme.gauge(fraction: 0.7).foreground == Color(red: 0, green: 255, blue: 0))
    }

    @Test func userThemeMayStandOnAnother() throws {
        let theme = try Theme.reading("{name: quiet, based_on: mono}", source: "quiet.yml")
        #expect(theme.selection == Theme.builtIn("mono")?.selection)
    }

    @Test func everyMistakeIsToldWithItsLine() {
        let error = #expect(throws: ThemeError.self) {
            try Theme.reading(
                """
                name: broken
                based_on: nosuch
                colours: {}
                colors:
                  sea: blue-ish
                styles:
                  accent: {foreground: sea, blink: true}
                  sidebar: {bold: true}
                  muted: {dim: perhaps, foreground: [1]}
                  good: bold
                gauge: green
                about: [a, b]
                """, source: "broken.yml")
        }
        #expect(Set(error?.problems.map(\.line) ?? []) == [2, 3, 5, 7, 8, 9, 10, 11, 12])
        #expect(error?.description.contains("broken.yml, line 8, column 3: unknown style `sidebar`") == true)
    }

    @Test(arguments: [
        ("name: x\nstyles: {text: [\n", 3), ("name: x\nname: y\n", 1), ("", 1), ("- a list", 1),
        ("name: x\nabout: \u{1}", 2),
    ])
    func unreadableFileNamesALine(yaml: String, line: Int) {
        let error = #expect(throws: ThemeError.self) { try Theme.reading(yaml, source: "x.yml") }
        #expect(error?.problems.first?.line == line)
    }
}
