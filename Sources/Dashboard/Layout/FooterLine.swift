import Terminal

/// The line at the bottom: a message until the next key, else the keys.
struct FooterLine {
    var state: DashboardState

    func draw(on canvas: inout Canvas, in rect: Rect, theme: Theme) {
        canvas.draw(line(width: rect.width), in: rect, base: theme.text, selection: theme.selection, theme: theme)
    }

    func line(width: Int) -> Line {
        if let message = state.message, state.dialog == nil {
            return Line([Span(" "), Span(message.text, message.isError ? .bad : .good)])
        }
        let keys =
            state.dialog == nil
            ? KeyTable.main.filter(\.isInFooter).map(key)
            : KeyTable.dialog.filter { $0.isInFooter && $0.obstacle(state) == nil }.map(key)
        return Line([Span(" ")] + Line.joined(keys, separator: "  ", width: width - 1))
    }

    private func key<Action>(_ binding: KeyBinding<Action>) -> [Span] {
        let isOpen = binding.obstacle(state) == nil
        let name = binding.keys[0].name(state.glyphs)
        let label = state.dialog?.acceptLabel ?? binding.label
        let text = binding.keys == [.enter] && state.dialog != nil ? label : binding.label
        return [Span(name, isOpen ? .key : .muted), Span(" \(text)", isOpen ? .keyLabel : .muted)]
    }
}
