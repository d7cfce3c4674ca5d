import CNcurses
import Testing

@testable import Terminal

@Suite struct KeyDecoderTests {
    private func events(_ inputs: [KeyDecoder.Input]) -> [InputEvent] {
        var decoder = KeyDecoder()
        return inputs.flatMap { decoder.take($0) }
    }

    private func typed(_ text: String) -> [KeyDecoder.Input] { text.unicodeScalars.map { .scalar($0) } + [.pause] }

    @Test func charactersAreThemselves() {
        #expect(events(typed("gé漢")) == [.key(.character("g")), .key(.character("é")), .key(.character("漢"))])
    }

    @Test(arguments: [
        ("\r", Key.enter), ("\n", .enter), ("\t", .tab), ("\u{7F}", .backspace), ("\u{8}", .backspace),
        ("\u{3}", .control("c")), ("\u{1A}", .control("z")), ("\u{0}", .control("@")), ("\u{1C}", .control("\\")),
    ])
    func controlCharactersAreKeys(text: String, key: Key) { #expect(events(typed(text)) == [.key(key)]) }

    @Test(arguments: [
        (KEY_UP, Key.up), (KEY_DOWN, .down), (KEY_LEFT, .left), (KEY_RIGHT, .right), (KEY_PPAGE, .pageUp),
        (KEY_NPAGE, .pageDown), (KEY_HOME, .home), (KEY_END, .end), (KEY_BACKSPACE, .backspace), (KEY_DC, .delete),
        (KEY_ENTER, .enter), (KEY_BTAB, .backTab), (KEY_F0 + 1, .function(1)), (KEY_F0 + 12, .function(12)),
    ])
    func functionKeysHaveNames(number: Int32, key: Key) { #expect(events([.function(number)]) == [.key(key)]) }

    @Test func keysThatNothingAsksForAreDropped() {
        #expect(events([.function(KEY_RESIZE), .function(5000), .scalar("\u{85}"), .pause]).isEmpty)
    }

    private func report(_ text: String) -> [KeyDecoder.Input] {
        [.function(KeyDecoder.mouseStart)] + text.unicodeScalars.map { .scalar($0) }
    }

    @Test(arguments: [
        ("0;1;1M", MouseEvent(.press, x: 0, y: 0)), ("0;250;60M", MouseEvent(.press, x: 249, y: 59)),
        ("16;5;3M", MouseEvent(.press, x: 4, y: 2)), ("64;2;2M", MouseEvent(.wheelUp, x: 1, y: 1)),
        ("65;2;2M", MouseEvent(.wheelDown, x: 1, y: 1)),
    ])
    func clicksAndTheWheelArrive(text: String, event: MouseEvent) { #expect(events(report(text)) == [.mouse(event)]) }

    @Test(arguments: ["0;1;1m", "2;1;1M", "35;4;4M", "0;0;1M", "0;1M", "0;1;1;1M", ";;M", "0;x;1M", "-1;1;1M"])
    func otherReportsOfTheMouseAreDropped(text: String) {
        #expect(events(report(text) + typed("q")).last == .key(.character("q")))
        #expect(!events(report(text)).contains { if case .mouse = $0 { true } else { false } })
    }

    @Test func aBrokenReportEndsAtAPauseOrAtItsLength() {
        #expect(events(report("0;1") + [.pause] + typed("q")) == [.key(.character("q"))])
        let long = events(report(String(repeating: "1", count: 100)) + typed("q"))
        #expect(long.count < 100 && !long.contains { if case .mouse = $0 { true } else { false } })
    }

    @Test func focusIsRemembered() {
        var decoder = KeyDecoder()
        #expect(!decoder.hasFocus)
        #expect(decoder.take(.function(KeyDecoder.focusGained)).isEmpty && decoder.hasFocus)
        #expect(decoder.take(.function(KeyDecoder.focusLost)).isEmpty && !decoder.hasFocus)
    }

    @Test func escapeAloneIsAKey() {
        #expect(events(typed("\u{1B}")) == [.key(.escape)])
        #expect(events(typed("\u{1B}\u{1B}")) == [.key(.escape), .key(.escape)])
        #expect(events(typed("\u{1B}q")) == [.key(.escape), .key(.character("q"))])
    }

    @Test(arguments: [
        "\u{1B}[1;5Pq", "\u{1B}[99~q", "\u{1B}Oxq", "\u{1B}]11;rgb:0/0/0\u{7}q", "\u{1B}]0;x\u{1B}\\q",
        "\u{1B}P1+r\u{1B}\\q",
    ])
    func unknownSequencePressesNothing(text: String) { #expect(events(typed(text)) == [.key(.character("q"))]) }

    @Test func brokenSequenceEndsWithThePause() {
        #expect(events(typed("\u{1B}[1") + typed("q")) == [.key(.character("q"))])
        #expect(events(typed("\u{1B}]x") + typed("q")) == [.key(.character("q"))])
    }

    @Test func pasteIsOneTextEvenInPieces() {
        let inputs: [KeyDecoder.Input] =
            [.function(KeyDecoder.pasteStart)] + typed("one\rtwo\u{1B}") + typed("q") + [.function(KEY_UP)]
            + [.function(KeyDecoder.pasteEnd)] + typed("q")
        #expect(events(inputs) == [.paste("one\ntwo\u{1B}q"), .key(.character("q"))])
    }

    @Test func pasteIsBounded() {
        var decoder = KeyDecoder()
        _ = decoder.take(.function(KeyDecoder.pasteStart))
        for _ in 0..<(1 << 20) + 10 { _ = decoder.take(.scalar("x")) }
        #expect(decoder.endPaste() == .paste(String(repeating: "x", count: 1 << 20)))
        #expect(decoder.endPaste() == nil)
    }

    @Test func terminalSaysWhetherItSynchronizes() {
        var decoder = KeyDecoder()
        #expect(decoder.take(.function(KeyDecoder.lacksSynchronization)).isEmpty)
        #expect(!decoder.hasSynchronizedOutput)
        #expect(decoder.take(.function(KeyDecoder.hasSynchronization)).isEmpty)
        #expect(decoder.hasSynchronizedOutput)
    }
}
