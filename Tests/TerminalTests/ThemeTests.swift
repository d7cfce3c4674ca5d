import Foundation
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

    /// What carries no information of its own: where a pane ends is also told by its title, and what is left of a gauge by
    /// the part that is full. All else is read, `muted` and `column_title` too.
    private static let decoration: Set = ["border", "gauge_track"]
    /// What stands in rows that can be selected, on any ground there is.
    private static let tones: Set = [
        "muted", "strong", "accent", "good", "warning", "bad", "column_title", "key", "key_label", "sparkline",
    ]

    private func expectLegible(_ name: String, least: Double, in palette: Palette) throws {
        let theme = try #require(Theme.builtIn(name))
        let screens = [theme.text, theme.dialog, theme.header]
        let rows = screens + [theme.selection, theme.selectionUnfocused]
        for entry in Theme.styles where !Self.decoration.contains(entry.name) {
            let style = theme[keyPath: entry.path]
            let grounds =
                style.background.map { [$0] }
                ?? (Self.tones.contains(entry.name) ? rows : screens).compactMap(\.background)
            for background in grounds {
                let foreground = try #require(style.foreground ?? theme.text.foreground)
                let shown = try palette.shown(foreground, on: background)
                #expect(Color.contrast(shown.0, shown.1) >= least, "\(name): \(entry.name)")
            }
        }
    }

    @Test(arguments: Theme.builtInNames.filter { $0 != "mono" })
    func builtInThemeIsLegibleInFullColourAndIn256(name: String) throws {
        try expectLegible(name, least: 4.5, in: Palette(depth: .direct))
        try expectLegible(name, least: 4.5, in: Palette(depth: .indexed256))
    }

    @Test func highContrastHasSevenToOne() throws {
        try expectLegible("high-contrast", least: 7, in: Palette(depth: .direct))
    }

    @Test(arguments: [ColorDepth.eight, .sixteen])
    func fewColoursKeepTextApartFromItsGround(depth: ColorDepth) throws {
        for name in Theme.builtInNames where name != "mono" {
            try expectLegible(name, least: 3, in: Palette(depth: depth))
        }
    }

    /// What an eye without one kind of cone sees of a colour (Viénot, Brettel and Mollon, 1999).
    private func seen(_ color: Color, withoutRed: Bool) -> OKLab {
        func linear(_ value: UInt8) -> Double { pow(Double(value) / 255, 2.2) }
        func encoded(_ value: Double) -> UInt8 { UInt8((pow(min(1, max(0, value)), 1 / 2.2) * 255).rounded()) }
        let (red, green, blue) = (linear(color.red), linear(color.green), linear(color.blue))
        let yellow = withoutRed ? 0.11238 * red + 0.88762 * green : 0.29275 * red + 0.70725 * green
        let other = withoutRed ? 0.00401 * (red - green) + blue : 0.02234 * (green - red) + blue
        return OKLab(Color(red: encoded(yellow), green: encoded(yellow), blue: encoded(other)))
    }

    @Test func colorblindKeepsItsMeaningsApartForEveryEye() throws {
        let theme = try #require(Theme.builtIn("colorblind"))
        let meanings = try [theme.good, theme.warning, theme.bad].map { try #require($0.foreground) }
        for withoutRed in [true, false] {
            for pair in [(0, 1), (0, 2), (1, 2)] {
                let (one, other) = (meanings[pair.0], meanings[pair.1])
                let distance = seen(one, withoutRed: withoutRed).squaredDistance(
                    to: seen(other, withoutRed: withoutRed))
                #expect(distance.squareRoot() > 0.1, "\(pair)")
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

extension Palette {
    /// The colours that a terminal shows for two of a theme.
    fileprivate func shown(_ foreground: Color, on background: Color) throws -> (Color, Color) {
        guard depth != .direct else { return (foreground, background) }
        let indices = indices(foreground: foreground, background: background)
        return (try #require(color(at: indices.foreground)), try #require(color(at: indices.background)))
    }
}
