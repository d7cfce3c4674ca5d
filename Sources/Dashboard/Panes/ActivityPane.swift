import Terminal

extension Pane.ID {
    static let activity: Pane.ID = "activity"
}

extension Pane {
    /// What happened, newest last.
    static let activity = Pane(
        id: .activity, key: "6", title: "Activity", shape: .log, motion: .followsEnd, minimumWidth: 30,
        content: { context in
            let state = context.state
            guard !state.activity.isEmpty else {
                return PaneContent(lines: context.explanation("Nothing has happened yet: g starts a loop."))
            }
            let lines = state.activity.map { line in
                Line([
                    Span(
                        Figures.clock(line.moment, utcOffset: state.utcOffset, withSeconds: context.size.width >= 40),
                        .muted),
                    Span(" \(line.subject) ", .accent), Span(line.text, line.tone),
                ])
            }
            return PaneContent(lines: lines)
        })
}
