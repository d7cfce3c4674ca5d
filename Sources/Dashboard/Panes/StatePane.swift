import Core
import Studio
import Terminal
import Workspace

extension Pane.ID {
    static let state: Pane.ID = "state"
}

extension Pane {
    /// How the work is kept, and whether it is safe.
    static let state = Pane(
        id: .state, key: "7", title: "State", shape: .facts, motion: .scrolls, minimumWidth: 20,
        content: { StatePane(context: $0).content }, zoom: StateZoom.self)
}

private struct StatePane {
    /// The columns from which on all facts stand in one line.
    private static let wide = 60

    var context: PaneContext

    private var width: Int { context.size.width }

    var content: PaneContent {
        guard let state = context.state.status?.state else {
            return PaneContent(lines: context.explanation("Nothing is kept without a workspace."))
        }
        let facts = [version(state), artifacts(state), backend(state)] + others(state)
        return PaneContent(
            footer: state.backups.first.map { "backup \(age($0))" } ?? "no backup",
            lines: problem(state) + (width >= Self.wide ? [facts.joined(context.dot, width)] : facts) + backups(state))
    }

    private func problem(_ state: Status.State) -> [Line] {
        state.problem.map { Wrapping.lines($0, width: width).map { Line($0, .bad) } } ?? []
    }

    private func version(_ state: Status.State) -> Line {
        guard state.pendingMigrations > 0 else {
            return Line([Span("schema ", .muted), Span("\(state.schemaVersion)", .strong), Span(" newest", .muted)])
        }
        let arrow = context.glyphs == .ascii ? "->" : "→"
        return Line([
            Span("schema ", .muted), Span("\(state.schemaVersion) \(arrow) \(state.newestVersion)", .warning),
            Span(" (\(context.key(.migrate)))", .muted),
        ])
    }

    private func artifacts(_ state: Status.State) -> Line {
        let hot = [Span(Figures.count(state.hotArtifacts), .strong), Span(" hot", .muted)]
        let cold = [Span(Figures.count(state.coldArtifacts), .strong), Span(" cold", .muted)]
        return Line(Line.joined([hot, cold], separator: context.dot, width: width))
    }

    private func backend(_ state: Status.State) -> Line {
        let health: [Span] =
            state.problem == nil
            ? [Span(Figures.latency(Double(state.latency) / 1_000), .muted)] : [Span("not well", .bad)]
        return Line(Line.joined([[Span(state.backend)], health], separator: context.dot, width: width))
    }

    private func others(_ state: Status.State) -> [Line] {
        let parts = [("snapshot", state.snapshots), ("unit", state.units)].filter { $0.1 > 0 }.map { name, count in
            [Span(Figures.count(count)), Span(" \(name)\(count == 1 ? "" : "s")", .muted)]
        }
        return parts.isEmpty ? [] : [Line(Line.joined(parts, separator: context.dot, width: width))]
    }

    private func backups(_ state: Status.State) -> [Line] {
        guard ["file", "sqlite"].contains(state.backend) else {
            return context.explanation("questfoundry state export makes a copy")
        }
        guard !state.backups.isEmpty else {
            return context.explanation("no backup yet: \(context.key(.backUp)) makes one")
        }
        return state.backups.map { backup in
            Line(
                [Span(age(backup)), Span("  \(backup.reason.inWords)", .muted)],
                trailing: [Span(Figures.bytes(backup.bytes), .muted)])
        }
    }

    private func age(_ backup: Backup) -> String {
        BackupDialog.age(of: backup, at: context.state.now)
    }
}

extension [Line] {
    fileprivate func joined(_ separator: String, _ width: Int) -> Line {
        Line(Line.joined(map(\.spans), separator: separator, width: width))
    }
}

extension Backup.Reason {
    /// Why it was made, for people.
    var inWords: String {
        switch self {
        case .manual: "by hand"
        case .scheduled: "on schedule"
        case .beforeMigration: "before a migration"
        case .beforeRestore: "before a restore"
        }
    }
}
