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
                isInFooter: true, panes: [.output, .loop], obstacle: { $0.isBusy ? underWay($0) : noWorkspace($0) }),
            KeyBinding(
                [.character("p")], .switchProvider, "provider",
                "switch the selected role's provider and model; its next request uses them", isInFooter: true,
                panes: [.roles], obstacle: noWorkspace),
            KeyBinding(
                [.character("x")], .prune, "prune", "remove entries from the cache; says first how many and how much",
                isInFooter: true, panes: [.cache], obstacle: noWorkspace),
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
            KeyBinding(
                [.character("c")], .cancel, "cancel", "cancel the run under way; what it stored stays",
                isInFooter: true, panes: [.output, .loop], obstacle: { $0.isBusy ? nil : "Nothing is running." }),
            KeyBinding(
                [.character(":")], .palette, "command", "find an action by its name and do it; tells every key",
                isInFooter: true),
            KeyBinding([.character("t")], .theme, "theme", "choose how the dashboard looks; shows each theme at once"),
            KeyBinding([.character("?")], .help, "help", "show every key", isInFooter: true),
            KeyBinding(
                [.character("q"), .control("c")], .quit, "quit", "leave; asks while something is running",
                isInFooter: true),
            KeyBinding([.tab, .right, .character("l")], .nextPane, "next", "focus the next pane"),
            KeyBinding([.backTab, .left, .character("h")], .previousPane, "previous", "focus the pane before"),
        ]
        + Pane.all.map { pane in
            KeyBinding([.character(pane.key)], .focus(pane.id), pane.title, "focus \(pane.title)")
        } + [
            KeyBinding(
                [.enter], .fullSize, "full size",
                "show the focused pane at full size; there one entry of the cache whole", isInFooter: true),
            KeyBinding(
                [.character("s")], .nextSort, "sort", "sort the table at full size by its next column",
                panes: tables, obstacle: noTable),
            KeyBinding(
                [.character("v")], .nextView, "view",
                "what the table at full size is about: role, provider, model, loop and more",
                panes: tables, obstacle: noTable),
            KeyBinding(
                [.character("w")], .nextStretch, "when", "of when it tells: session, today, month, all",
                panes: tables, obstacle: noTable),
            KeyBinding(
                [.character("/")], .filter, "filter", "list only the entries of the cache that have what is typed",
                panes: [.cache], obstacle: { CacheZoom.isListing($0) ? nil : whereEntriesAre($0) }),
            KeyBinding(
                [.character("d")], .delete, "delete", "remove the selected entry of the cache; asks first",
                panes: [.cache], obstacle: { CacheZoom.selectedEntry($0) == nil ? whereEntriesAre($0) : nil }),
            KeyBinding([.escape], .back, "back", "back to all panes; takes a message away"),
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
            [.enter], .accept, "accept", "do what the dialog is for", isInFooter: true,
            obstacle: { $0.dialog?.acceptLabel == "" ? "There is nothing to choose." : nil }),
        KeyBinding([.escape], .close, "close", "close the dialog and do nothing", isInFooter: true),
        KeyBinding(
            [.tab], .nextField, "next field", "to the next field", isInFooter: true,
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

    /// The panes that have a table at full size.
    private static let tables: [Pane.ID] = [.cache, .limits, .cost]

    @Sendable private static func noLimit(_ state: DashboardState) -> String? {
        guard let status = state.status else { return noWorkspace(state) }
        let isFree = status.budgets.isEmpty && status.limits.isEmpty
        return isFree ? "There is no limit: cost_per_day under rate_limiting in config.yml makes one." : nil
    }

    @Sendable private static func whereEntriesAre(_ state: DashboardState) -> String {
        let keys = [Action.focus(.cache), .fullSize].map(state.key).joined(separator: ", ")
        return "Entries are in Cache at full size: \(keys), then \(state.key(.nextView)) until they show."
    }

    private static func underWay(_ state: DashboardState) -> String {
        "A run is under way; \(state.key(.cancel)) cancels it."
    }

    @Sendable private static func noTable(_ state: DashboardState) -> String? {
        state.zoom == nil
            ? "There is a table in Cache, Limits and Cost at full size: \(state.key(.fullSize))." : nil
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

    @Sendable private static func noWorkspace(_ state: DashboardState) -> String? {
        state.status == nil ? "There is no workspace yet." : nil
    }
}
