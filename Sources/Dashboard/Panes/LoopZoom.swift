import Core
import Studio
import Terminal

/// The run: how far it is, how long it may still take, and each of its steps.
struct LoopZoom: Zoom {
    var context: PaneContext

    init(_ context: PaneContext) { self.context = context }

    var motion: Pane.Motion { .scrolls }
    var actions: Set<Action> { [] }

    var content: PaneContent {
        guard let run = context.state.run else {
            return PaneContent(
                lines: context.explanation("No loop has run yet in this session: g starts one."), isExplanation: true)
        }
        let table = Table(
            columns: Self.columns, rows: run.steps.map { cells($0, of: run) }, ellipsis: context.glyphs.ellipsis)
        let (header, lines) = table.lines(width: context.size.width)
        let message = run.message.map { [""] + Wrapping.lines($0, width: context.size.width) } ?? []
        return PaneContent(
            subject: "\(run.loop)\(context.dot)\(run.isHeld ? "paused" : run.state.rawValue)",
            footer: Figures.elapsed(run.elapsed(at: context.state.now)), header: summary(run) + [Line(), header],
            lines: lines + message.map { Line($0, run.state == .done ? .muted : .bad) })
    }

    private func summary(_ run: RunProgress) -> [Line] {
        let done = run.steps.count { $0.finishedAt != nil }
        let elapsed = run.elapsed(at: context.state.now)
        var parts: [[Span]] = [
            [Span(Figures.percent(run.fraction), .strong)], [Span("\(done) of \(run.steps.count) steps")],
            [Span(Figures.elapsed(elapsed), .strong), Span(" so far", .muted)],
        ]
        if let left = run.timeLeft(at: context.state.now) {
            parts.append([Span("about \(Figures.elapsed(left))", .accent), Span(" left", .muted)])
        }
        let requests = run.steps.reduce(0) { $0 + $1.requests }
        let hits = run.steps.reduce(0) { $0 + $1.hits }
        let cost = run.steps.reduce(Money?.some(.zero)) { sum, step in sum.flatMap { sum in step.cost.map { sum + $0 } }
        }
        let sums: [[Span]] = [
            [Span("\(Figures.count(requests)) request\(requests == 1 ? "" : "s")")],
            [Span("\(Figures.count(hits)) hit\(hits == 1 ? "" : "s")")],
            [Span(Figures.price(cost), .strong)],
        ]
        let width = context.size.width
        return [
            Line([Span(.progress(fraction: run.fraction, width: min(width, 60)), .accent)]),
            Line(Line.joined(parts, separator: context.dot, width: width)),
            Line(Line.joined(sums, separator: context.dot, width: width)),
        ] + pause(run)
    }

    private func pause(_ run: RunProgress) -> [Line] {
        if run.isHeld { return [Line("Stands still; \(context.key(.pause)) lets it go on.", .warning)] }
        guard let pause = run.pause else { return [] }
        let left = Figures.duration(pause.until - context.state.now)
        return [Line("Waits for \(pause.limit) and goes on in \(left); + raises it.", .warning)]
    }

    private static let columns = [
        Table.Column(title: "", importance: 9, minimum: 1, maximum: 1),
        Table.Column(title: "step", importance: 8, minimum: 10, maximum: 30),
        Table.Column(title: "role", importance: 6, minimum: 8, maximum: 22),
        Table.Column(title: "parts", isRightAligned: true, importance: 4, minimum: 5, maximum: 9),
        Table.Column(title: "time", isRightAligned: true, importance: 5, minimum: 5, maximum: 8),
        Table.Column(title: "requests", isRightAligned: true, importance: 2, minimum: 8, maximum: 8),
        Table.Column(title: "hits", isRightAligned: true, importance: 1, minimum: 4, maximum: 6),
        Table.Column(title: "$", isRightAligned: true, importance: 3, minimum: 6, maximum: 8),
    ]

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
