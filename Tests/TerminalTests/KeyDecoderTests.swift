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
