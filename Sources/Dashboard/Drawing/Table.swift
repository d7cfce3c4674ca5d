import Terminal

/// Rows under titled columns; where there is no room for all columns, the least important give way.
struct Table: Sendable {
    struct Column: Sendable {
        var title: String
        var isRightAligned = false
        /// Higher stays longer.
        var importance: Int
        /// The columns of text that it never goes below while it is shown.
        var minimum: Int
        var maximum: Int
    }

    struct Cell: Sendable {
        var text: String
        var tone: Tone?
        /// How much is left of something, from 0 to 1, drawn in place of the text.
        var gauge: Double?

        init(_ text: String, _ tone: Tone? = nil) {
            self.text = text
            self.tone = tone
        }
    }

    var columns: [Column]
    var rows: [[Cell]]
    /// Ends a text that was cut.
    var ellipsis: String

    /// The title line and one line per row, each of at most the width; rows that are not `shown` are empty.
    func lines(width: Int, shown: Range<Int>? = nil) -> (header: Line, rows: [Line]) {
        let widths = columnWidths(within: width)
        let titles = columns.map { Cell($0.title, .columnTitle) }
        let shown = shown ?? 0..<rows.count
        return (
            line(titles, widths),
            rows.indices.map { shown.contains($0) ? line(rows[$0], widths) : Line() }
        )
    }

    /// The width of every column, 0 for those that are left out.
    private func columnWidths(within width: Int) -> [Int] {
        let natural = columns.indices.map { index in
            let widest = rows.map { $0[index].gauge == nil ? displayWidth($0[index].text) : .max }.max() ?? 0
            return min(max(widest, displayWidth(columns[index].title)), columns[index].maximum)
        }
        var shown = Array(columns.indices)
        func least(_ index: Int) -> Int { min(natural[index], columns[index].minimum) }
        func needed() -> Int { shown.reduce(-1) { $0 + 1 + least($1) } }
        while needed() > width, shown.count > 1,
            let dropped = shown.min(by: { columns[$0].importance < columns[$1].importance })
        {
            shown.removeAll { $0 == dropped }
        }
        var widths = columns.indices.map { shown.contains($0) ? least($0) : 0 }
        var left = width - needed()
        for index in shown.sorted(by: { columns[$0].importance > columns[$1].importance }) where left > 0 {
            let more = min(left, natural[index] - widths[index])
            widths[index] += more
            left -= more
        }
        return widths
    }

    private func line(_ cells: [Cell], _ widths: [Int]) -> Line {
        var spans: [Span] = []
        for (index, cell) in cells.enumerated() where widths[index] > 0 {
            if !spans.isEmpty { spans.append(Span(" ")) }
            if let gauge = cell.gauge {
                spans.append(Span(.gauge(fraction: gauge, alarm: 1 - gauge, width: widths[index])))
                continue
            }
            let text = cell.text.fitted(
                to: widths[index], isRightAligned: columns[index].isRightAligned, ellipsis: ellipsis)
            spans.append(Span(text, cell.tone))
        }
        return Line(spans)
    }
}

extension String {
    /// The text in exactly that many columns: cut, the cut marked, or filled up with spaces.
    func fitted(to width: Int, isRightAligned: Bool = false, ellipsis: String) -> String {
        let text = cut(to: width, ellipsis: ellipsis)
        let padding = String(repeating: " ", count: max(0, width - displayWidth(text)))
        return isRightAligned ? padding + text : text + padding
    }

    private func cut(to width: Int, ellipsis: String) -> String {
        guard displayWidth(self) > width else { return self }
        var kept = ""
        var used = 0
        for character in self {
            let columns = displayWidth(String(character))
            guard used + columns <= width - ellipsis.count else { break }
            kept.append(character)
            used += columns
        }
        return kept + ellipsis.prefix(max(0, width))
    }
}
