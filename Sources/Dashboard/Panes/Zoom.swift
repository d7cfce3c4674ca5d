import Terminal

/// What takes a pane's place at full size: a table, a text, one thing whole. A zoom is one file, and one word at its pane.
protocol Zoom: Sendable {
    init(_ context: PaneContext)
    /// What it shows now.
    var content: PaneContent { get }
    var motion: Pane.Motion { get }
    /// Tells apart what it shows at different times, so that each is scrolled, and selected in, by itself.
    var place: String { get }
    /// What it does with keys now; a key for anything else says where it counts.
    var actions: Set<Action> { get }
    /// Has that read which it needs; asked when it opens, when it changes, and when figures came.
    var reading: [Effect] { get }
    /// Does one of its ``actions``.
    func perform(_ action: Action, in state: inout DashboardState) -> [Effect]
}

extension Zoom {
    var motion: Pane.Motion { .selects }
    var place: String { "" }
    var reading: [Effect] { [] }

    func perform(_ action: Action, in state: inout DashboardState) -> [Effect] { state.turnTable(action) }
}

/// What of a zoom's table is shown and in which order; each counts on from where it begins, and round.
struct TableChoice: Sendable, Hashable {
    var view = 0
    var stretch = 0
    /// Columns to the right of the one by which the view is sorted at first.
    var sort = 0
    /// What the rows have to have in them; empty for all rows.
    var filter = ""

    /// Whether a row has every word of the filter, in whichever of its texts.
    func isWanted(_ texts: [String]) -> Bool {
        guard !filter.isEmpty else { return true }
        let row = texts.joined(separator: "\n").lowercased()
        return filter.lowercased().split(whereSeparator: \.isWhitespace).allSatisfy { row.contains($0) }
    }
}

extension DashboardState {
    /// The zoom that is shown; nil where there is none.
    var zoom: (any Zoom)? {
        guard isFullSize, let zoom = Pane.of(focus)?.zoom else { return nil }
        return zoom.init(PaneContext(state: self, size: size))
    }

    /// What the table of the focused pane is chosen to show.
    var tableChoice: TableChoice {
        get { tables[focus] ?? TableChoice() }
        set { tables[focus] = newValue }
    }

    /// Whether the zoom that is shown does something with an action.
    func offers(_ action: Action) -> Bool { zoom?.actions.contains(action) == true }

    /// Does what `s`, `v`, `w` and `/` mean in every table.
    mutating func turnTable(_ action: Action) -> [Effect] {
        switch action {
        case .nextSort: tableChoice.sort += 1
        case .filter: dialog = FilterDialog(pane: focus, filter: tableChoice.filter)
        case .nextStretch:
            tableChoice.stretch += 1
            return zoomEffects
        case .nextView:
            tableChoice.view += 1
            (tableChoice.sort, tableChoice.filter) = (0, "")
            return zoomEffects
        default: break
        }
        return []
    }

    /// Has that read which only the zoom needs that is shown.
    var zoomEffects: [Effect] { zoom?.reading ?? [] }
}
