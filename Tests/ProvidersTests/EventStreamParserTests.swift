import Testing

@testable import Providers

@Suite struct EventStreamParserTests {
    /// The data of all events, with the stream cut into pieces of that many bytes.
    private func events(_ stream: String, piece: Int = .max) -> [String] {
        var parser = EventStreamParser()
        var rest = Array(stream.utf8)[...]
        var events: [[UInt8]] = []
        while !rest.isEmpty {
            events += parser.take(rest.prefix(piece))
            rest = rest.dropFirst(piece)
        }
        if let last = parser.finish() { events.append(last) }
        return events.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: ["\n", "\r\n", "\r"]) func linesMayEndInThreeWays(end: String) {
        let stream = ["data: one", "", "data: two", ""].map { $0 + end }.joined()
        for piece in [1, 2, 3, 1_000] { #expect(events(stream, piece: piece) == ["one", "two"]) }
    }

    @Test func piecesMayBreakCharactersAndLines() {
        let stream = "data: {\"é🚢\":1}\r\n\r\n: remark\r\ndata: two\n\n"
        for piece in 1...20 { #expect(events(stream, piece: piece) == ["{\"é🚢\":1}", "two"]) }
    }

    @Test func severalDataLinesAreOneEvent() {
        #expect(events("data: a\ndata:b\ndata\n\n") == ["a\nb\n"])
    }

    @Test func onlyDataCounts() {
        let stream = "\u{FEFF}event: chunk\nid: 7\nretry: 1\ndataset: no\n: data: no\ndata: yes\n\n\n\n"
        #expect(events(stream) == ["yes"])
    }

    @Test func onlyOneSpaceAfterTheColonIsDropped() {
        #expect(events("data:  two spaces\n\ndata:none\n\n") == [" two spaces", "none"])
    }

    @Test func aLastEventNeedsNoEmptyLineButAWholeLine() {
        #expect(events("data: one\n\ndata: two\n") == ["one", "two"])
        #expect(events("data: one\n\ndata: tw") == ["one"])
    }
}
