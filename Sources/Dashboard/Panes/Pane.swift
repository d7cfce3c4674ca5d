import Studio
import Terminal

/// A pane: one file that says what it shows, and one line in ``all``.
struct Pane: Sendable {
    /// Names a pane.
    struct ID: Hashable, Sendable, RawRepresentable, ExpressibleByStringLiteral {
        var rawValue: String
        init(rawValue: String) { self.rawValue = rawValue }
        init(stringLiteral value: String) { rawValue = value }
    }

    /// What kind of thing a pane shows; the layout gives room by it.
    enum Shape: Hashable, Sendable {
        /// A line at the top of the screen; a whole pane only at full size.
        case line
        /// Many rows in columns.
        case table
        /// Few figures.
        case figures
        /// So few that one line holds them where it is wide; beside figures where there is room.
        case facts
        /// Text to read.
        case reading
        /// One line after the other.
        case log
    }

    /// How the keys move in it.
    enum Motion: Hashable, Sendable {
        /// Row by row, one of them selected.
        case selects
        case scrolls
        /// As `scrolls`, but at its end as long as nobody scrolls.
        case followsEnd
        /// As `selects`, but with the last row selected as long as nobody selects another.
        case selectsFromEnd

        var isSelecting: Bool { self == .selects || self == .selectsFromEnd }
    }

    let id: ID
    /// Focuses it.
    let key: Character
    let title: String
    let shape: Shape
    let motion: Motion
    /// Columns, the frame included, below which it is not put beside others.
    let minimumWidth: Int
    /// What it shows now.
    let content: @Sendable (PaneContext) -> PaneContent
    /// What it shows at full size, where that is something else.
    var zoom: (any Zoom.Type)?

    /// Every pane, in the order in which Tab goes through them.
    static let all: [Pane] = [roles, cache, limits, cost, output, activity, state, loop]

    static func of(_ id: ID) -> Pane? { all.first { $0.id == id } }
}

/// What a pane draws from.
struct PaneContext: Sendable {
    var state: DashboardState
    /// The columns and rows inside of the frame.
    var size: Size

    var glyphs: Glyphs { state.glyphs }
    /// The first key of an action, as it is in force.
    func key(_ action: Action) -> String { state.key(action) }
    var dot: String { " \(glyphs.separator) " }

    /// The place of the selected row among rows of these names: of the one that somebody selected, wherever it went, and
    /// where it is gone, of the one that came to its place.
    func selection(of pane: Pane.ID, among ids: [String], fromEnd: Bool = false) -> Int {
        let view = state.views[state.viewID(of: pane)] ?? PaneView()
        if let id = view.selectedID, let place = ids.firstIndex(of: id) { return place }
        if fromEnd, view.selectedID == nil { return max(0, ids.count - 1) }
        return min(max(0, view.selection), max(0, ids.count - 1))
    }

    /// As many of the keys that count here as the lower border has room for.
    func hint(_ keys: [String]) -> String {
        Line(Line.joined(keys.map { [Span($0)] }, separator: dot, width: size.width - 4)).text
    }

    /// The rows of a long list that may be seen: around the selected one, or where somebody reads. Others need no line.
    func visible(_ pane: Pane.ID, of count: Int, around selected: Int? = nil) -> Range<Int> {
        if let selected { return max(0, selected - size.height)..<min(count, selected + size.height + 1) }
        let top = state.views[state.viewID(of: pane)]?.top ?? count
        let first = max(0, min(top, count - size.height))
        return first..<min(count, first + size.height)
    }

    /// Lines that say why there is nothing to show and what changes that.
    func explanation(_ text: String) -> [Line] {
        Wrapping.lines(text, width: size.width).map { Line($0, .muted) }
    }
}

/// What a pane shows.
struct PaneContent: Sendable {
    /// Stands after the title.
    var subject = ""
    /// Stands in the lower border.
    var footer = ""
    /// Stays where it is when the rest scrolls.
    var header: [Line] = []
    var lines: [Line] = []
    /// What tells the rows apart, one name for each line, where one of them is selected.
    var rowIDs: [String] = []
    /// The place of the selected row; nil where the lines have no names.
    var selected: Int?
    /// The artifacts that lines tell of, by the place of the line.
    var links: [Int: String] = [:]
    /// Whether the lines say why there is nothing, and so are read from their start.
    var isExplanation = false
}
