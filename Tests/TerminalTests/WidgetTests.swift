import Terminal
import Testing

@Suite struct WidgetTests {
    let theme = Theme.builtIn("foundry") ?? Theme()

    private func draw(
        _ width: Int, _ height: Int, glyphs: Glyphs = .unicode, _ body: (inout Canvas) -> Void
    ) -> [String] {
        var canvas = Canvas(size: Size(width: width, height: height), style: theme.text, glyphs: glyphs)
        body(&canvas)
        return canvas.lines
    }

    @Test func frameHasTitleAboveAndFooterBelow() {
        let lines = draw(28, 3) {
            $0.frame($0.bounds, title: "Roles", key: "1", footer: "15 roles", theme: theme)
        }
        #expect(
            lines == [
                "╭ 1 Roles ─────────────────╮",
                "│                          │",
                "╰────────────── 15 roles ──╯",
            ])
    }

    @Test func frameIsDrawnInASCIIWhereItMustBe() {
        let lines = draw(14, 3, glyphs: .ascii) { $0.frame($0.bounds, title: "Cost", footer: "$3", theme: theme) }
        #expect(lines == ["+ Cost ------+", "|            |", "+------- $3 --+".replacing("--- $3", with: "-- $3")])
    }

    @Test func frameCutsWhatHasNoRoom() {
        #expect(
            draw(10, 2) { $0.frame($0.bounds, title: "Activity", footer: "follows", theme: theme) } == [
                "╭ Activ… ╮", "╰ fol… ──╯",
            ])
        #expect(draw(4, 2) { $0.frame($0.bounds, title: "Activity", footer: "x", theme: theme) } == ["╭──╮", "╰──╯"])
        #expect(draw(1, 1) { $0.frame($0.bounds, title: "A", theme: theme) } == [""])
    }

    @Test func framePartlyOutsideIsClipped() {
        let lines = draw(4, 2) { $0.frame(Rect(x: -2, y: -1, width: 5, height: 3), title: "no", theme: theme) }
        #expect(lines == ["  │", "──╯"])
    }

    @Test func focusShowsWithoutColour() {
        let mono = Theme.builtIn("mono") ?? Theme()
        var canvas = Canvas(size: Size(width: 12, height: 4))
        canvas.frame(Rect(x: 0, y: 0, width: 12, height: 2), title: "Cost", isFocused: true, theme: mono)
        canvas.frame(Rect(x: 0, y: 2, width: 12, height: 2), title: "Cost", isFocused: false, theme: mono)
        #expect(canvas[2, 0].style != canvas[2, 2].style)
        #expect(canvas[0, 0].style != canvas[0, 2].style)
    }

    @Test func gaugeFillsByEighths() {
        let lines = draw(8, 6) {
            for (row, fraction) in [0, 0.5, 0.53, 1, -3, .infinity].enumerated() {
                $0.gauge(x: 0, y: row, width: 8, fraction: fraction, theme: theme)
            }
        }
        #expect(lines == ["░░░░░░░░", "████░░░░", "████▎░░░", "████████", "░░░░░░░░", "████████"])
    }

    @Test func gaugeNeverHidesALittleOrPretendsAll() {
        let lines = draw(4, 3) {
            $0.gauge(x: 0, y: 0, width: 4, fraction: 0.0001, theme: theme)
            $0.gauge(x: 0, y: 1, width: 4, fraction: 0.9999, theme: theme)
            $0.gauge(x: 0, y: 2, width: 4, fraction: .nan, theme: theme)
        }
        #expect(lines == ["▏░░░", "███▉", "░░░░"])
    }

    @Test func gaugeFallsBackToASCII() {
        let lines = draw(5, 1, glyphs: .ascii) { $0.gauge(x: 0, y: 0, width: 5, fraction: 0.6, theme: theme) }
        #expect(lines == ["###--"])
    }

    @Test func gaugeGetsMoreAlarmingToItsEndUnlessToldItsStyle() {
        var canvas = Canvas(size: Size(width: 5, height: 2), style: theme.text)
        canvas.gauge(x: 0, y: 0, width: 5, fraction: 1, theme: theme)
        canvas.gauge(x: 0, y: 1, width: 5, fraction: 1, style: theme.bad, theme: theme)
        #expect(canvas[0, 0].style.foreground == theme.gauge(fraction: 0).foreground)
        #expect(canvas[4, 0].style.foreground == theme.gauge(fraction: 1).foreground)
        #expect(canvas[0, 1].style.foreground == theme.bad.foreground)
    }

    @Test func sparklineShowsTheLastValuesAtTheRight() {
        let lines = draw(6, 3) {
            $0.sparkline(x: 0, y: 0, width: 6, values: [9, 9, 0, 1, 2, 3, 4, 7], style: .plain)
            $0.sparkline(x: 0, y: 1, width: 6, values: [0, 0], style: .plain)
            $0.sparkline(x: 0, y: 2, width: 0, values: [1], style: .plain)
        }
        #expect(lines == ["▁▂▃▄▅█", "    ▁▁", ""])
    }
}
