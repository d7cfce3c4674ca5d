import Terminal

/// Names and what they stand for, one below the other, the values in a column of their own.
struct FactLines {
    let width: Int
    private(set) var lines: [Line] = []

    private static let nameWidth = 11

    init(width: Int) { self.width = width }

    /// A heading, with an empty line before it.
    mutating func begin(_ title: String) {
        if !lines.isEmpty { lines.append(Line()) }
        lines.append(Line(title, .columnTitle))
    }

    /// A value that is broken into lines where it is long; nothing where it is empty.
    mutating func add(_ name: String, _ value: String, _ tone: Tone? = nil) {
        guard !value.isEmpty else { return }
        let indent = min(Self.nameWidth, width / 3)
        let lead = name.fitted(to: indent - 1, ellipsis: "") + " "
        for (row, text) in Wrapping.lines(value, width: max(1, width - indent)).enumerated() {
            lines.append(
                Line([Span(row == 0 ? lead : String(repeating: " ", count: indent), .muted), Span(text, tone)]))
        }
    }

    /// Text as it is read, in the whole width.
    mutating func add(text: String, _ tone: Tone? = nil) {
        lines += Wrapping.lines(text, width: width).map { Line($0, tone) }
    }

    mutating func add(_ more: [Line]) { lines += more }
}
