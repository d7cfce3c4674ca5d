import Core
import ResponseCache
import Studio
import Terminal

extension DashboardState {
    mutating func press(_ key: Key) -> [Effect] {
        if dialog != nil, !KeyTable.everywhere.contains(key) { return pressInDialog(key) }
        message = nil
        return keymap.binding(for: key).map { run($0) } ?? []
    }

    /// Does what a key is for, or says why it does not.
    mutating func run(_ binding: KeyBinding<Action>) -> [Effect] {
        guard let obstacle = obstacle(of: binding) else { return perform(binding.action) }
        say(obstacle)
        return []
    }

    /// Why a key can do nothing now; nil when it can.
    func obstacle(of binding: KeyBinding<Action>) -> String? {
        if isReadOnly, !binding.action.onlyShows { return "This dashboard was opened with --read-only: it only looks." }
        return binding.obstacle(self)
    }

    /// The first key that does something, as a person calls it.
    func key(_ action: Action) -> String { keymap.binding(of: action)?.keys.first?.name(glyphs) ?? "" }

    private mutating func perform(_ action: Action) -> [Effect] {
        if let zoom, zoom.actions.contains(action) { return zoom.perform(action, in: &self) }
        switch action {
        case .generate:
            if loops.isEmpty { loops = Loop.all }
            return open(GenerateDialog(last: lastOrder, loops: loops)) { [.price($0.order)] }
        case .switchProvider: return openProviders()
        case .prune: return openPrune()
        case .migrate:
            guard let state = status?.state else { return [] }
            return open(MigrateDialog(state)) { [$0.planning] }
        case .backUp:
            guard let state = status?.state else { return [] }
            return open(BackupDialog(state, now: now)) { _ in [] }
        case .raiseLimit: return openLimits(isRaising: true)
        case .lowerLimit: return openLimits(isRaising: false)
        case .pause, .note, .redo, .answer, .cancel: return steer(action)
        case .undo: return [.undo]
        case .palette: return open(PaletteDialog(self)) { _ in [] }
        case .theme: return open(ThemeDialog(theme)) { _ in [.listThemes] }
        case .help: return open(HelpDialog()) { _ in [] }
        case .quit: return quit()
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .focus(let pane):
            focus = pane
            roleCardCalls = nil
            return zoomEffects
        case .nextPane: moveFocus(by: 1)
        case .previousPane: moveFocus(by: -1)
        case .fullSize:
            isFullSize = true
            roleCardCalls = nil
            return zoomEffects
        case .back: isFullSize = false
        case .up, .down, .pageUp, .pageDown, .top, .bottom: scroll(action)
        case .nextSort, .nextView, .nextStretch, .filter, .delete, .nextMatch, .previousMatch, .nextTake,
            .previousTake, .acceptTake, .edit, .copy:
            // What these do is up to the zoom that is shown.
            break
        }
        return []
    }

    mutating func open<D: Dialog>(_ dialog: D, effects: (D) -> [Effect]) -> [Effect] {
        self.dialog = dialog
        return effects(dialog)
    }

    /// Leaves; asks while a run is under way, and waits for the report of one that is over.
    private mutating func quit() -> [Effect] {
        guard isBusy else { return [.quit(.quit)] }
        guard isReportDue, !quitsAfterRun else { return open(QuitDialog()) { _ in [] } }
        quitsAfterRun = true
        return []
    }

    private mutating func openProviders() -> [Effect] {
        guard let row = selectedRole else { return [] }
        return open(ProviderDialog(row: row, glyphs: glyphs)) { _ in [.listChoices(role: row.role, kind: row.kind)] }
    }

    private mutating func openLimits(isRaising: Bool) -> [Effect] {
        open(LimitDialog(LimitRow.rows(of: self), isRaising: isRaising, selected: LimitRow.wanted(self))) { _ in [] }
    }

    private mutating func openPrune() -> [Effect] {
        let providers = Set((status?.roles ?? []).filter { $0.kind == .text }.map(\.provider)).sorted()
        let entry = (zoom as? CacheZoom)?.selectedEntry
        return open(PruneDialog(providers: providers, entry: entry)) { [$0.planning] }
    }

    private mutating func moveFocus(by step: Int) {
        let ids = Pane.all.map(\.id)
        let place = ids.firstIndex(of: focus) ?? 0
        focus = ids[(place + step + ids.count) % ids.count]
    }

    /// Moves within the focused pane, as far as there is something.
    mutating func scroll(_ action: Action) {
        if let place = layout.places.first(where: { $0.pane.id == focus }) { scroll(action, in: place) }
    }

    mutating func scroll(_ action: Action, in place: Layout.Place) {
        let window = PaneWindow(place, state: self)
        let page = max(1, window.height - 1)
        if window.motion.isSelecting {
            let last = max(0, window.content.lines.count - 1)
            select(Self.moved(window.selection, by: action, page: page, last: last), in: window)
        } else {
            let top = Self.moved(window.top, by: action, page: page, last: window.lastTop)
            // At its end a pane follows again.
            let follows = window.motion == .followsEnd && top == window.lastTop
            views[viewID(of: place.pane.id), default: PaneView()].top = follows ? nil : top
        }
    }

    /// Selects a row of what a pane shows.
    mutating func select(_ row: Int, in window: PaneWindow) {
        let ids = window.content.rowIDs
        // Whoever is at the newest row goes on with what comes.
        let follows = window.motion == .selectsFromEnd && row == window.content.lines.count - 1
        views[viewID(of: window.pane)] = PaneView(
            top: follows ? nil : window.top(showing: row), selection: row,
            selectedID: ids.indices.contains(row) && !follows ? ids[row] : nil)
    }

    private static func moved(_ position: Int, by action: Action, page: Int, last: Int) -> Int {
        let target =
            switch action {
            case .up: position - 1
            case .down: position + 1
            case .pageUp: position - page
            case .pageDown: position + page
            case .top: 0
            case .bottom: last
            default: position
            }
        return min(max(0, target), last)
    }
}
