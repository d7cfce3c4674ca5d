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
    var rows: [(item: Item, cells: [Cell])]
    /// The column that decides the order.
    var sort: Int

    private var sorted: [(item: Item, cells: [Cell])] {
        rows.enumerated().sorted { left, right in
            let (first, second) = (left.element.cells[sort], right.element.cells[sort])
            if let first = first.number, let second = second.number, first != second { return first > second }
            if first.number == nil, first.cell.text != second.cell.text { return first.cell.text < second.cell.text }
            return left.offset < right.offset
        }.map(\.element)
    }

    /// What the selected row of a zoom is about; nil when there is no row.
    func selected(_ state: DashboardState, pane: Pane.ID) -> Item? {
        let index = state.views[state.viewID(of: pane)]?.selection ?? 0
        return rows.isEmpty ? nil : sorted[min(max(0, index), rows.count - 1)].item
    }

    /// The table below a summary, as what a pane shows; where rows are selected, with a mark on one of them.
    func content(
        _ context: PaneContext, pane: Pane.ID, subject: String, summary: [Line], hint: String, isSelecting: Bool = true
    ) -> PaneContent {
        var titled = columns
        titled[sort].title += context.glyphs.down
        let table = Table(columns: titled, rows: sorted.map { $0.cells.map(\.cell) }, ellipsis: context.glyphs.ellipsis)
        var (header, lines) = table.lines(width: context.size.width - (isSelecting ? 1 : 0))
        if isSelecting {
            header.spans.insert(Span(" "), at: 0)
            let index = context.state.views[context.state.viewID(of: pane)]?.selection ?? 0
            let selected = min(max(0, index), max(0, lines.count - 1))
            for index in lines.indices {
                lines[index].spans.insert(Span(index == selected ? context.glyphs.pointer : " ", .accent), at: 0)
                lines[index].isSelected = index == selected
            }
        }
        let gap = summary.isEmpty || context.size.height < 12 ? [] : [Line()]
        return PaneContent(subject: subject, footer: hint, header: summary + gap + [header], lines: lines)
    }
}
