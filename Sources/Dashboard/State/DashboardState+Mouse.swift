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
        guard window.motion.isSelecting, let line = window.line(at: y) else { return }
        select(line, in: window)
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
        let value = frame.value(at: target, column: column)
        let hadFocus = dialog.form.focus == target.field
        if !dialog.form.isFinder { dialog.form.focus = target.field }
        switch dialog.form.fields[target.field] {
        case .buttons, .list:
            return value.map { choose($0, of: target.field, in: dialog, isDouble: isDouble) } ?? keep(&dialog, false)
        case .choice: return keep(&dialog, hadFocus && dialog.form.move(.right))
        case .text: return keep(&dialog, false)
        }
    }

    /// A button acts at once; an option of a list is selected, and a double click takes it.
    private mutating func choose(
        _ value: Int, of field: Int, in dialog: any Dialog, isDouble: Bool
    ) -> [Effect] {
        var dialog = dialog
        let former = dialog.form.selected(field)
        dialog.form.choose(value, in: field)
        if case .buttons = dialog.form.fields[field] {
            self.dialog = dialog
            return acceptDialog()
        }
        let effects = keep(&dialog, value != former)
        return isDouble ? effects + acceptDialog() : effects
    }
}
