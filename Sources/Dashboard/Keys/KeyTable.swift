import Studio
import Terminal

/// Every key of the dashboard; what a configuration makes of it is a ``Keymap``.
enum KeyTable {
    /// The keys outside of dialogs.
    static let main: [KeyBinding<Action>] =
        [
            KeyBinding(
                [.character("g")], .generate, "generate",
                "run a loop: choose it, its brief and how many scenes; shows the most that it may cost",
                footer: .idle, panes: [.output, .loop], obstacle: { $0.isBusy ? underWay($0) : noWorkspace($0) }),
            KeyBinding(
                [.character("p")], .switchProvider, "provider",
                "switch the selected role's provider and model; its next request uses them", footer: .always,
                panes: [.roles], obstacle: noWorkspace),
            KeyBinding(
                [.character("x")], .prune, "prune", "remove entries from the cache; says first how many and how much",
                footer: .idle, panes: [.cache], obstacle: noWorkspace),
            KeyBinding(
                [.character("m")], .migrate, "migrate",
                "bring the workspace to another version of its form, up or down; shows the plan and asks first",
                panes: [.state], obstacle: noVersion),
            KeyBinding(
                [.character("b")], .backUp, "backup", "make a backup, or bring the state of one back",
                panes: [.state], obstacle: { noFiles($0) }),
            KeyBinding(
                [.character("+")], .raiseLimit, "raise limit",
                "raise a limit for every process: a budget until it resets, others until the session ends",
                panes: [.limits, .cost], obstacle: noLimit),
            KeyBinding(
                [.character("-")], .lowerLimit, "lower limit", "lower a limit, the same way",
                panes: [.limits, .cost], obstacle: noLimit),
            // Steering a run.
            KeyBinding(
                [.character(" ")], .pause, "pause",
                "pause the run after this step, to look at it; again: go on", footer: .running,
                panes: [.output, .loop],
                obstacle: noRun),
            KeyBinding(
                [.character("n")], .note, "note", "a note for the next step: it goes into its prompts",
                footer: .running, panes: [.output, .loop], obstacle: noRun),
            KeyBinding(
                [.character("r")], .redo, "redo",
                "do the last step once more, with new answers in place of the old; asks first", footer: .running,
                panes: [.output, .loop], obstacle: noStepDone),
            KeyBinding(
                [.character("i")], .answer, "answer", "answer what a role asks",
                panes: [.output, .loop], obstacle: { $0.questions.isEmpty ? "Nobody asks anything." : nil }),
            KeyBinding(
                [.character("c")], .cancel, "cancel",
                "stop the step under way; again: end the run. What is stored stays", footer: .running,
                panes: [.output, .loop], obstacle: noRun),
            KeyBinding(
                [.character("u")], .undo, "undo", "take back the last provider switch or change of a limit",
                panes: [.roles, .limits, .cost], obstacle: noWorkspace),
            KeyBinding(
                [.character(":")], .palette, "command", "find an action by its name and do it; tells every key",
                footer: .always),
            KeyBinding([.character("t")], .theme, "theme", "choose how the dashboard looks; shows each theme at once"),
            KeyBinding([.character("?")], .help, "help", "show every key", footer: .always),
            KeyBinding(
                [.character("q"), .control("c")], .quit, "quit", "leave; asks while something is running",
                footer: .always),
            KeyBinding([.tab, .right, .character("l")], .nextPane, "next", "focus the next pane"),
            KeyBinding([.backTab, .left, .character("h")], .previousPane, "previous", "focus the pane before"),
        ]
        + Pane.all.map { pane in
            KeyBinding([.character(pane.key)], .focus(pane.id), pane.title, "focus \(pane.title)")
        } + [
            KeyBinding(
                [.enter], .fullSize, "open",
                "show the focused pane at full size; there open what is selected: an artifact, the scene that a choice "
                    + "leads to, an event, an entry of the cache", footer: .always),
            KeyBinding(
                [.escape, .backspace], .back, "back",
                "a step back: from what is open, from full size to all panes; takes a message away"),
            KeyBinding(
                [.character("v")], .nextView, "view",
                "the next view at full size: text, bytes and artifacts; events; role, provider, model and loop",
                panes: tables, obstacle: { place(of: .nextView, $0) }),
            KeyBinding(
                [.character("s")], .nextSort, "sort", "sort the table at full size by its next column",
                panes: tables, obstacle: { place(of: .nextSort, $0) }),
            KeyBinding(
                [.character("w")], .nextStretch, "when", "of when the table tells: session, today, month, all",
                panes: [.cache, .cost], obstacle: { place(of: .nextStretch, $0) }),
            KeyBinding(
                [.character("/")], .filter, "find",
                "list only the rows that have every word that is typed; in a text find what is typed",
                panes: tables, obstacle: { place(of: .filter, $0) }),
            KeyBinding(
                [.character("f")], .nextMatch, "next match", "to the next place where the text has what was typed",
                panes: [.output], obstacle: { place(of: .nextMatch, $0) }),
            KeyBinding(
                [.character("F")], .previousMatch, "match before", "to the place before",
                panes: [.output], obstacle: { place(of: .previousMatch, $0) }),
            KeyBinding(
                [.character("]")], .nextTake, "next take", "the next take of what is read",
                panes: [.output], obstacle: { place(of: .nextTake, $0) }),
            KeyBinding(
                [.character("[")], .previousTake, "take before", "the take before",
                panes: [.output], obstacle: { place(of: .previousTake, $0) }),
            KeyBinding(
                [.character("a")], .acceptTake, "accept", "choose the take that is read: it counts, the others do not",
                panes: [.output], obstacle: { place(of: .acceptTake, $0) }),
            KeyBinding(
                [.character("e")], .edit, "edit",
                "edit the artifact's text in $VISUAL or $EDITOR; it becomes the next revision",
                panes: [.output], obstacle: { place(of: .edit, $0) }),
            KeyBinding(
                [.character("d")], .delete, "delete",
                "move the artifact into the bin for 30 days, or remove the entry of the cache; asks first",
                panes: [.output, .cache], obstacle: { place(of: .delete, $0) }),
            KeyBinding(
                [.character("y")], .copy, "copy",
                "copy what is read, or the name of what is selected, where the terminal lets programs (OSC 52)",
                panes: [.output, .activity], obstacle: { place(of: .copy, $0) }),
            KeyBinding([.up, .character("k")], .up, "up", "one row up"),
            KeyBinding([.down, .character("j")], .down, "down", "one row down"),
            KeyBinding([.pageUp], .pageUp, "page up", "one page up"),
            KeyBinding([.pageDown], .pageDown, "page down", "one page down"),
            KeyBinding([.home], .top, "top", "to the first row"),
            KeyBinding([.end], .bottom, "bottom", "to the last row; Output and Activity follow again"),
            KeyBinding([.control("l")], .redraw, "redraw", "draw the screen anew"),
            KeyBinding([.control("z")], .suspend, "suspend", "stop the program until the shell's fg"),
        ]

    /// The keys in dialogs, beside those that type; Ctrl-C, Ctrl-L and Ctrl-Z count there too.
    static let dialog: [KeyBinding<DialogAction>] = [
        KeyBinding(
            [.enter], .accept, "accept", "do what the dialog is for", footer: .always,
            obstacle: { $0.dialog?.acceptLabel == "" ? "There is nothing to choose." : nil }),
        KeyBinding([.escape], .close, "close", "close the dialog and do nothing", footer: .always),
        KeyBinding(
            [.tab], .nextField, "next field", "to the next field", footer: .always,
            obstacle: { $0.dialog?.form.hasFields == true ? nil : "There is one field." }),
        KeyBinding([.backTab], .previousField, "previous field", "to the field before"),
        KeyBinding([.up, .character("k")], .up, "up", "up in a list, else to the field before"),
        KeyBinding([.down, .character("j")], .down, "down", "down in a list, else to the next field"),
        KeyBinding([.left, .character("h")], .left, "less", "the choice before; in text one letter back"),
        KeyBinding([.right, .character("l")], .right, "more", "the next choice; in text one letter on"),
        KeyBinding([.pageUp], .pageUp, "page up", "one page up"),
        KeyBinding([.pageDown], .pageDown, "page down", "one page down"),
        KeyBinding([.home], .top, "start", "to the start"),
        KeyBinding([.end], .bottom, "end", "to the end"),
    ]

    /// The keys that count everywhere, also while something is being typed.
    static let everywhere: Set<Key> = [.control("c"), .control("l"), .control("z")]

    static func binding(forDialog key: Key) -> KeyBinding<DialogAction>? { dialog.first { $0.keys.contains(key) } }

    /// The panes that have a table or several views at full size.
    private static let tables: [Pane.ID] = [.roles, .cache, .limits, .cost, .output, .activity, .state]

    @Sendable private static func noLimit(_ state: DashboardState) -> String? {
        guard let status = state.status else { return noWorkspace(state) }
        let isFree = status.budgets.isEmpty && status.limits.isEmpty
        return isFree ? "There is no limit: cost_per_day under rate_limiting in config.yml makes one." : nil
    }

    /// Where a key of zooms counts; nil where that is here.
    private static func place(of action: Action, _ state: DashboardState) -> String? {
        guard !state.offers(action) else { return nil }
        func way(_ actions: Action...) -> String { actions.map(state.key).joined(separator: ", ") }
        let artifacts = "\(way(.focus(.output), .fullSize)), \(state.key(.nextView)) lists the artifacts"
        let place =
            switch action {
            case .nextSort, .nextView: "tables at full size: \(way(.fullSize))"
            case .nextStretch: "Cache and Cost at full size: \(way(.focus(.cache), .fullSize))"
            case .filter: "lists and texts at full size: \(way(.fullSize))"
            case .nextMatch, .previousMatch:
                "a text in which something was found: \(way(.focus(.output), .fullSize, .filter))"
            case .nextTake, .previousTake: "an artifact that has several takes: \(artifacts)"
            case .acceptTake, .edit: "an artifact in work that is read: \(artifacts)"
            case .delete:
                "an artifact in work (\(way(.focus(.output), .fullSize, .nextView))), or an entry of the cache "
                    + "(\(way(.focus(.cache), .fullSize, .nextView)))"
            default: "a text or an artifact: \(way(.focus(.output), .fullSize))"
            }
        return "\(state.key(action)) is for \(place)."
    }

    private static func underWay(_ state: DashboardState) -> String {
        "A run is under way; \(state.key(.cancel)) ends it."
    }

    @Sendable private static func noVersion(_ state: DashboardState) -> String? {
        if let reason = noFiles(state) { return reason }
        guard let kept = state.status?.state, !state.isBusy else { return underWay(state) }
        return kept.newestVersion == 1 ? "There is only one version." : nil
    }

    /// Why there is nothing that could be copied or migrated.
    @Sendable private static func noFiles(_ state: DashboardState) -> String? {
        guard let kept = state.status?.state else { return noWorkspace(state) }
        return ["file", "sqlite"].contains(kept.backend)
            ? nil : "The state is kept in \(kept.backend): there are no files to migrate or to copy."
    }

    @Sendable private static func noRun(_ state: DashboardState) -> String? {
        state.isRunUnderWay ? nil : "Nothing is running."
    }

    @Sendable private static func noStepDone(_ state: DashboardState) -> String? {
        noRun(state) ?? (state.run?.redoTarget == nil ? "No step is done yet." : nil)
    }

    @Sendable private static func noWorkspace(_ state: DashboardState) -> String? {
        state.status == nil ? "There is no workspace yet." : nil
    }
}
