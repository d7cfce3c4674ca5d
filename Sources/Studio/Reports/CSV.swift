/// Comma-separated values as RFC 4180 writes them.
enum CSV {
    private static let formulaStarts = Set("=+-@\t".utf8)
    private static let reserved = Set("\",\r\n".utf8)

    /// One record, without its line end.
    ///
    /// A cell that a spreadsheet would run as a formula, since it begins with = + - @ or a tab, gets a leading quote,
    /// numbers excepted.
    static func record(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") }

    /// Looks at bytes: a character that begins with a sign or a quote may be another than that.
    private static func cell(_ text: String) -> String {
        let isFormula = text.utf8.first.map { formulaStarts.contains($0) } ?? false
        let safe = isFormula && !isNumber(text) ? "'" + text : text
        guard safe.utf8.contains(where: { reserved.contains($0) }) else { return safe }
        let quote = UInt8(ascii: "\"")
        let doubled = safe.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] }
        return "\"" + String(decoding: doubled, as: UTF8.self) + "\""
    }

    private static func isNumber(_ text: String) -> Bool {
        text.wholeMatch(of: /[+\-]?[0-9]+(\.[0-9]+)?([eE][+\-]?[0-9]+)?/) != nil
    }
}
