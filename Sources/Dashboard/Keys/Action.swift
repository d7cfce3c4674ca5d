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
}

/// What a key does in a dialog.
enum DialogAction: Hashable, Sendable {
    case accept, close
    case nextField, previousField
    case up, down, left, right, pageUp, pageDown, top, bottom
}
