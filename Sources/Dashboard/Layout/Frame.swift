import Core
package import Terminal

extension DashboardState {
    var layout: Layout { Layout(size: size, focus: focus, isFullSize: isFullSize) }

    /// The state as a frame.
    package func canvas(theme: Theme) -> Canvas {
        var canvas = Canvas(size: size, style: theme.text, glyphs: glyphs)
        let layout = layout
        TopLine(state: self).draw(on: &canvas, in: layout.topLine, theme: theme)
        if let summary = layout.summary {
            let line = Summary(state: self).line(width: summary.width)
            canvas.draw(line, in: summary, base: theme.text, selection: theme.selection, theme: theme)
        }
        for place in layout.places { draw(place, on: &canvas, theme: theme) }
        if let footer = layout.footer { FooterLine(state: self).draw(on: &canvas, in: footer, theme: theme) }
        if let dialog { DialogFrame(dialog: dialog, state: self).draw(on: &canvas, theme: theme) }
        return canvas
    }

    private func draw(_ place: Layout.Place, on canvas: inout Canvas, theme: Theme) {
        let window = PaneWindow(place, state: self)
        let isFocused = focus == place.pane.id && dialog == nil
        if window.isFramed {
            let subject = window.content.subject
            let title = place.pane.title + (subject.isEmpty ? "" : " \(canvas.glyphs.separator) \(subject)")
            canvas.frame(
                place.rect, title: title, key: key(.focus(place.pane.id)), footer: window.footer, isFocused: isFocused,
                theme: theme)
        }
        let selection = isFocused ? theme.selection : theme.selectionUnfocused
        for (row, line) in window.lines.enumerated() {
            let rect = Rect(x: window.inside.x, y: window.inside.y + row, width: window.inside.width, height: 1)
            canvas.draw(line, in: rect, base: theme.text, selection: selection, theme: theme)
        }
    }
}

/// The part of a pane's content that its place shows.
struct PaneWindow {
    let pane: Pane.ID
    let inside: Rect
    let isFramed: Bool
    let content: PaneContent
    let motion: Pane.Motion
    private let view: PaneView
    private static let figuresWidth = 76
    private let glyphs: Glyphs

    init(_ place: Layout.Place, state: DashboardState) {
        pane = place.pane.id
        isFramed = place.rect.height >= 3 && place.rect.width >= 6
        var inside = isFramed ? place.rect.inset(x: place.rect.width >= 20 ? 2 : 1, y: 1) : place.rect
        let makeZoom = state.isFullSize ? place.pane.zoom : nil
        // Figures that stand far from their names are hard to read.
        if place.pane.shape == .figures, makeZoom == nil { inside.width = min(inside.width, Self.figuresWidth) }
        self.inside = inside
        let context = PaneContext(state: state, size: inside.size)
        let zoom = makeZoom?.init(context)
        content = zoom?.content ?? place.pane.content(context)
        motion = zoom?.motion ?? place.pane.motion
        view = state.views[state.viewID(of: place.pane.id)] ?? PaneView()
        glyphs = state.glyphs
    }

    /// Rows for what scrolls.
    var height: Int { max(0, inside.height - header.count) }

    /// The column titles, where there is room for more than them.
    private var header: [Line] { inside.height > content.header.count + 1 ? content.header : [] }

    /// The greatest first line.
    var lastTop: Int { max(0, content.lines.count - height) }

    /// The first line shown.
    var top: Int {
        switch motion {
        case .followsEnd: return min(lastTop, view.top ?? (content.isExplanation ? 0 : lastTop))
        case .scrolls: return min(lastTop, view.top ?? 0)
        case .selects, .selectsFromEnd: return top(showing: selection)
        }
    }

    /// The first line shown when that row is selected: the present one, as far as that goes.
    func top(showing selection: Int) -> Int {
        let top = min(lastTop, view.top ?? (motion == .selects ? 0 : lastTop))
        return max(0, min(max(top, selection - height + 1), selection))
    }

    /// The place of the selected row.
    var selection: Int { content.selected ?? min(max(0, view.selection), max(0, content.lines.count - 1)) }

    /// The line of the content that stands in a row of the screen; nil where none does.
    func line(at y: Int) -> Int? {
        let row = y - inside.y - header.count
        guard row >= 0, row < height, top + row < content.lines.count else { return nil }
        return top + row
    }

    var lines: [Line] { Array((header + content.lines.dropFirst(top).prefix(height)).prefix(inside.height)) }

    /// The pane's footer, and whether there is more above or below.
    var footer: String {
        let marks = (top > 0 ? glyphs.up : "") + (top < lastTop ? glyphs.down : "")
        return [content.footer, marks].filter { !$0.isEmpty }.joined(separator: " ")
    }
}
