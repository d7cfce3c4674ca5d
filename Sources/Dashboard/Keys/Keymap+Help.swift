import Terminal

extension Keymap {
    /// A line of the help screen.
    struct Row: Sendable {
        var keys: String
        var about: String
    }

    /// Everything that the help screen lists; with a state what fits the focused pane comes first, and what a key cannot do
    /// now is told.
    func sections(_ state: DashboardState? = nil, _ glyphs: Glyphs = .unicode) -> [(title: String, rows: [Row])] {
        let pane = state.flatMap { Pane.of($0.focus) }
        let fitting = bindings.filter { binding in pane.map { binding.panes.contains($0.id) } ?? false }
        let others = bindings.filter { $0.pane == nil && !fitting.map(\.action).contains($0.action) }
        func row(_ binding: KeyBinding<Action>) -> Row {
            Row(binding, obstacle: state.flatMap { $0.obstacle(of: binding) }, glyphs)
        }
        let head = pane.map { [("In \($0.title)", fitting.map(row))] } ?? []
        return (fitting.isEmpty ? [] : head) + [
            (pane == nil ? "On the panes" : "Everywhere", others.map(row) + [focusRow(glyphs)]),
            (
                "In a dialog",
                KeyTable.dialog.map { binding in
                    Row(binding, obstacle: state.flatMap { binding.obstacle($0) }, glyphs)
                }
            ),
        ]
    }

    private func focusRow(_ glyphs: Glyphs) -> Row {
        let panes = bindings.filter { $0.pane != nil }
        return Row(
            keys: panes.map { $0.names(glyphs) }.joined(separator: " "),
            about: "focus " + panes.map(\.label).joined(separator: ", "))
    }

    /// The tables as the README shows them.
    var markdown: String {
        let tables = sections().map { section in
            let rows = section.rows.map { row in
                let keys = row.keys.split(separator: " ").map { "`\($0)`" }.joined(separator: " ")
                return "| \(keys) | \(row.about) |"
            }
            return (["| \(section.title) | |", "|---|---|"] + rows).joined(separator: "\n")
        }
        return tables.joined(separator: "\n\n")
    }
}

extension Keymap.Row {
    fileprivate init<Command>(_ binding: KeyBinding<Command>, obstacle: String?, _ glyphs: Glyphs) {
        let now = obstacle.map { " (now: \($0))" } ?? ""
        self.init(keys: binding.names(glyphs), about: binding.about + now)
    }
}

extension KeyBinding<Action> {
    /// The pane that it focuses.
    var pane: Pane.ID? { if case .focus(let pane) = action { pane } else { nil } }
}
