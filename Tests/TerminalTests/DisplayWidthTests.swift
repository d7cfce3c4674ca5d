import Terminal
import Testing

@Suite struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("plain", 5), ("漢字", 4), ("ｆｕｌｌ", 8), ("한글", 4), ("e\u{301}tude", 5), ("é", 1),
        ("😀", 2), ("👩‍👩‍👧", 2), ("👍🏽", 2), ("❤️", 2), ("❤", 1), ("🇩🇪", 2), ("1️⃣", 2), ("क्षि", 3), ("╭─╮", 3), ("⚠", 1),
    ])
    func textTakesTheColumnsThatTerminalsGiveIt(text: String, width: Int) {
        #expect(displayWidth(text) == width)
    }

    @Test func controlCharactersCountAsTheirPictures() {
        #expect(displayWidth("\u{1B}[31m") == 5)
        #expect(displayWidth("a\tb\nc") == 5)
        #expect(displayWidth("\u{202E}") == 8)
    }

    @Test func markWithoutLetterGetsOne() {
        #expect(displayWidth("\u{301}a") == 2)
    }

    @Test func jamoStandsInTheCellsOfItsSyllable() {
        #expect(displayWidth("\u{1112}\u{1161}\u{11AB}") == 2)
    }

    @Test func clusterOfThousandMarksIsOneCell() {
        var canvas = Canvas(size: Size(width: 4, height: 1))
        canvas.put("a" + String(repeating: "\u{301}", count: 1000) + "b", x: 0, y: 0, style: .plain)
        #expect(canvas[0, 0].text.unicodeScalars.count <= 16)
        #expect(canvas[1, 0].text == "b")
    }
}
