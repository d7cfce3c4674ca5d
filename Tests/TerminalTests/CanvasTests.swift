import Terminal
import Testing

@Suite struct CanvasTests {
    let red = Color(red: 255, green: 0, blue: 0)
    let navy = Color(red: 0, green: 0, blue: 64)

    private func canvas(_ width: Int, _ height: Int = 1) -> Canvas { Canvas(size: Size(width: width, height: height)) }

    @Test func textIsPutAtItsPlaceAndMeasured() {
        var canvas = canvas(12, 2)
        let used = canvas.put("漢字 ok", x: 2, y: 1, style: .plain)
        #expect(used == 7)
        #expect(canvas.lines == ["", "  漢字 ok"])
        #expect(canvas[2, 1].width == 2)
        #expect(canvas[3, 1].width == 0)
        #expect(canvas[3, 1].text.isEmpty)
    }

    @Test func textThatDoesNotFitEndsWithEllipsis() {
        var canvas = canvas(8, 4)
        #expect(canvas.put("lanterns burn", x: 0, y: 0, style: .plain) == 8)
        canvas.put("lanterns burn", x: 0, y: 1, style: .plain, maxWidth: 5)
        canvas.put("lanterns burn", x: 0, y: 2, style: .plain, maxWidth: 5, ellipsis: false)
        canvas.put("漢字漢字", x: 0, y: 3, style: .plain, maxWidth: 4)
        #expect(canvas.lines == ["lantern…", "lant…", "lante", "漢…"])
    }

    @Test func asciiEllipsisIsCutWithItsRoom() {
        var canvas = Canvas(size: Size(width: 8, height: 2), glyphs: .ascii)
        canvas.put("lanterns burn", x: 0, y: 0, style: .plain)
        canvas.put("lanterns burn", x: 0, y: 1, style: .plain, maxWidth: 2)
        #expect(canvas.lines == ["lante...", ".."])
    }

    @Test func nothingIsPutOutside() {
        var canvas = canvas(4, 2)
        let empty = canvas.lines
        for (x, y) in [(0, -1), (0, 2), (4, 0), (-9, 0), (400, 400)] { canvas.put("text", x: x, y: y, style: .plain) }
        canvas.put("text", x: 0, y: 0, style: .plain, maxWidth: -3)
        #expect(canvas.lines == empty)
        canvas.put("text", x: -2, y: 0, style: .plain)
        #expect(canvas.lines == ["xt", ""])
        #expect(canvas[9, 9].text == " ")
    }

    @Test func wideGraphemeNeedsBothItsCells() {
        var canvas = canvas(3)
        canvas.put("a漢", x: 1, y: 0, style: .plain, ellipsis: false)
        canvas.put("漢", x: -1, y: 0, style: .plain)
        #expect(canvas.lines == [" a"])
    }

    @Test func halfOfAWideGraphemeNeverStays() {
        var canvas = canvas(4)
        canvas.put("漢字", x: 0, y: 0, style: .plain)
        canvas.put("x", x: 1, y: 0, style: .plain)
        canvas.put("y", x: 2, y: 0, style: .plain)
        #expect(canvas.lines == [" xy"])
        canvas.put("漢字", x: 0, y: 0, style: .plain)
        canvas.put("漢", x: 1, y: 0, style: .plain)
        #expect(canvas.lines == [" 漢"])
        #expect((0..<4).map { canvas[$0, 0].width } == [1, 2, 0, 1])
    }

    @Test func controlCharactersNeverReachACell() {
        var canvas = canvas(80)
        let hostile = "\u{1B}]0;x\u{7}\r\n\t\u{9B}31m\u{202E}a\u{200B}\u{7F}\u{0}\r\u{2028}"
        canvas.put(hostile, x: 0, y: 0, style: .plain)
        canvas.fill(Rect(x: 70, y: 0, width: 4, height: 1), style: .plain, character: "\u{1B}")
        canvas.fill(Rect(x: 74, y: 0, width: 4, height: 1), style: .plain, character: "\n")
        for column in 0..<80 {
            for scalar in canvas[column, 0].text.unicodeScalars {
                #expect(scalar.properties.generalCategory != .control)
                #expect(scalar.properties.generalCategory != .format)
            }
        }
        #expect(canvas.lines[0].hasPrefix("␛]0;x␇"))
    }

    @Test func clipProtectsWhatIsOutside() {
        var canvas = canvas(10, 3)
        canvas.clipped(to: Rect(x: 2, y: 1, width: 4, height: 1)) { canvas in
            canvas.fill(canvas.bounds, style: .plain, character: "#")
            canvas.put("lanterns", x: 0, y: 1, style: .plain)
            canvas.clipped(to: Rect(x: 0, y: 0, width: 3, height: 3)) {
                $0.put("ZZZZ", x: 0, y: 1, style: .plain, ellipsis: false)
            }
        }
        #expect(canvas.lines == ["", "  Zte…", ""])
        #expect(canvas.clip == canvas.bounds)
    }

    @Test func textTakesTheColoursBeneathThatItLeavesOpen() {
        var canvas = Canvas(size: Size(width: 4, height: 2), style: Style(foreground: red, background: navy))
        canvas.put("a", x: 0, y: 0, style: Style(bold: true))
        #expect(canvas[0, 0].style == Style(foreground: red, background: navy, bold: true))
        canvas.fill(Rect(x: 0, y: 1, width: 4, height: 1), style: Style(reverse: true))
        canvas.put("b", x: 0, y: 1, style: .plain)
        #expect(canvas[0, 1].style.reverse)
        canvas.fill(canvas.bounds, style: .plain)
        #expect(canvas[0, 1].style == Style(foreground: red, background: navy))
    }

    @Test func emptyCanvasTakesEverything() {
        var canvas = canvas(0, 0)
        canvas.put("a", x: 0, y: 0, style: .plain)
        canvas.fill(canvas.bounds, style: .plain)
        canvas.frame(Rect(x: 0, y: 0, width: 5, height: 5), title: "t", theme: Theme())
        #expect(canvas.lines.isEmpty)
    }
}
