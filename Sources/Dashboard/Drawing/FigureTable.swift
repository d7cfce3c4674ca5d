import Terminal

/// A table of figures in the order of one of its columns.
struct FigureTable<Item: Sendable>: Sendable {
    /// What a cell shows and what it is sorted by.
    struct Cell: Sendable {
        var cell: Table.Cell
        /// nil for texts, which go by their letters; numbers have the greatest first.
        var number: Double?

        static func text(_ text: String, _ tone: Tone? = nil) -> Cell { Cell(cell: Table.Cell(text, tone)) }

        static func number(_ number: Double, _ text: String, _ tone: Tone? = nil) -> Cell {
            Cell(cell: Table.Cell(text, tone), number: number)
        }

        static func count(_ count: Int) -> Cell {
            .number(Double(count), count == 0 ? "-" : Figures.compact(count), count == 0 ? .muted : nil)
        }

        static func rate(_ rate: Double?) -> Cell {
            .number(rate ?? -1, Figures.percent(rate).filter { $0 != " " }, rate == nil ? .muted : nil)
        }

        static func gauge(_ share: Double) -> Cell {
            var cell = Table.Cell("")
            cell.gauge = min(max(share, 0), 1)
            return Cell(cell: cell, number: 1 - share)
        }
    }

    var columns: [Table.Column]
    /// Each with the name that tells it from the others.
    var rows: [(id: String, item: Item, cells: [Cell])]
    /// The column that decides the order.
    var sort: Int

    /// Whether the rows were filtered by more than what the cells show.
    var isFiltered = false

    /// The rows that have what the pane's filter asks for, in their order.
    private func rows(_ context: PaneContext, _ pane: Pane.ID) -> [(id: String, item: Item, cells: [Cell])] {
        let choice = context.state.tables[pane] ?? TableChoice()
        let wanted = isFiltered ? rows : rows.filter { row in choice.isWanted(row.cells.map(\.cell.text)) }
        return wanted.enumerated().sorted { left, right in
            let (first, second) = (left.element.cells[sort], right.element.cells[sort])
            if let first = first.number, let second = second.number, first != second { return first > second }
            if first.number == nil, first.cell.text != second.cell.text { return first.cell.text < second.cell.text }
            return left.offset < right.offset
        }.map(\.element)
    }

    /// What the selected row is about; nil when there is no row.
    func selected(_ context: PaneContext, pane: Pane.ID) -> Item? {
        let sorted = rows(context, pane)
        guard !sorted.isEmpty else { return nil }
        return sorted[context.selection(of: pane, among: sorted.map(\.id))].item
    }

    /// The table below a summary, as what a pane shows, with a mark on the selected row.
    func content(
        _ context: PaneContext, pane: Pane.ID, subject: String, summary: [Line], hint: String
    ) -> PaneContent {
        let filter = isFiltered ? "" : Wrapping.line(context.state.tables[pane]?.filter ?? "")
        let subject =
            filter.isEmpty
            ? subject : [subject, "with \(filter)"].filter { !$0.isEmpty }.joined(separator: context.dot)
        let sorted = rows(context, pane)
        guard !sorted.isEmpty else {
            let text = "No row has \"\(filter)\" in it: / looks for something else."
            return PaneContent(
                subject: subject, footer: hint, header: summary, lines: [Line()] + context.explanation(text),
                isExplanation: true)
        }
        var titled = columns
        titled[sort].title += context.glyphs.down
        let table = Table(columns: titled, rows: sorted.map { $0.cells.map(\.cell) }, ellipsis: context.glyphs.ellipsis)
        let ids = sorted.map(\.id)
        let selected = context.selection(of: pane, among: ids)
        let shown = context.visible(pane, of: ids.count, around: selected)
        var (header, lines) = table.lines(width: context.size.width - 1, shown: shown)
        header.spans.insert(Span(" "), at: 0)
        let gap = summary.isEmpty || context.size.height < 12 ? [] : [Line()]
        lines.select(selected, context)
        return PaneContent(
            subject: subject, footer: hint, header: summary + gap + [header], lines: lines, rowIDs: ids,
            selected: selected)
    }
}

extension [Line] {
    /// Marks the selected row and makes room for the mark in the others that are shown.
    mutating func select(_ selected: Int, _ context: PaneContext) {
        for index in indices where !self[index].spans.isEmpty {
            self[index].spans.insert(Span(index == selected ? context.glyphs.pointer : " ", .accent), at: 0)
            self[index].isSelected = index == selected
        }
    }
}
