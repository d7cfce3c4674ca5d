import Configuration
import Core
import Metering
import Studio
import Terminal

/// One role: every setting and where it comes from, its calls, and the last of them whole.
struct RolesZoom: Zoom {
    /// What `v` goes through.
    private enum View: Int, CaseIterable {
        case settings, calls, last

        var name: String { self == .last ? "last call" : "\(self)" }
    }

    var context: PaneContext

    init(_ context: PaneContext) { self.context = context }

    private var state: DashboardState { context.state }
    private var choice: TableChoice { state.tables[.roles] ?? TableChoice() }
    private var view: View { View.allCases[choice.view % View.allCases.count] }
    private var row: Status.RoleRow? { state.selectedRole }
    /// What was read of the role that is selected.
    private var card: RoleCard? {
        state.roleCard.flatMap { $0.role == row?.role && $0.kind == row?.kind ? $0 : nil }
    }

    var place: String { "\(row?.role.rawValue ?? "") \(row?.kind.rawValue ?? "") \(view)" }
    var motion: Pane.Motion { view == .calls && card?.calls.isEmpty == false ? .selects : .scrolls }
    var reading: [Effect] {
        guard let row else { return [] }
        return card != nil && state.roleCardCalls == row.calls ? [] : [.readRole(row.role, kind: row.kind)]
    }

    var actions: Set<Action> {
        switch view {
        case .settings: [.nextView]
        case .calls: Set([.nextView, .nextSort, .filter]).union(motion == .selects ? [.fullSize] : [])
        case .last:
            Set([.nextView, .filter]).union(state.searchHere == nil ? [] : [.nextMatch, .previousMatch])
        }
    }

    func perform(_ action: Action, in state: inout DashboardState) -> [Effect] {
        switch (view, action) {
        case (.calls, .fullSize): return openCall(&state)
        case (.last, .filter): state.dialog = FindDialog(state.search.text)
        case (.last, .nextMatch): state.goToMatch(by: 1)
        case (.last, .previousMatch): state.goToMatch(by: -1)
        default: return state.turnTable(action)
        }
        return []
    }

    private func openCall(_ state: inout DashboardState) -> [Effect] {
        guard let card, let call = table(card.calls).selected(context, pane: .roles) else { return [] }
        var line = ActivityLine(call.time, call.role, "\(call.model) \(call.outcome)")
        line.request = ULID(call.request)
        return state.inspect(line)
    }

    // MARK: What is shown

    var content: PaneContent {
        guard let row else {
            return PaneContent(lines: context.explanation("No workspace yet: q leaves, the next start offers one."))
        }
        let subject = [row.role.rawValue, row.kind == .text ? "" : row.kind.rawValue, view.name]
            .filter { !$0.isEmpty }.joined(separator: context.dot)
        guard let card else {
            return PaneContent(
                subject: subject, header: summary(row), lines: context.explanation("Reading."), isExplanation: true)
        }
        switch view {
        case .settings: return settings(card, row, subject)
        case .calls: return calls(card, row, subject)
        case .last: return last(card, row, subject)
        }
    }

    private func summary(_ row: Status.RoleRow) -> [Line] {
        let whom = [Span(row.provider, .strong), Span(row.model.map { " \($0)" } ?? "")]
        let figures: [[Span]] = [
            whom, [Span("\(Figures.count(row.calls)) calls in this session")],
            [Span("hit "), Span(Figures.percent(row.hitRate))],
            [Span(Figures.price(row.cost), .strong)],
        ]
        let problem =
            row.problem.map { Wrapping.lines("\($0)\(context.dot)p switches", width: context.size.width) } ?? []
        return [Line(Line.joined(figures, separator: context.dot, width: context.size.width))]
            + problem.map { Line($0, .bad) } + [Line()]
    }

    private func hint(_ keys: String...) -> String {
        context.hint(
            keys + [
                "\(context.key(.switchProvider)) switches",
                "\(context.key(.nextView)) \(View.allCases[(view.rawValue + 1) % View.allCases.count].name)",
            ])
    }

    private func settings(_ card: RoleCard, _ row: Status.RoleRow, _ subject: String) -> PaneContent {
        let columns = [
            Table.Column(title: "setting", importance: 9, minimum: 14, maximum: 44),
            Table.Column(title: "value", importance: 10, minimum: 12, maximum: 60),
            Table.Column(title: "from", importance: 8, minimum: 10, maximum: 40),
        ]
        let rows = card.settings.map { setting in
            [
                Table.Cell(short(setting.path, card), .muted), Table.Cell(setting.value, .strong),
                Table.Cell(setting.source, setting.source == "overrides.yml" ? .accent : .muted),
            ]
        }
        let (header, lines) = Table(columns: columns, rows: rows, ellipsis: context.glyphs.ellipsis)
            .lines(width: context.size.width)
        return PaneContent(subject: subject, footer: hint(), header: summary(row) + [header], lines: lines)
    }

    /// A path without what the title says already.
    private func short(_ path: String, _ card: RoleCard) -> String {
        for lead in ["roles.\(card.role.rawValue).\(card.kind.rawValue).", "roles.\(card.role.rawValue)."]
        where path.hasPrefix(lead) {
            return String(path.dropFirst(lead.count))
        }
        let provider = "providers.\(card.kind.rawValue)."
        return path.hasPrefix(provider) ? String(path.dropFirst(provider.count)) : path
    }

    private func calls(_ card: RoleCard, _ row: Status.RoleRow, _ subject: String) -> PaneContent {
        guard !card.calls.isEmpty else {
            let text = "It was never asked: g starts a loop that does."
            return PaneContent(
                subject: subject, footer: hint(), header: summary(row), lines: context.explanation(text),
                isExplanation: true)
        }
        return table(card.calls).content(
            context, pane: .roles, subject: subject, summary: Array(summary(row).dropLast()),
            hint: hint(
                "\(context.key(.fullSize)) whole", "\(context.key(.nextSort)) sort", "\(context.key(.filter)) filter"))
    }

    private func table(_ calls: [LedgerLine]) -> FigureTable<LedgerLine> {
        let columns = [
            Table.Column(title: "ago", isRightAligned: true, importance: 10, minimum: 6, maximum: 7),
            Table.Column(title: "step", importance: 8, minimum: 12, maximum: 24),
            Table.Column(title: "model", importance: 5, minimum: 8, maximum: 28),
            Table.Column(title: "cache", importance: 6, minimum: 8, maximum: 9),
            Table.Column(title: "in", isRightAligned: true, importance: 4, minimum: 6, maximum: 6),
            Table.Column(title: "out", isRightAligned: true, importance: 3, minimum: 6, maximum: 6),
            Table.Column(title: "$", isRightAligned: true, importance: 9, minimum: 8, maximum: 9),
            Table.Column(title: "took", isRightAligned: true, importance: 2, minimum: 7, maximum: 7),
            Table.Column(title: "outcome", importance: 7, minimum: 8, maximum: 10),
        ]
        let rows = calls.map { ("\($0.id)", $0, cells($0)) }
        return FigureTable(columns: columns, rows: rows, sort: choice.sort % columns.count)
    }

    private func cells(_ call: LedgerLine) -> [FigureTable<LedgerLine>.Cell] {
        let isFailed = call.outcome != "answered"
        return [
            .number(Double(call.time), Figures.duration(state.now - call.time), .muted),
            .text(Wrapping.line(call.step)),
            .text(Wrapping.line(call.model), .muted), .text(call.lookup, call.lookup == "hit" ? .good : .muted),
            .count(call.usage.allInputTokens), .count(call.usage.outputTokens),
            call.cost.map { .money($0) } ?? .number(0, "?", .muted),
            .number(Double(call.latencyMilliseconds), Figures.latency(Double(call.latencyMilliseconds)), .muted),
            .text(call.outcome, isFailed ? .bad : .muted),
        ]
    }

    private func last(_ card: RoleCard, _ row: Status.RoleRow, _ subject: String) -> PaneContent {
        guard let last = card.last else {
            let text = "It was never asked: g starts a loop that does."
            return PaneContent(
                subject: subject, footer: hint(), header: summary(row), lines: context.explanation(text),
                isExplanation: true)
        }
        return PaneContent(
            subject: subject, footer: hint("\(context.key(.filter)) find"), header: summary(row),
            lines: RequestLines(context, last).lines
        ).marking(state.searchHere)
    }
}
