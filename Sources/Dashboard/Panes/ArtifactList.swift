import Core
import Studio
import Terminal
import Workspace

/// Every artifact of the workspace, in work and finished.
struct ArtifactList {
    private typealias Row = ListedArtifacts.Row

    private var context: PaneContext
    private var state: DashboardState { context.state }
    private var choice: TableChoice { state.tables[.output] ?? TableChoice() }

    init(_ context: PaneContext) { self.context = context }

    // MARK: Keys

    var actions: Set<Action> {
        let all: Set<Action> = [.nextView, .nextSort, .filter]
        return wanted.isEmpty ? all : all.union([.fullSize, .copy, .delete, .edit, .acceptTake])
    }

    func perform(_ action: Action, in state: inout DashboardState) -> [Effect] {
        guard let row = table(wanted).selected(context, pane: .output) else { return state.turnTable(action) }
        switch action {
        case .fullSize: return state.read(Reader.Stop(id: row.id, shelf: row.shelf))
        case .copy: return state.copy(row.id, "the name \(row.name)")
        case .delete, .edit, .acceptTake: return change(row, action, in: &state)
        default: return state.turnTable(action)
        }
    }

    private func change(_ row: Row, _ action: Action, in state: inout DashboardState) -> [Effect] {
        guard row.shelf == .hot else {
            state.say(
                "\(row.name) has passed the gate and does not change: artifacts demote brings it back for rework.")
            return []
        }
        switch action {
        case .edit: return [.openEdit(row.id)]
        case .acceptTake: return [.acceptTake(row.id)]
        default:
            state.askToDelete(row.id, title: row.title)
            return []
        }
    }

    // MARK: What is shown

    private var wanted: [Row] {
        let words = choice.filter.lowercased().split(whereSeparator: \.isWhitespace)
        let rows = state.artifacts?.rows ?? []
        return words.isEmpty ? rows : rows.filter { $0.has(words) }
    }

    var content: PaneContent {
        guard let all = state.artifacts else {
            return explained(
                state.status == nil ? "There are no artifacts without a workspace." : "Reading the artifacts.")
        }
        guard !all.rows.isEmpty else {
            let text = "Nothing is written yet: g starts a loop, and what its roles write is listed here."
            return explained(text, problem(all))
        }
        let wanted = wanted
        guard !wanted.isEmpty else {
            return explained("No artifact has \"\(Wrapping.line(choice.filter))\" in it: / looks for something else.")
        }
        let keys = [
            "\(context.key(.fullSize)) read", "\(context.key(.filter)) filter", "\(context.key(.nextSort)) sort",
            "\(context.key(.edit)) edit", "\(context.key(.delete)) delete", "\(context.key(.nextView)) text",
        ]
        return table(wanted).content(
            context, pane: .output, subject: "artifacts", summary: summary(all, wanted) + problem(all),
            hint: context.hint(keys))
    }

    private func explained(_ text: String, _ before: [Line] = []) -> PaneContent {
        PaneContent(subject: "artifacts", lines: before + context.explanation(text), isExplanation: true)
    }

    private func summary(_ all: ListedArtifacts, _ wanted: [Row]) -> [Line] {
        let hot = wanted.count { $0.shelf == .hot }
        let reviews = wanted.count(where: \.needsReview)
        var parts = [[Span("\(Figures.count(hot)) hot")], [Span("\(Figures.count(wanted.count - hot)) cold")]]
        if reviews > 0 { parts.append([Span("\(Figures.count(reviews)) to review", .warning)]) }
        if !choice.filter.isEmpty {
            let share = "\(Figures.count(wanted.count)) of \(Figures.count(all.rows.count)) with "
            parts.insert([Span(share, .muted), Span(Wrapping.line(choice.filter), .accent)], at: 0)
        }
        return [Line(Line.joined(parts, separator: context.dot, width: context.size.width))]
    }

    /// What could not be read.
    private func problem(_ all: ListedArtifacts) -> [Line] {
        guard let problem = all.problem else { return [] }
        let more = all.moreProblems > 0 ? " (and \(Figures.count(all.moreProblems)) more: artifacts list)" : ""
        return [Line(problem + more, .bad)]
    }

    private static let columns = [
        Table.Column(title: "", importance: 9, minimum: 1, maximum: 1),
        Table.Column(title: "title", importance: 10, minimum: 16, maximum: 60),
        Table.Column(title: "type", importance: 8, minimum: 8, maximum: 22),
        Table.Column(title: "shelf", importance: 7, minimum: 5, maximum: 5),
        Table.Column(title: "rev", isRightAligned: true, importance: 3, minimum: 3, maximum: 4),
        Table.Column(title: "by", importance: 5, minimum: 11, maximum: 18),
        Table.Column(title: "modified", importance: 6, minimum: 11, maximum: 16),
        Table.Column(title: "id", importance: 2, minimum: 10, maximum: 40),
    ]

    private func table(_ rows: [Row]) -> FigureTable<Row> {
        // At first what was modified last.
        FigureTable(
            columns: Self.columns, rows: rows.map { ($0.key, $0, cells($0)) },
            sort: (6 + choice.sort) % Self.columns.count, isFiltered: true)
    }

    private func cells(_ row: Row) -> [FigureTable<Row>.Cell] {
        // The year is only told where there is room.
        let isWhole = context.size.width >= 110 || row.modified.count < 16
        return [
            .number(row.needsReview ? 1 : 0, row.needsReview ? context.glyphs.warning : "", .warning),
            .text(row.title, row.needsReview ? .warning : nil), .text(row.type, .accent),
            .text(row.shelf.rawValue, row.shelf == .cold ? .good : .muted),
            .number(Double(row.revision), "\(row.revision)", .muted), .text(row.writer, .muted),
            .number(row.moment, isWhole ? row.modified : String(row.modified.dropFirst(5)), .muted),
            .text(row.name, .muted),
        ]
    }
}
