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
    var zoom: Zoom?

    /// A table that takes the place of a pane's content at full size: its keys are `s`, `v` and `w`.
    struct Zoom: Sendable {
        let motion: Motion
        let content: @Sendable (PaneContext) -> PaneContent
    }

    /// Every pane, in the order in which Tab goes through them.
    static let all: [Pane] = [roles, cache, limits, cost, output, activity, state, loop]

    static func of(_ id: ID) -> Pane? { all.first { $0.id == id } }
}

/// What of a zoom's table is shown and in which order; each counts on from where it begins, and round.
struct TableChoice: Sendable, Hashable {
    var view = 0
    var stretch = 0
    /// Columns to the right of the one by which the view is sorted at first.
    var sort = 0
    /// What the rows have to have in them; empty for all rows.
    var filter = ""
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

    /// Keys and what they do, as they are in force.
    func hint(_ actions: Action...) -> String {
        actions.map { "\(key($0)) \(state.keymap.binding(of: $0)?.label ?? "")" }.joined(separator: dot)
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
    /// Whether the lines say why there is nothing, and so are read from their start.
    var isExplanation = false
}
