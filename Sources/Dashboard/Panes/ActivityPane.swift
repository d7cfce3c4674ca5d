import Terminal

extension Pane.ID {
    static let activity: Pane.ID = "activity"
}

extension Pane {
    /// What happened, newest last; at full size with what lies behind it.
    static let activity = Pane(
        id: .activity, key: "6", title: "Activity", shape: .log, motion: .followsEnd, minimumWidth: 30,
        content: { context in
            let state = context.state
            guard !state.activity.isEmpty else {
                return PaneContent(
                    lines: context.explanation("Nothing has happened yet: \(context.key(.generate)) starts a loop."))
            }
            return PaneContent(lines: state.activity.flatMap { $0.lines(context) })
        })
}

extension ActivityLine {
    fileprivate func lines(_ context: PaneContext) -> [Line] {
        let clock = Figures.clock(
            moment, utcOffset: context.state.utcOffset, withSeconds: context.size.width >= 40)
        let line = Line([Span(clock, .muted), Span(" \(subject) ", .accent), Span(text, tone)])
        guard context.state.isFullSize, let cause else { return [line] }
        let indent = displayWidth(clock) + 1
        return [line]
            + Wrapping.lines(cause, width: context.size.width - indent).map {
                Line(String(repeating: " ", count: indent) + $0, .muted)
            }
    }
}
