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
        return Line([Span(" ")] + Line.joined(items(width: width).map(\.spans), separator: Self.gap, width: width - 1))
    }

    /// The key that stands at a column; nil where none does.
    func key(at column: Int, width: Int) -> Key? {
        guard state.message == nil || state.dialog != nil else { return nil }
        var left = 1
        for item in items(width: width) {
            guard left + item.width <= width else { return nil }
            if column >= left, column < left + item.width { return item.key }
            left += item.width + Self.gap.count
        }
        return nil
    }

    private static let gap = "  "

    /// A key and what it does.
    private struct Item {
        var key: Key
        var spans: [Span]
        var isOpen = true
        var isHelp = false

        var width: Int { spans.reduce(0) { $0 + $1.width } }
    }

    /// The keys; where there is no room for all of them, those that can do something, and help in any case.
    private func items(width: Int) -> [Item] {
        let all = state.dialog.map(items(of:)) ?? items
        if Self.fit(all, in: width) { return all }
        var open = all.filter(\.isOpen)
        while open.count > 1, !Self.fit(open, in: width), let last = open.lastIndex(where: { !$0.isHelp }) {
            open.remove(at: last)
        }
        return open
    }

    private static func fit(_ items: [Item], in width: Int) -> Bool {
        items.reduce(1 - gap.count) { $0 + $1.width + gap.count } <= width
    }

    private var items: [Item] {
        state.keymap.bindings.filter { $0.footer.counts(whileRunning: state.isRunUnderWay) }.map { binding in
            var item = item(binding.keys[0], binding.label, isOpen: state.obstacle(of: binding) == nil)
            item.isHelp = binding.action == .help
            return item
        }
    }

    private func items(of dialog: any Dialog) -> [Item] {
        KeyTable.dialog.filter { $0.footer != .never && $0.obstacle(state) == nil }.map { binding in
            item(binding.keys[0], binding.action == .accept ? dialog.acceptLabel : binding.label, isOpen: true)
        }
    }

    private func item(_ key: Key, _ label: String, isOpen: Bool) -> Item {
        let spans = [
            Span(key.name(state.glyphs), isOpen ? .key : .muted), Span(" \(label)", isOpen ? .keyLabel : .muted),
        ]
        return Item(key: key, spans: spans, isOpen: isOpen)
    }
}
