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
            let shown = context.visible(.activity, of: state.activity.count)
            return PaneContent(
                lines: state.activity.indices.map { shown.contains($0) ? state.activity[$0].line(context) : Line() })
        }, zoom: ActivityZoom.self)
}
