import Studio
import Terminal

/// Every limit and budget as a table; `+` and `-` are about the selected one.
struct LimitsZoom {
    var context: PaneContext

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

    var content: PaneContent {
        guard let table = Self.table(context.state) else {
            return PaneContent(
                lines: context.explanation(
                    "No limit and no budget: rate_limiting in config.yml sets them, such as cost_per_day: 5.00.\n"
                        + "Requests are sent as fast as they come, and nothing bounds what they cost."),
                isExplanation: true)
        }
        return table.content(
            context, pane: .limits, subject: "", summary: summary,
            hint: "\(context.key(.raiseLimit)) raise\(context.dot)\(context.key(.lowerLimit)) lower\(context.dot)"
                + context.hint(.nextSort))
    }

    /// The limit in the selected row.
    static func selected(_ state: DashboardState) -> (Status.Scope, String, String)? {
        table(state)?.selected(state, pane: .limits).map { ($0.scope, $0.title, $0.key) }
    }

    private static func table(_ state: DashboardState) -> FigureTable<LimitRow>? {
        let rows = LimitRow.rows(of: state)
        guard !rows.isEmpty else { return nil }
        let sort = (state.tables[.limits]?.sort ?? 0) + firstSort
        return FigureTable(columns: columns, rows: rows.map { ($0, cells($0)) }, sort: sort % columns.count)
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
