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
        switch action {
        case .generate: return open(GenerateDialog(last: lastOrder, loops: loops)) { [.price($0.order)] }
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
        case .cancel:
            isCancelling = true
            say("Cancelling.")
            return [.cancelRun]
        case .palette: return open(PaletteDialog(self)) { _ in [] }
        case .theme: return open(ThemeDialog(theme)) { _ in [.listThemes] }
        case .help: return open(HelpDialog()) { _ in [] }
        case .quit: return isBusy ? open(QuitDialog()) { _ in [] } : [.quit(.quit)]
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .focus(let pane):
            focus = pane
            return zoomEffects
        case .nextPane: moveFocus(by: 1)
        case .previousPane: moveFocus(by: -1)
        case .nextSort: tables[focus, default: TableChoice()].sort += 1
        case .nextStretch:
            tables[focus, default: TableChoice()].stretch += 1
            return zoomEffects
        case .nextView:
            tables[focus, default: TableChoice()].view += 1
            tables[focus]?.sort = 0
            views[viewID(of: focus)] = nil
            return zoomEffects
        case .filter: return open(FilterDialog(filter: tables[.cache]?.filter ?? "")) { _ in [] }
        case .delete:
            guard let entry = CacheZoom.selectedEntry(self) else { return [] }
            return open(DeleteEntryDialog(entry: entry)) { _ in [] }
        case .fullSize:
            if let entry = CacheZoom.selectedEntry(self) {
                return open(EntryDialog(entry: entry)) { _ in [.readEntry(key: entry.key)] }
            }
            isFullSize = true
            return zoomEffects
        case .back: isFullSize = false
        case .up, .down, .pageUp, .pageDown, .top, .bottom: scroll(action)
        }
        return []
    }

    private mutating func open<D: Dialog>(_ dialog: D, effects: (D) -> [Effect]) -> [Effect] {
        self.dialog = dialog
        return effects(dialog)
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
        return open(PruneDialog(providers: providers, entry: CacheZoom.selectedEntry(self))) { [$0.planning] }
    }

    private mutating func moveFocus(by step: Int) {
        let ids = Pane.all.map(\.id)
        let place = ids.firstIndex(of: focus) ?? 0
        focus = ids[(place + step + ids.count) % ids.count]
    }

    /// Moves within the focused pane, as far as there is something.
    private mutating func scroll(_ action: Action) {
        if let place = layout.places.first(where: { $0.pane.id == focus }) { scroll(action, in: place) }
    }

    mutating func scroll(_ action: Action, in place: Layout.Place) {
        let window = PaneWindow(place, state: self)
        let id = viewID(of: place.pane.id)
        var view = views[id] ?? PaneView()
        let page = max(1, window.height - 1)
        if window.motion == .selects {
            let last = max(0, window.content.lines.count - 1)
            view.selection = Self.moved(min(view.selection, last), by: action, page: page, last: last)
            views[id] = view
            view.top = PaneWindow(place, state: self).top
        } else {
            let top = Self.moved(window.top, by: action, page: page, last: window.lastTop)
            // At its end a pane follows again.
            view.top = window.motion == .followsEnd && top == window.lastTop ? nil : top
        }
        views[id] = view
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
