import Terminal

/// Upright bars with their scale at the left and names below, and a line across where something else stands, such as a
/// budget.
struct BarChart {
    struct Bar: Sendable, Hashable {
        /// A few are shown below the bars, as many as there is room for.
        var name: String
        /// Not below zero.
        var value: Double
        var tone: Tone?
    }

    /// A height that the bars are measured by.
    struct Mark: Sendable, Hashable {
        var value: Double
        var name: String
    }

    var bars: [Bar]
    var mark: Mark?
    /// Writes a value of the scale.
    var scale: @Sendable (Double) -> String
    var glyphs: Glyphs
    /// What the top stands for where it is fixed; else the highest bar does.
    var top: Double?

    /// The columns of a bar at most, the gap to the next included.
    var widest = 8

    /// A mark that is further above the bars than this would leave nothing of them.
    private static let farthest = 4.0

    private var highest: Double {
        let bars = bars.map(\.value).max() ?? 0
        guard top == nil else { return top ?? 0 }
        guard let mark, mark.value <= bars * Self.farthest || bars == 0 else { return bars }
        return max(bars, mark.value)
    }

    /// As many lines as the height, none wider than the width.
    func lines(width: Int, height: Int) -> [Line] {
        let highest = highest
        let rows = height - 1
        let scaleWidth = max(displayWidth(scale(highest)), displayWidth(scale(0))) + 1
        let room = width - scaleWidth
        guard rows >= 1, room >= 4, highest > 0, !bars.isEmpty else { return [] }
        let shown = Array(bars.suffix(room))
        let cell = max(1, min(widest, room / shown.count))
        let markRow = mark.flatMap { $0.value <= highest ? Int($0.value / highest * Double(rows)) : nil }
        let lines = (0..<rows).map { line in
            let row = rows - 1 - line
            let label = row == rows - 1 ? scale(highest) : row == 0 ? scale(0) : ""
            let lead = Span(label.fitted(to: scaleWidth - 1, isRightAligned: true, ellipsis: "") + " ", .muted)
            let isMarked = markRow.map { min($0, rows - 1) == row } ?? false
            return Line([lead] + shown.map { span($0, row: row, of: rows, highest, cell, isMarked) })
        }
        return lines + [names(shown, cell: cell, indent: scaleWidth)]
    }

    private func span(_ bar: Bar, row: Int, of rows: Int, _ highest: Double, _ cell: Int, _ isMarked: Bool) -> Span {
        let steps = glyphs.sparks.count
        let whole = bar.value > 0 ? max(1, Int((bar.value / highest * Double(rows * steps)).rounded())) : 0
        let part = min(steps, whole - row * steps)
        let gap = cell > 1 ? 1 : 0
        if part > 0 {
            let body = String(repeating: glyphs.sparks[part - 1], count: cell - gap)
            return Span(body + String(repeating: " ", count: gap), bar.tone ?? .chart)
        }
        return isMarked
            ? Span(String(repeating: glyphs.horizontal, count: cell), .warning)
            : Span(String(repeating: " ", count: cell))
    }

    /// The names below their bars, with the mark's behind them where there is room.
    private func names(_ shown: [Bar], cell: Int, indent: Int) -> Line {
        var text = ""
        for (index, bar) in shown.enumerated() where index * cell >= displayWidth(text) + (text.isEmpty ? 0 : 1) {
            guard index * cell + displayWidth(bar.name) <= shown.count * cell else { break }
            text += String(repeating: " ", count: index * cell - displayWidth(text)) + bar.name
        }
        return Line([Span(String(repeating: " ", count: indent)), Span(text, .muted)])
    }
}
