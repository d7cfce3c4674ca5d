import Core
import Studio
import Terminal

extension Pane.ID {
    static let roles: Pane.ID = "roles"
}

extension Pane {
    /// Who writes with what, how often the cache answers for them, and what they cost.
    static let roles = Pane(
        id: .roles, key: "1", title: "Roles", shape: .table, motion: .selects, minimumWidth: 72,
        content: { RolesPane(context: $0).content }, zoom: RolesZoom.self)
}

private struct RolesPane {
    var context: PaneContext

    var content: PaneContent {
        guard let status = context.state.status else {
            return PaneContent(
                lines: context.explanation("No workspace yet: \(context.key(.quit)) leaves, the next start offers one.")
            )
        }
        let table = Table(columns: columns, rows: status.roles.map(cells), ellipsis: context.glyphs.ellipsis)
        var (header, lines) = table.lines(width: context.size.width - 1)
        header.spans.insert(Span(" "), at: 0)
        let ids = status.roles.map(\.id)
        let selected = context.state.selectedRoleIndex
        lines.select(selected, context)
        return PaneContent(
            footer: footer(status), header: [header], lines: lines, rowIDs: ids, selected: selected)
    }

    /// What is wrong with the selected role, else how to read the rows.
    private func footer(_ status: Status) -> String {
        if let problem = context.state.selectedRole?.problem {
            return "\(problem)\(context.dot)\(context.key(.switchProvider)) switches"
        }
        let roles = Set(status.roles.map(\.role)).count
        return "\(roles) roles\(status.roles.contains(where: \.isOverridden) ? "\(context.dot)* live" : "")"
    }

    private var columns: [Table.Column] {
        [
            Table.Column(title: "role", importance: 9, minimum: 12, maximum: 22),
            Table.Column(title: "", importance: 8, minimum: 1, maximum: 1),
            Table.Column(title: "provider", importance: 7, minimum: 9, maximum: 16),
            Table.Column(title: "model", importance: 6, minimum: 6, maximum: 28),
            Table.Column(title: "temp", isRightAligned: true, importance: 1, minimum: 4, maximum: 4),
            Table.Column(title: "calls", isRightAligned: true, importance: 2, minimum: 5, maximum: 6),
            Table.Column(title: "hit", isRightAligned: true, importance: 3, minimum: 4, maximum: 4),
            Table.Column(title: "$", isRightAligned: true, importance: 5, minimum: 6, maximum: 8),
            Table.Column(title: "state", importance: 4, minimum: 7, maximum: 13),
        ]
    }

    private func cells(_ row: Status.RoleRow) -> [Table.Cell] {
        // A role's second kind stands below its first.
        let name = row.kind == .text ? row.role.rawValue : "  \(row.kind.rawValue)"
        let isReady = row.problem == nil
        return [
            Table.Cell(name), Table.Cell(row.isOverridden ? "*" : "", .accent),
            Table.Cell(row.provider, isReady ? nil : .muted), Table.Cell(row.model ?? "-", isReady ? nil : .muted),
            Table.Cell(row.temperature.map(number) ?? "-", .muted), Table.Cell("\(row.calls)"),
            Table.Cell(Figures.percent(row.hitRate).filter { $0 != " " }),
            Table.Cell(row.cost.map(Figures.dollars) ?? "?"), standing(row),
        ]
    }

    private func standing(_ row: Status.RoleRow) -> Table.Cell {
        let live = context.state.requests.values.filter { $0.role == row.role && row.kind == .text }
        if live.contains(where: { $0.waitsFor == nil }) { return Table.Cell("writing", .accent) }
        if let waiting = live.first {
            let left = waiting.waitsUntil.map { " " + Figures.duration($0 - context.state.now) } ?? ""
            return Table.Cell("waiting\(left)", .warning)
        }
        return switch row.state {
        case .idle: Table.Cell("idle", .muted)
        case .waiting: Table.Cell("waiting", .warning)
        case .writing: Table.Cell("writing", .accent)
        case .failed: Table.Cell("failed", .bad)
        case .noKey: Table.Cell("no key", .bad)
        case .noModel: Table.Cell("no model", .bad)
        case .notTrusted: Table.Cell("untrusted", .bad)
        case .notReachable: Table.Cell("not reachable", .bad)
        }
    }

    private func number(_ value: Double) -> String {
        let hundredths = Int((min(999, max(-999, value.isFinite ? value : 0)) * 100).rounded())
        let text = "\(hundredths / 100).\(abs(hundredths % 100) / 10)"
        return hundredths % 10 == 0 ? text : text + "\(abs(hundredths % 10))"
    }
}

extension Status.RoleRow {
    /// Tells it from every other row.
    var id: String { "\(role.rawValue) \(kind.rawValue)" }
}
