import Terminal

extension [Line] {
    /// These lines with others to the right of them, which begin at a column; where either has no more, its part is empty.
    func beside(_ right: [Line], at column: Int, glyphs: Glyphs) -> [Line] {
        (0..<Swift.max(count, right.count)).map { row in
            var line = row < count ? self[row] : Line()
            let used = line.spans.reduce(0) { $0 + $1.width }
            let gap = Swift.max(0, column - 3 - used)
            let rule = " \(glyphs.vertical) "
            line.spans += [Span(String(repeating: " ", count: gap)), Span(rule, .muted)]
            line.spans += row < right.count ? right[row].spans : []
            return line
        }
    }
}
