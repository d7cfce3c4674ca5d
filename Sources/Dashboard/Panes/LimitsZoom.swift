import Core
import Studio
import Terminal

/// Every limit and budget as a table; `+` and `-` are about the selected one.
struct LimitsZoom: Zoom {
    var context: PaneContext

    init(_ context: PaneContext) { self.context = context }

    private static let columns = [
        Table.Column(title: "scope", importance: 2, minimum: 8, maximum: 8),
        Table.Column(title: "of", importance: 9, minimum: 8, maximum: 24),
        Table.Column(title: "limit", importance: 10, minimum: 19, maximum: 24),
        Table.Column(title: "left", isRightAligned: true, importance: 8, minimum: 7, maximum: 9),
        Table.Column(title: "whole", isRightAligned: true, importance: 7, minimum: 6, maximum: 9),
        Table.Column(title: "", importance: 4, minimum: 6, maximum: 30),
        Table.Column(title: "reserved", isRightAligned: true, importance: 1, minimum: 9, maximum: 9),
        Table.Column(title: "more", importance: 6, minimum: 15, maximum: 18),
        Table.Column(title: "waiting", isRightAligned: true, importance: 3, minimum: 7, maximum: 8),
    ]
    /// That of what is left.
    private static let firstSort = 3

    var actions: Set<Action> { [.nextSort, .filter] }

    var content: PaneContent {
        guard let table = Self.table(context.state) else {
            return PaneContent(
                lines: context.explanation(
                    "No limit and no budget: rate_limiting in config.yml sets them, such as cost_per_day: 5.00.\n"
                        + "Requests are sent as fast as they come, and nothing bounds what they cost."),
                isExplanation: true)
        }
        return table.content(
            context, pane: .limits, subject: "", summary: summary + detail,
            hint: context.hint([
                "\(context.key(.raiseLimit)) raise", "\(context.key(.lowerLimit)) lower",
                "\(context.key(.nextSort)) sort", "\(context.key(.filter)) filter",
            ]))
    }

    /// The selected limit: how much was left of it until now, and who waits for it.
    private var detail: [Line] {
        guard let row = selected, context.size.height >= 16 else { return [] }
        let history = context.state.levels[row.id]
        let bars = history.suffix(max(0, context.size.width - 6)).map { BarChart.Bar(name: "", value: $0) }
        let height = min(9, context.size.height / 4)
        let chart = BarChart(
            bars: Array(bars), scale: { Figures.percent($0) }, glyphs: context.glyphs, top: 1, widest: 1
        ).lines(width: context.size.width, height: height)
        let title: [[Span]] = [
            [Span(row.title, .accent), Span(" \(Figures.words(row.key))")],
            [Span("\(row.left) left of \(row.whole)", .strong)], [Span(row.more, .muted)],
        ]
        return [Line(Line.joined(title, separator: context.dot, width: context.size.width))] + chart.dropLast()
            + queue(row)
    }

    /// The requests that wait for a limit, those that go first before the others.
    private func queue(_ row: LimitRow) -> [Line] {
        let waiting = context.state.requests.values.filter { $0.waitsFor == "\(row.title) \(row.key)" }
            .sorted { ($0.waitsUntil ?? .max, $0.role.rawValue) < ($1.waitsUntil ?? .max, $1.role.rawValue) }
        guard !waiting.isEmpty else {
            let others = row.waiting > 0 ? "\(row.waiting) waiting in other processes" : "nobody waits for it"
            return [Line(others, row.waiting > 0 ? .warning : .muted)]
        }
        let parts = waiting.map { request in
            let left = request.waitsUntil.map { " in \(Figures.duration($0 - context.state.now))" } ?? ""
            return [Span("\(request.role.rawValue)\(left)", .warning)]
        }
        return [
            Line(
                [Span("waiting: ", .muted)]
                    + Line.joined(parts, separator: context.dot, width: context.size.width - 9))
        ]
    }

    /// The limit in the selected row.
    var selected: LimitRow? { Self.table(context.state)?.selected(context, pane: .limits) }

    private static func table(_ state: DashboardState) -> FigureTable<LimitRow>? {
        let rows = LimitRow.rows(of: state)
        guard !rows.isEmpty else { return nil }
        let sort = (state.tables[.limits]?.sort ?? 0) + firstSort
        return FigureTable(columns: columns, rows: rows.map { ($0.id, $0, cells($0)) }, sort: sort % columns.count)
    }

    /// The share of a limit from which on there is little left.
    private static let low = 0.2

    private static func cells(_ row: LimitRow) -> [FigureTable<LimitRow>.Cell] {
        let tone: Tone? = row.share <= 0 ? .bad : row.share <= low ? .warning : .strong
        return [
            .text(row.scope.rawValue, .muted), .text(row.title), .text(row.key),
            .number(1 - row.share, row.left, tone), .number(Double(row.value), row.whole), .gauge(row.share),
            .number(row.reserved, row.reservedText, .muted), .number(Double(row.wait), row.more, .muted),
            .number(
                Double(row.waiting), row.waiting > 0 ? "\(row.waiting)" : "-", row.waiting > 0 ? .warning : .muted),
        ]
    }

    /// What holds the run up, if something does.
    private var summary: [Line] {
        guard let pause = context.state.run?.pause else { return [] }
        let left = Figures.duration(pause.until - context.state.now)
        return [Line("The run waits for \(pause.limit) and goes on in \(left); + raises it.", .warning)]
    }
}
