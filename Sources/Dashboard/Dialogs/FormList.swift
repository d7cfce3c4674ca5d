import Terminal

/// The options of a form's list as lines: some around the selected one where there are many.
struct FormList {
    let options: [Form.Option]
    /// What stands above the options and their figures.
    let titles: [String]?
    let glyphs: Glyphs
    let width: Int
    /// How many options are shown at once.
    let mostRows: Int
    /// How many rows it takes with fewer options.
    let fewestRows: Int

    /// The options that are shown when one is selected.
    private func window(_ selected: Int) -> Range<Int> {
        let first = min(max(0, selected - mostRows / 2), max(0, options.count - mostRows))
        return first..<min(options.count, first + mostRows)
    }

    /// The line of an option, from 0, when it is selected.
    func row(of selected: Int) -> Int { selected - window(selected).lowerBound + (titles == nil ? 0 : 1) }

    /// The option that a line stands for when one is selected: that of `row(of:)`, the other way round.
    func option(inLine line: Int, selected: Int) -> Int? {
        let window = window(selected)
        let option = window.lowerBound + line - (titles == nil ? 0 : 1)
        return window.contains(option) ? option : nil
    }

    func lines(selected: Int, isFocused: Bool) -> [Line] {
        let window = window(selected)
        let widths = figureWidths
        let rows = window.map { index -> Line in
            let isSelected = index == selected
            if !isSelected, index == window.lowerBound, index > 0 { return more(index + 1) }
            if !isSelected, index == window.upperBound - 1, index < options.count - 1 {
                return more(options.count - index)
            }
            return line(options[index], widths, isSelected: isSelected, isFocused: isFocused)
        }
        return header(widths) + rows + Array(repeating: Line(), count: max(0, fewestRows - rows.count))
    }

    private func more(_ count: Int) -> Line { Line("  \(glyphs.ellipsis) \(Figures.count(count)) more", .muted) }

    private func header(_ widths: [Int]) -> [Line] {
        guard let titles, let name = titles.first else { return [] }
        return [
            Line(
                [Span("  " + name, .columnTitle)],
                trailing: figures(Array(titles.dropFirst()), widths) { _ in .columnTitle })
        ]
    }

    private func line(_ option: Form.Option, _ widths: [Int], isSelected: Bool, isFocused: Bool) -> Line {
        let mark = isSelected ? "\(glyphs.pointer) " : "  "
        var trailing = option.detail.isEmpty ? [] : [Span(option.detail, option.isProblem ? .bad : .muted)]
        // A long detail leaves the option's name at least half of the line.
        if let span = trailing.first, span.width > width / 2 {
            trailing = [Span(option.detail.fitted(to: width / 2, ellipsis: glyphs.ellipsis), span.tone)]
        }
        if !option.figures.isEmpty {
            let last = option.figures.count - 1
            trailing = figures(option.figures, widths) { $0 == last && option.isProblem ? .bad : .muted }
        }
        let room = max(1, width - 3 - trailing.reduce(0) { $0 + $1.width })
        let name =
            displayWidth(option.text) > room
            ? option.text.fitted(to: room, ellipsis: glyphs.ellipsis) : option.text
        var line = Line([Span(mark, .accent), Span(name)], trailing: trailing, isSelected: isSelected && isFocused)
        if isSelected, !isFocused { line.spans[1].tone = .strong }
        return line
    }

    // MARK: Columns

    /// The width of each column of figures, 0 for those that there is no room for.
    private var figureWidths: [Int] {
        let rows = options.map(\.figures).filter { !$0.isEmpty } + (titles.map { [Array($0.dropFirst())] } ?? [])
        let count = rows.map(\.count).max() ?? 0
        var widths = (0..<count).map { column in
            rows.map { column < $0.count ? displayWidth($0[column]) : 0 }.max() ?? 0
        }
        let room = width - min(24, width / 2)
        for column in widths.indices where widths.reduce(0, { $0 + ($1 > 0 ? $1 + 1 : 0) }) > room {
            widths[column] = 0
        }
        return widths
    }

    private func figures(_ texts: [String], _ widths: [Int], tone: (Int) -> Tone) -> [Span] {
        texts.indices.filter { $0 < widths.count && widths[$0] > 0 }.map { column in
            let text = texts[column].fitted(to: widths[column], isRightAligned: true, ellipsis: glyphs.ellipsis)
            return Span(" " + text, tone(column))
        }
    }
}
