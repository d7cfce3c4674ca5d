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
        return Line([Span(" ")] + Line.joined(keys, separator: "  ", width: width - 1))
    }

    private var keys: [[Span]] {
        let isRunning = state.isRunUnderWay
        guard let dialog = state.dialog else {
            return KeyTable.main.filter { $0.footer.counts(whileRunning: isRunning) }.map { key($0) }
        }
        return KeyTable.dialog.filter { $0.footer.counts(whileRunning: isRunning) && $0.obstacle(state) == nil }
            .map { key($0, label: $0.action == .accept ? dialog.acceptLabel : nil) }
    }

    private func key<Command>(_ binding: KeyBinding<Command>, label: String? = nil) -> [Span] {
        let isOpen = binding.obstacle(state) == nil
        return [
            Span(binding.keys[0].name(state.glyphs), isOpen ? .key : .muted),
            Span(" \(label ?? binding.label)", isOpen ? .keyLabel : .muted),
        ]
    }
}
