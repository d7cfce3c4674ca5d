import Testing

@testable import Studio

@Suite struct CSVTests {
    @Test(arguments: [
        (["a", "b"], "a,b"), ([""], ""), (["", ""], ","), (["a b", "c'd"], "a b,c'd"),
        (["a,b"], "\"a,b\""), (["a\"b"], "\"a\"\"b\""), (["a\nb"], "\"a\nb\""), (["a\r\nb"], "\"a\r\nb\""),
        (["\""], "\"\"\"\""), (["e\u{301},"], "\"e\u{301},\""),
    ])
    func cellsAreQuotedWhereTheyHaveTo(_ cells: [String], _ expected: String) {
        #expect(Array(CSV.record(cells).utf8) == Array(expected.utf8))
    }

    @Test(arguments: [
        ("=cmd()", "'=cmd()"), ("+a", "'+a"), ("-a", "'-a"), ("@a", "'@a"), ("\ta", "'\ta"), ("=", "'="), ("-", "'-"),
        ("-1+1", "'-1+1"), ("-1e", "'-1e"), ("+.5", "'+.5"), ("-0x1F", "'-0x1F"), ("=1", "'=1"),
        ("=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\""), ("=\u{301}cmd()", "'=\u{301}cmd()"),
        ("a=b", "a=b"), (" =a", " =a"), ("'=a", "'=a"),
    ])
    func formulasAreDisarmed(_ cell: String, _ expected: String) {
        #expect(Array(CSV.record([cell]).utf8) == Array(expected.utf8))
    }

    @Test(arguments: ["-1", "+1", "-1.5", "-0.000001", "+1e10", "-2.5E-7", "12", "0"])
    func numbersAreNotFormulas(_ cell: String) {
        #expect(CSV.record([cell, cell]) == "\(cell),\(cell)")
    }

    @Test func quoteBeforeAMarkIsStillAQuote() {
        // One character to Swift, two to whoever reads the file.
        #expect(Array(CSV.record(["a\"\u{301}b"]).utf8) == Array("\"a\"\"\u{301}b\"".utf8))
    }
}
