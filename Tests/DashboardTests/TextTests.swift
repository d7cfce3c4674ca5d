import Core
import Terminal
import Testing

@testable import Dashboard

@Suite struct TextTests {
    // MARK: Partial JSON

    @Test func everyPrefixOfAnAnswerReadsWithoutLosingText() {
        var longest = 0
        for end in Sample.scene.indices {
            let text = Prose.paragraphs(of: String(Sample.scene[...end])).first { $0.kind == .text }?.text ?? ""
            if text.hasPrefix("The ferry") { longest = max(longest, text.count) }
            #expect(!text.contains("{") || end < Sample.scene.index(Sample.scene.startIndex, offsetBy: 1))
        }
        #expect(longest > 100)
    }

    @Test(arguments: [
        (#"{"a":"x\ny"#, "x\ny"), (#"{"a":"x\"#, "x"), (#"{"a":"\u0041\u00"#, "A"), (#"{"a":"\ud83d\ude00!"#, "😀!"),
        (#"{"a":"\ud83dx"#, "x"), (#"{"a":"\"q\" \/ \t."#, "\"q\" / \t."), ("```json\n{\"a\":\"fenced", "fenced"),
        (#"  {"a" : "spaced" , "b"#, "spaced"),
    ])
    func unfinishedStringsAreRead(_ text: String, _ expected: String) {
        #expect(PartialJSON.read(text)?["a"]?.string == expected)
    }

    @Test func unfinishedValuesCountAsWhatTheyAre() {
        #expect(PartialJSON.read(#"{"a":12.5,"b":true,"c":null,"d":tru"#)?["a"]?.double == 12.5)
        #expect(PartialJSON.read(#"{"a":12.5,"b":true,"c":null"#)?["b"]?.bool == true)
        #expect(PartialJSON.read(#"{"b":false}"#)?["b"]?.bool == false)
        #expect(PartialJSON.read(#"{"a":[1,2,{"b":"#)?["a"]?.array?.count == 3)
        #expect(PartialJSON.read("no JSON") == nil)
        #expect(PartialJSON.read("") == nil)
        #expect(PartialJSON.read("```") == nil)
        #expect(PartialJSON.read(String(repeating: "[", count: 100_000)) != nil)
    }

    @Test func proseTakesEveryFormApart() {
        let hooks = #"{"hooks":[{"title":"One","tags":["a","b"],"n":2,"deep":{"x":true}},{"title":"Two","empty":""}]}"#
        let paragraphs = Prose.paragraphs(of: hooks)
        #expect(paragraphs.map(\.text) == ["One", "tags: a, b", "n: 2", "deep:", "x: yes", "Two"])
        #expect(paragraphs.map(\.depth) == [0, 0, 0, 0, 1, 0])
        #expect(Prose.paragraphs(of: "plain\ntext").map(\.text) == ["plain\ntext"])
        #expect(Prose.paragraphs(of: #"{"list":[{"a":[]}],"b":false}"#).map(\.text) == ["b: no"])
    }

    // MARK: Wrapping

    @Test func linesBreakBetweenWordsAndNeverPassTheWidth() {
        #expect(Wrapping.lines("one two three", width: 7) == ["one two", "three"])
        #expect(Wrapping.lines("incomprehensible", width: 6) == ["incomp", "rehens", "ible"])
        #expect(Wrapping.lines("a\n\nb", width: 9) == ["a", "", "b"])
        #expect(Wrapping.lines("漢字漢字", width: 5) == ["漢字", "漢字"])
        #expect(Wrapping.lines("anything", width: 0).isEmpty)
        #expect(Wrapping.lines("\u{1B}[0m", width: 9) == ["␛[0m"])
        #expect(Wrapping.lines("漢字", width: 1) == ["漢", "字"])
    }

    // MARK: Figures

    @Test func moneyHasAsManyDigitsAsTellSomething() {
        let shown = ["0", "0.00001", "0.0042", "0.31", "4.11", "1234.5"].map { Figures.dollars(dollars($0)) }
        #expect(shown == ["0", "<0.0001", "0.0042", "0.31", "4.11", "1234.50"])
        #expect(Figures.price(nil) == "$?")
        #expect(Figures.price(dollars("0.31")) == "$0.31")
    }

    @Test func countsAndBytes() {
        #expect(
            [812, 1_200, 19_250, 310_000, 4_100_000].map(Figures.compact) == ["812", "1.2k", "19.2k", "310k", "4.1M"])
        #expect([0, 999, 1_204, 1_234_567, -1_000].map(Figures.count) == ["0", "999", "1,204", "1,234,567", "-1,000"])
        #expect(Figures.percent(0.605) == "61 %")
        #expect(Figures.percent(nil) == "-")
        #expect(Figures.percent(.nan) == "-")
        #expect([12, 12_288, 3_565_158, 38 << 20].map(Figures.bytes) == ["12 B", "12 kB", "3.4 MB", "38 MB"])
        #expect(Figures.share(38 << 20, of: 500 << 20) == "38/500 MB")
        #expect(Figures.share(12_288, of: 500 << 20) == "12 kB/500 MB")
    }

    @Test func timesAreRoundedUpAndClocksDown() {
        let spans: [Int64] = [-5, 7_200_000, 99_000_000, 100_000_000, 3_600_000_000 * 3, 86_400_000_000 * 3]
        #expect(spans.map(Figures.duration) == ["0 s", "8 s", "99 s", "2 min", "3 h", "3 d"])
        #expect(Figures.elapsed(42_900_000) == "00:42")
        #expect(Figures.elapsed(3_723_000_000) == "1:02:03")
        #expect(Figures.clock(noon + 61 * second, utcOffset: 0, withSeconds: true) == "12:01:01")
        #expect(Figures.clock(noon, utcOffset: -13 * 3_600, withSeconds: false) == "23:00")
        #expect(Figures.clock(-second, utcOffset: 0, withSeconds: true) == "23:59:59")
    }

    // MARK: Typing

    @Test func textIsTypedAndCorrected() {
        var input = TextInput("ferry")
        input.moveCaret(by: -2)
        #expect(input.type(.character("X")) == true)
        #expect(input.type(.backspace) == true)
        #expect(input.type(.delete) == true)
        #expect(input.text == "fery")
        input.moveCaretToStart()
        #expect(input.type(.backspace) == false)
        input.moveCaretToEnd()
        #expect(input.type(.delete) == false)
        #expect(input.type(.function(1)) == false)
        #expect(input.type(.control("u")) == true)
        #expect(input.text.isEmpty)
        #expect(input.type(.control("u")) == false)
    }

    @Test func numberTakesDigitsOnly() {
        var input = TextInput("", isNumber: true, limit: 3)
        #expect(input.type(.character("a")) == false)
        #expect(input.insert("1٣2x34") == true)
        #expect(input.text == "123")
    }

    @Test func longTextShowsThePartAroundTheCaret() {
        var input = TextInput("abcdefghij")
        #expect(input.window(width: 4).before == "hij")
        input.moveCaretToStart()
        let start = input.window(width: 4)
        #expect(start.at == "a" && start.after == "bcd")
        input.moveCaret(by: 100)
        #expect(input.window(width: 0).before.isEmpty)
    }
}
