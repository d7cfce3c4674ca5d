import Core
import Metering
import Studio
import Terminal

/// What calls cost, told apart by provider, model, role or loop, and how fast they were.
struct CostZoom: Zoom {
    var context: PaneContext

    init(_ context: PaneContext) { self.context = context }

    private static let views: [[TallyKey]] = [[.provider, .model], [.provider], [.role], [.loop]]

    private var choice: TableChoice { context.state.tables[.cost] ?? TableChoice() }
    private var keys: [TallyKey] { Self.views[choice.view % Self.views.count] }
    private var stretch: Tallies.Stretch { choice.shown }

    var place: String { "by \(keys.map(\.rawValue))" }
    var actions: Set<Action> { [.nextSort, .nextView, .nextStretch, .filter] }
    var reading: [Effect] {
        let spent = context.state.status?.costs.all ?? .zero
        let isFresh = context.state.costBars[length]?.isFresh(spent: spent, at: context.state.now) == true
        return (stretch == .month ? [.tallyMonth] : []) + (isFresh ? [] : [.readBars(length)])
    }

    /// A day is told by the hour, what is longer by the day.
    private var length: CostBar.Length { stretch == .today || stretch == .session ? .hour : .day }

    var content: PaneContent {
        guard let status = context.state.status else {
            return PaneContent(lines: context.explanation("Nothing is spent without a workspace."))
        }
        let subject = "by \(keys.last?.rawValue ?? "")\(context.dot)\(stretch.rawValue)"
        let tallies = status.tallies[stretch]
        guard !tallies.isEmpty else {
            let text =
                "Nothing was asked \(stretch.words): \(context.key(.nextStretch)) shows another time, "
                + "\(context.key(.generate)) asks for something."
            return PaneContent(subject: subject, lines: context.explanation(text), isExplanation: true)
        }
        let table = table(tallies, status)
        let isSelected = context.state.views[context.state.viewID(of: .cost)]?.selectedID != nil
        // The sum, until somebody goes through the rows.
        let group = isSelected ? table.selected(context, pane: .cost) : nil
        let chart = CostChart(context: context, length: length, group: group, keys: keys).lines(height: chartHeight)
        return table.content(
            context, pane: .cost, subject: subject,
            summary: summary(status, tallies.figures) + (chart.isEmpty ? [] : [Line()] + chart), hint: hint)
    }

    private var hint: String {
        context.hint([
            "\(context.key(.nextSort)) sort", "\(context.key(.filter)) filter", "\(context.key(.nextView)) view",
            "\(context.key(.nextStretch)) when", "every row: cost export --csv",
        ])
    }

    /// The chart takes a third of the pane, and leaves rows for the table where that is low.
    private var chartHeight: Int { min(16, max(0, min(context.size.height / 3, context.size.height - 12))) }

    private func summary(_ status: Status, _ figures: CostFigures) -> [Line] {
        let costs = status.costs
        let sums = [("session", costs.session), ("today", costs.today), ("month", costs.month), ("all", costs.all)]
            .map { name, money in [Span("\(name) ", .muted), Span("$" + Figures.dollars(money), .strong)] }
        var details = [
            [Span("\(Figures.count(figures.calls)) calls, \(Figures.count(figures.hits)) of them hits")],
            [Span("saved "), Span("$" + Figures.dollars(figures.saved), .good)],
        ]
        if figures.estimated > .zero {
            details.append([Span("estimated "), Span("~$" + Figures.dollars(figures.estimated), .warning)])
        }
        if figures.unpriced > 0 { details.append([Span("\(figures.unpriced) without a price", .warning)]) }
        if let burn = costs.burnPerHour { details.append([Span("$\(Figures.dollars(burn))/h", .strong)]) }
        return [sums, details].map { Line(Line.joined($0, separator: context.dot, width: context.size.width)) }
    }

    private func table(_ tallies: [Tally], _ status: Status) -> FigureTable<TallyGroup> {
        let names = keys.map { Table.Column(title: $0.rawValue, importance: 20, minimum: 8, maximum: 28) }
        let isTimed = keys.first == .provider
        let columns = names + Self.figures + (isTimed ? Self.paces : [])
        let total = tallies.figures.cost
        let rows = tallies.grouped(by: keys).map { group -> (String, TallyGroup, [FigureTable<TallyGroup>.Cell]) in
            let paces = isTimed ? cells(pace(of: group, in: status)) : []
            return (group.id, group, cells(group, of: total) + paces)
        }
        // At first by what was spent.
        return FigureTable(columns: columns, rows: rows, sort: (names.count + choice.sort) % columns.count)
    }

    private static let figures = [
        Table.Column(title: "$", isRightAligned: true, importance: 12, minimum: 8, maximum: 10),
        Table.Column(title: "share", isRightAligned: true, importance: 4, minimum: 6, maximum: 6),
        Table.Column(title: "calls", isRightAligned: true, importance: 9, minimum: 6, maximum: 6),
        Table.Column(title: "hits", isRightAligned: true, importance: 3, minimum: 5, maximum: 6),
        Table.Column(title: "in", isRightAligned: true, importance: 7, minimum: 6, maximum: 6),
        Table.Column(title: "cached", isRightAligned: true, importance: 2, minimum: 7, maximum: 7),
        Table.Column(title: "out", isRightAligned: true, importance: 8, minimum: 6, maximum: 6),
        Table.Column(title: "estimated $", isRightAligned: true, importance: 1, minimum: 12, maximum: 12),
        Table.Column(title: "saved $", isRightAligned: true, importance: 5, minimum: 8, maximum: 10),
    ]

    private static let paces = [
        Table.Column(title: "latency", isRightAligned: true, importance: 11, minimum: 8, maximum: 8),
        Table.Column(title: "tok/s", isRightAligned: true, importance: 10, minimum: 6, maximum: 7),
    ]

    private func cells(_ group: TallyGroup, of total: Money) -> [FigureTable<TallyGroup>.Cell] {
        let figures = group.tallies.figures
        let share = total > .zero ? Double(figures.cost.picodollars) / Double(total.picodollars) : nil
        return group.names.map { .text($0.isEmpty ? "-" : $0) } + [
            .money(figures.cost, isPartly: figures.unpriced > 0), .rate(share), .count(figures.calls),
            .count(figures.hits), .count(figures.inputTokens), .count(figures.cachedInputTokens),
            .count(figures.outputTokens), .money(figures.estimated), .money(figures.saved),
        ]
    }

    private func pace(of group: TallyGroup, in status: Status) -> Pace? {
        status.paces.first { $0.provider == group.names.first && $0.model == group.names.dropFirst().first }
    }

    private func cells(_ pace: Pace?) -> [FigureTable<TallyGroup>.Cell] {
        let figures = [
            (pace?.latencyMilliseconds, pace.map { Figures.latency($0.latencyMilliseconds) }),
            (pace?.tokensPerSecond, pace?.tokensPerSecond.map(Figures.decimal)),
        ]
        return figures.map { value, text in .number(value ?? -1, text ?? "-", text == nil ? .muted : nil) }
    }
}
