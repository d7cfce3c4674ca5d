import Core
import Studio
import Terminal

extension Pane.ID {
    static let loop: Pane.ID = "loop"
}

extension Pane {
    /// Where the run is: a part of the top line, at full size its steps.
    static let loop = Pane(
        id: .loop, key: "8", title: "Loop", shape: .line, motion: .scrolls, minimumWidth: 0,
        content: { LoopPane(context: $0).content })
}

private struct LoopPane {
    var context: PaneContext

    var content: PaneContent {
        guard let run = context.state.run else {
            return PaneContent(
                lines: context.explanation("No loop has run yet in this session: \(context.key(.generate)) starts one.")
            )
        }
        let table = Table(
            columns: columns, rows: run.steps.map { cells($0, of: run) }, ellipsis: context.glyphs.ellipsis)
        let (header, lines) = table.lines(width: context.size.width)
        let message = run.message.map { Wrapping.lines($0, width: context.size.width) } ?? []
        return PaneContent(
            subject: "\(run.loop)\(context.dot)\(run.state.rawValue)",
            footer: Figures.elapsed(run.elapsed(at: context.state.now)), header: [header],
            lines: lines + message.map { Line($0, run.state == .done ? .muted : .bad) })
    }

    private var columns: [Table.Column] {
        [
            Table.Column(title: "", importance: 9, minimum: 1, maximum: 1),
            Table.Column(title: "step", importance: 8, minimum: 10, maximum: 30),
            Table.Column(title: "role", importance: 6, minimum: 8, maximum: 22),
            Table.Column(title: "parts", isRightAligned: true, importance: 4, minimum: 5, maximum: 9),
            Table.Column(title: "time", isRightAligned: true, importance: 5, minimum: 5, maximum: 8),
            Table.Column(title: "requests", isRightAligned: true, importance: 2, minimum: 8, maximum: 8),
            Table.Column(title: "hits", isRightAligned: true, importance: 1, minimum: 4, maximum: 6),
            Table.Column(title: "$", isRightAligned: true, importance: 3, minimum: 6, maximum: 8),
        ]
    }

    private func cells(_ step: RunProgress.Step, of run: RunProgress) -> [Table.Cell] {
        let glyphs = context.glyphs
        let end = step.finishedAt ?? run.finishedAt ?? context.state.now
        let mark: Table.Cell =
            if step.finishedAt != nil { Table.Cell(glyphs.success, .good) } else if step.startedAt == nil {
                Table.Cell("")
            } else if run.isRunning { Table.Cell(glyphs.pointer, .accent) } else { Table.Cell(glyphs.failure, .bad) }
        return [
            mark, Table.Cell(step.name, step.startedAt == nil ? .muted : nil), Table.Cell(step.role?.rawValue ?? ""),
            Table.Cell(step.parts > 0 ? "\(step.done)/\(step.parts)" : ""),
            Table.Cell(step.startedAt.map { Figures.elapsed(end - $0) } ?? ""), Table.Cell("\(step.requests)"),
            Table.Cell("\(step.hits)"), Table.Cell(step.cost.map(Figures.dollars) ?? "?"),
        ]
    }
}
