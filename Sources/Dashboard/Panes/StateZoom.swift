import Core
import Studio
import Terminal
import Workspace

/// What is kept and how: artifacts by type, thematic units, snapshots, backups, and what a migration would do.
struct StateZoom: Zoom {
    /// What `v` goes through.
    private enum View: Int, CaseIterable { case types, units, snapshots, backups, migration }

    /// The artifacts of a type.
    private struct Kind: Sendable {
        var type: String
        var hot = 0
        var cold = 0
        var reviews = 0
    }

    var context: PaneContext

    init(_ context: PaneContext) { self.context = context }

    private var state: DashboardState { context.state }
    private var choice: TableChoice { state.tables[.state] ?? TableChoice() }
    private var view: View { View.allCases[choice.view % View.allCases.count] }

    var place: String { "\(view)" }
    var motion: Pane.Motion { view == .migration || rowCount == 0 ? .scrolls : .selects }

    private var rowCount: Int {
        switch view {
        case .types: state.artifacts?.rows.count ?? 0
        case .units: state.shelves?.units.count ?? 0
        case .snapshots: state.shelves?.snapshots.count ?? 0
        case .backups: state.status?.state.backups.count ?? 0
        case .migration: 0
        }
    }

    var reading: [Effect] {
        guard let kept = state.status?.state else { return [] }
        switch view {
        case .types: return state.artifacts == nil ? [.listArtifacts] : []
        case .units, .snapshots:
            let known = state.shelves.map { ($0.units.count, $0.snapshots.count) }
            return known.map { $0 == (kept.units, kept.snapshots) } == true ? [] : [.readShelves]
        case .backups: return []
        case .migration:
            return state.migrationPlan?.from == kept.schemaVersion ? [] : [.planMigration(to: target(kept))]
        }
    }

    /// The version that a migration could lead to: the newest, else the one before.
    private func target(_ kept: Status.State) -> Int {
        kept.pendingMigrations > 0 ? kept.newestVersion : max(1, kept.schemaVersion - 1)
    }

    // MARK: Keys

    var actions: Set<Action> {
        guard motion == .selects else { return [.nextView] }
        return Set([.nextView, .nextSort, .filter]).union(view == .types || view == .backups ? [.fullSize] : [])
    }

    func perform(_ action: Action, in state: inout DashboardState) -> [Effect] {
        guard action == .fullSize else { return state.turnTable(action) }
        if view == .types {
            return types(state.artifacts).selected(context, pane: .state).map { state.listArtifacts(having: $0.type) }
                ?? []
        }
        guard let kept = state.status?.state,
            let backup = backups(kept.backups).selected(context, pane: .state),
            let index = kept.backups.firstIndex(of: backup)
        else { return [] }
        var dialog = BackupDialog(kept, now: state.now)
        dialog.form.select(index + 1, in: 0)
        state.dialog = dialog
        return []
    }

    // MARK: What is shown

    var content: PaneContent {
        guard let kept = state.status?.state else {
            return PaneContent(lines: context.explanation("Nothing is kept without a workspace."), isExplanation: true)
        }
        switch view {
        case .types:
            guard let page = state.artifacts else { return explained("Reading the artifacts.", kept) }
            guard !page.rows.isEmpty else {
                return explained("Nothing is written yet: g starts a loop.", kept)
            }
            return shown(
                types(page), "artifacts by type", kept, "\(context.key(.fullSize)) lists them",
                "\(context.key(.nextSort)) sort")
        case .units:
            guard let units = state.shelves?.units else { return explained("Reading the thematic units.", kept) }
            guard !units.isEmpty else {
                return explained("There is no thematic unit yet: story_spark proposes some (g).", kept)
            }
            return shown(self.units(units), "thematic units", kept, "\(context.key(.nextSort)) sort")
        case .snapshots:
            guard let snapshots = state.shelves?.snapshots else { return explained("Reading the snapshots.", kept) }
            guard !snapshots.isEmpty else {
                return explained(
                    "There is no snapshot yet: archive_snapshot takes one of what passed the gate (g).", kept)
            }
            return shown(self.snapshots(snapshots), "snapshots", kept, "\(context.key(.nextSort)) sort")
        case .backups:
            guard !kept.backups.isEmpty else { return explained("There is no backup yet: b makes one.", kept) }
            return shown(
                backups(kept.backups), "backups", kept, "\(context.key(.fullSize)) restores",
                "\(context.key(.backUp)) makes one", "\(context.key(.nextSort)) sort")
        case .migration: return migration(kept)
        }
    }

    private func shown<Item>(
        _ table: FigureTable<Item>, _ subject: String, _ kept: Status.State, _ keys: String...
    ) -> PaneContent {
        table.content(
            context, pane: .state, subject: subject, summary: summary(kept),
            hint: context.hint(keys + [next]))
    }

    private func explained(_ text: String, _ kept: Status.State) -> PaneContent {
        PaneContent(
            subject: "\(view)", footer: next, header: summary(kept) + [Line()], lines: context.explanation(text),
            isExplanation: true)
    }

    private var next: String { "\(context.key(.nextView)) \(View.allCases[(view.rawValue + 1) % View.allCases.count])" }

    private func summary(_ kept: Status.State) -> [Line] {
        let version =
            kept.pendingMigrations > 0
            ? "\(kept.schemaVersion), \(kept.newestVersion) is there (m)" : "\(kept.schemaVersion), the newest"
        let parts: [[Span]] = [
            [Span("schema ", .muted), Span(version, kept.pendingMigrations > 0 ? .warning : .strong)],
            [Span(Figures.count(kept.hotArtifacts), .strong), Span(" hot", .muted)],
            [Span(Figures.count(kept.coldArtifacts), .strong), Span(" cold", .muted)],
            [Span(Figures.count(kept.snapshots), .strong), Span(" snapshots", .muted)],
            [Span(Figures.count(kept.units), .strong), Span(" units", .muted)],
            [Span("\(kept.backend), read in \(Figures.latency(Double(kept.latency) / 1_000))", .muted)],
        ]
        let problem = kept.problem.map { Wrapping.lines($0, width: context.size.width) } ?? []
        return [Line(Line.joined(parts, separator: context.dot, width: context.size.width))]
            + problem.map { Line($0, .bad) }
    }

    // MARK: Tables

    private func types(_ all: ListedArtifacts?) -> FigureTable<Kind> {
        var kinds: [String: Kind] = [:]
        for artifact in all?.rows ?? [] {
            kinds[artifact.type, default: Kind(type: artifact.type)].hot += artifact.shelf == .hot ? 1 : 0
            kinds[artifact.type]?.cold += artifact.shelf == .cold ? 1 : 0
            kinds[artifact.type]?.reviews += artifact.needsReview ? 1 : 0
        }
        let columns = [
            Table.Column(title: "type", importance: 9, minimum: 12, maximum: 30),
            Table.Column(title: "all", isRightAligned: true, importance: 8, minimum: 6, maximum: 8),
            Table.Column(title: "hot", isRightAligned: true, importance: 7, minimum: 6, maximum: 8),
            Table.Column(title: "cold", isRightAligned: true, importance: 6, minimum: 6, maximum: 8),
            Table.Column(title: "to review", isRightAligned: true, importance: 5, minimum: 9, maximum: 9),
        ]
        let rows = kinds.values.map { kind -> (String, Kind, [FigureTable<Kind>.Cell]) in
            let review = kind.reviews > 0 ? "\(kind.reviews)" : "-"
            return (
                kind.type, kind,
                [
                    .text(kind.type, .accent), .count(kind.hot + kind.cold), .count(kind.hot),
                    .count(kind.cold), .number(Double(kind.reviews), review, kind.reviews > 0 ? .warning : .muted),
                ]
            )
        }.sorted { $0.0 < $1.0 }
        return FigureTable(columns: columns, rows: rows, sort: (1 + choice.sort) % columns.count)
    }

    private func units(_ units: [ThematicUnit]) -> FigureTable<ThematicUnit> {
        let columns = [
            Table.Column(title: "unit", importance: 9, minimum: 20, maximum: 24),
            Table.Column(title: "status", importance: 8, minimum: 10, maximum: 16),
            Table.Column(title: "snapshot", importance: 5, minimum: 10, maximum: 30),
            Table.Column(title: "modified", importance: 7, minimum: 16, maximum: 16),
        ]
        let rows = units.map { unit in
            (
                unit.id, unit,
                [
                    FigureTable<ThematicUnit>.Cell.text(Wrapping.line(unit.id)),
                    .text(Wrapping.line(unit.status), unit.status == "cold-merged" ? .good : .accent),
                    .text(Wrapping.line(unit.snapshotID ?? "-"), .muted), Self.time(unit.modified),
                ]
            )
        }
        return FigureTable(columns: columns, rows: rows, sort: (3 + choice.sort) % columns.count)
    }

    private func snapshots(_ snapshots: [Snapshot]) -> FigureTable<Snapshot> {
        let columns = [
            Table.Column(title: "snapshot", importance: 9, minimum: 16, maximum: 34),
            Table.Column(title: "unit", importance: 4, minimum: 12, maximum: 24),
            Table.Column(title: "taken", importance: 8, minimum: 16, maximum: 16),
            Table.Column(title: "of what", importance: 7, minimum: 12, maximum: 80),
        ]
        let rows = snapshots.map { snapshot in
            (
                snapshot.id, snapshot,
                [
                    FigureTable<Snapshot>.Cell.text(Wrapping.line(snapshot.id)),
                    .text(Wrapping.line(snapshot.unitID), .muted), Self.time(snapshot.created),
                    .text(Wrapping.line(snapshot.description), .muted),
                ]
            )
        }
        return FigureTable(columns: columns, rows: rows, sort: (2 + choice.sort) % columns.count)
    }

    private func backups(_ backups: [Backup]) -> FigureTable<Backup> {
        let columns = [
            Table.Column(title: "made", isRightAligned: true, importance: 9, minimum: 10, maximum: 12),
            Table.Column(title: "why", importance: 8, minimum: 12, maximum: 20),
            Table.Column(title: "schema", isRightAligned: true, importance: 4, minimum: 6, maximum: 6),
            Table.Column(title: "hot", isRightAligned: true, importance: 6, minimum: 6, maximum: 8),
            Table.Column(title: "cold", isRightAligned: true, importance: 5, minimum: 6, maximum: 8),
            Table.Column(title: "size", isRightAligned: true, importance: 7, minimum: 7, maximum: 8),
            Table.Column(title: "name", importance: 3, minimum: 20, maximum: 44),
        ]
        let rows = backups.map { backup in
            (
                backup.name, backup,
                [
                    FigureTable<Backup>.Cell.number(
                        Double(backup.createdAt), BackupDialog.age(of: backup, at: state.now)),
                    .text(backup.reason.inWords), .count(backup.schemaVersion), .count(backup.counts.hotArtifacts),
                    .count(backup.counts.coldArtifacts), .number(Double(backup.bytes), Figures.bytes(backup.bytes)),
                    .text(backup.name, .muted),
                ]
            )
        }
        return FigureTable(columns: columns, rows: rows, sort: choice.sort % columns.count)
    }

    /// A time as it was written, the newest before the others.
    private static func time<Item>(_ text: String) -> FigureTable<Item>.Cell {
        let shown = text.prefix(16).map { $0 == "T" ? " " : String($0) }.joined()
        return .number(Double(text.filter(\.isNumber).prefix(14)) ?? 0, Wrapping.line(shown), .muted)
    }

    // MARK: Migration

    private func migration(_ kept: Status.State) -> PaneContent {
        guard kept.newestVersion > 1 else { return explained("There is only one version.", kept) }
        guard let plan = state.migrationPlan, plan.from == kept.schemaVersion else {
            return explained("Planning the migration.", kept)
        }
        let direction = plan.to > plan.from ? "up" : "down"
        var facts = FactLines(width: min(context.size.width, 100))
        facts.add(
            text: "From version \(plan.from) \(direction) to version \(plan.to): m does it, after it has asked.",
            .strong)
        for step in plan.steps {
            facts.begin("\(step.isDowngrade ? "Down" : "Up") to version \(step.version): \(step.name)")
            facts.add("what", (step.isDowngrade ? "Takes back: " : "") + step.summary)
            facts.add("files", "\(Figures.count(step.hotRecords)) artifacts")
            facts.add("rows", "\(Figures.count(step.coldRecords)) of the project file")
            for loss in step.losses { facts.add("lost", loss, .warning) }
        }
        facts.begin("Before it begins")
        facts.add("backup", "the state before becomes a backup; b brings it back")
        facts.add("writes", Figures.bytes(plan.bytes))
        return PaneContent(
            subject: "migration", footer: context.hint(["\(context.key(.migrate)) migrate", next]),
            header: summary(kept) + [Line()], lines: facts.lines)
    }
}
