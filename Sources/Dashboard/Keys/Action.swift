/// What a key does outside of dialogs.
enum Action: Hashable, Sendable {
    case generate, switchProvider, prune, migrate, backUp, raiseLimit, lowerLimit, help, quit
    case pause, note, redo, answer, cancel, undo
    case focus(Pane.ID), nextPane, previousPane
    case fullSize, back
    case nextSort, nextView, nextStretch
    case filter, nextMatch, previousMatch
    case nextTake, previousTake, acceptTake, edit, copy, delete
    case up, down, pageUp, pageDown, top, bottom
    case redraw, suspend
    case palette, theme
}

extension Action {
    /// What a configuration calls it.
    var name: String {
        if case .focus(let pane) = self { return "focus_\(pane.rawValue)" }
        return "\(self)".reduce(into: "") { name, letter in
            name += letter.isUppercase ? "_\(letter.lowercased())" : String(letter)
        }
    }

    /// Whether it changes nothing but what is shown; only such an action is open to who can only look.
    var onlyShows: Bool {
        switch self {
        case .help, .quit, .palette, .theme, .redraw, .suspend: true
        case .focus, .nextPane, .previousPane, .fullSize, .back: true
        case .nextSort, .nextView, .nextStretch, .filter, .nextMatch, .previousMatch: true
        case .nextTake, .previousTake, .copy: true
        case .up, .down, .pageUp, .pageDown, .top, .bottom: true
        default: false
        }
    }
}

/// What a key does in a dialog.
enum DialogAction: Hashable, Sendable {
    case accept, close
    case nextField, previousField
    case up, down, left, right, pageUp, pageDown, top, bottom
}
