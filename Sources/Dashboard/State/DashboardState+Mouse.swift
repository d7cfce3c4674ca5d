import Terminal

extension DashboardState {
    /// A click selects what it meets, a double click does what Enter does there; the wheel scrolls.
    mutating func point(_ mouse: MouseEvent, isDouble: Bool) -> [Effect] {
        let footer = layout.footer
        if mouse.kind == .press, let footer, footer.contains(x: mouse.x, y: mouse.y) {
            return FooterLine(state: self).key(at: mouse.x, width: footer.width).map { press($0) } ?? []
        }
        guard dialog == nil else { return pointInDialog(mouse, isDouble: isDouble) }
        guard mouse.kind == .press else { return roll(mouse) }
        message = nil
        if layout.topLine.contains(x: mouse.x, y: mouse.y) {
            focus = .loop
            return isDouble ? keymap.binding(of: .fullSize).map { run($0) } ?? [] : []
        }
        guard let place = layout.places.first(where: { $0.rect.contains(x: mouse.x, y: mouse.y) }) else { return [] }
        focus = place.pane.id
        select(mouse.y, in: place)
        return isDouble ? keymap.binding(of: .fullSize).map { run($0) } ?? [] : zoomEffects
    }

    /// Selects the row of a pane that stands in a row of the screen.
    private mutating func select(_ y: Int, in place: Layout.Place) {
        let window = PaneWindow(place, state: self)
        guard window.motion == .selects, let line = window.line(at: y) else { return }
        views[viewID(of: place.pane.id), default: PaneView()].selection = line
    }

    private mutating func roll(_ mouse: MouseEvent) -> [Effect] {
        guard let place = layout.places.first(where: { $0.rect.contains(x: mouse.x, y: mouse.y) }) else { return [] }
        for _ in 0..<Self.rowsOfWheel { scroll(mouse.kind == .wheelUp ? .up : .down, in: place) }
        return []
    }

    private static let rowsOfWheel = 3

    // MARK: Dialogs

    private mutating func pointInDialog(_ mouse: MouseEvent, isDouble: Bool) -> [Effect] {
        guard mouse.kind == .press else { return perform(mouse.kind == .wheelUp ? DialogAction.up : .down) }
        guard var dialog else { return [] }
        let frame = DialogFrame(dialog: dialog, state: self)
        guard let (target, column) = frame.target(x: mouse.x, y: mouse.y) else { return [] }
        let wasSelected = dialog.form.selected(target.field)
        let hadFocus = dialog.form.focus == target.field
        let value = frame.value(at: target, column: column)
        if !dialog.form.isFinder { dialog.form.focus = target.field }
        switch dialog.form.fields[target.field] {
        case .buttons:
            guard let value else { return keep(&dialog, false) }
            dialog.form.choose(value, in: target.field)
            self.dialog = dialog
            return acceptDialog()
        case .list:
            if let value { dialog.form.choose(value, in: target.field) }
            let effects = keep(&dialog, value != nil && value != wasSelected)
            return isDouble && value != nil ? effects + acceptDialog() : effects
        case .choice: return hadFocus ? keep(&dialog, dialog.form.move(.right)) : keep(&dialog, false)
        case .text: return keep(&dialog, false)
        }
    }
}
