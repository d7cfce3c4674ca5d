import Core
import Terminal

/// Draws a dialog over the panes; on a screen too small for it, the part around the focused field.
struct DialogFrame {
    let dialog: any Dialog
    let state: DashboardState

    private struct Content {
        var lines: [Line] = []
        /// The lines of the focused field.
        var focus = 0..<0
    }

    private static let greatestWidth = 70

    private var glyphs: Glyphs { state.glyphs }

    func draw(on canvas: inout Canvas, theme: Theme) {
        let size = canvas.size
        let hasFrame = size.width >= 24 && size.height >= 5
        let hasFooter = size.height > 2
        let area = Rect(x: 0, y: 0, width: size.width, height: size.height - (hasFooter ? 1 : 0))
        let width = min(Self.greatestWidth, area.width)
        let content = content(width: max(1, width - (hasFrame ? 4 : 0)))
        let wanted = Size(width: width, height: content.lines.count + (hasFrame ? 2 : 0))
        let rect = hasFrame ? area.centered(wanted) : area
        let inside = hasFrame ? rect.inset(x: 2, y: 1) : rect
        let top = top(of: content, height: inside.height)
        canvas.fill(rect, style: theme.dialog)
        if hasFrame { drawFrame(rect, hasMore: top + inside.height < content.lines.count, on: &canvas, theme: theme) }
        for (row, line) in content.lines.dropFirst(top).prefix(inside.height).enumerated() {
            let place = Rect(x: inside.x, y: inside.y + row, width: inside.width, height: 1)
            canvas.draw(line, in: place, base: theme.dialog, selection: theme.selection, theme: theme)
        }
    }

    private func drawFrame(_ rect: Rect, hasMore: Bool, on canvas: inout Canvas, theme: Theme) {
        var look = theme
        look.borderFocused = theme.borderFocused.on(theme.dialog)
        look.titleFocused = theme.dialogTitle.on(theme.dialog)
        canvas.frame(rect, title: dialog.title, footer: hasMore ? glyphs.down : "", isFocused: true, theme: look)
    }

    /// The first line shown: as far up as the focused field allows.
    private func top(of content: Content, height: Int) -> Int {
        let last = max(0, content.lines.count - height)
        guard !dialog.form.fields.isEmpty else { return min(dialog.form.scroll, last) }
        return min(last, max(0, min(content.focus.upperBound - height, content.focus.lowerBound)))
    }

    private func content(width: Int) -> Content {
        var content = Content()
        add(dialog.intro(state), width: width, to: &content)
        let fields = FormView(form: dialog.form, glyphs: glyphs, width: width)
        for index in dialog.form.fields.indices {
            if needsGap(before: index, after: content) { content.lines.append(Line()) }
            let lines = fields.lines(of: index)
            if index == dialog.form.focus { content.focus = fields.focus(in: index, from: content.lines.count) }
            content.lines += lines
        }
        let notes = dialog.notes(state)
        if !notes.isEmpty, !content.lines.isEmpty { content.lines.append(Line()) }
        add(notes, width: width, to: &content)
        return content
    }

    private func needsGap(before index: Int, after content: Content) -> Bool {
        guard !content.lines.isEmpty else { return false }
        switch dialog.form.fields[index] {
        case .text, .choice:
            if index > 0, case .list = dialog.form.fields[index - 1] { return true }
            return index == 0
        case .list:
            // A list below a text is what the text chooses from.
            if index > 0, case .text = dialog.form.fields[index - 1] { return false }
            return true
        case .buttons: return true
        }
    }

    private func add(_ notes: [DialogNote], width: Int, to content: inout Content) {
        for note in notes {
            let indent = displayWidth(note.lead)
            for (row, text) in Wrapping.lines(note.text, width: max(1, width - indent)).enumerated() {
                let lead = row == 0 ? note.lead : String(repeating: " ", count: indent)
                content.lines.append(Line([Span(lead, .key), Span(text, note.tone)]))
            }
        }
    }
}

/// The fields of a form as lines.
struct FormView {
    let form: Form
    let glyphs: Glyphs
    let width: Int

    private static let labelWidth = 9

    func lines(of index: Int) -> [Line] {
        let isFocused = index == form.focus
        switch form.fields[index] {
        case .list(let options, let selected):
            return list(options, at: index).lines(selected: selected, isFocused: isFocused)
        case .choice(let label, let options, let selected):
            return [choice(label, options, selected, isFocused: isFocused)]
        case .text(let label, let input, let placeholder):
            return [text(label, input, placeholder, isFocused: isFocused)]
        case .buttons(let labels, let selected):
            return [buttons(labels, selected, isFocused: isFocused)]
        }
    }

    /// A list below other fields is the shorter one, so that both fit on a small screen.
    private func list(_ options: [Form.Option], at index: Int) -> FormList {
        FormList(
            options: options, titles: form.titles[index], glyphs: glyphs, width: width, mostRows: index == 0 ? 9 : 6)
    }

    /// The lines that have to be seen when the field has the focus.
    func focus(in index: Int, from line: Int) -> Range<Int> {
        if case .list(let options, let selected) = form.fields[index] {
            let row = line + list(options, at: index).row(of: selected)
            return row..<(row + 1)
        }
        return line..<(line + 1)
    }

    private func label(_ label: String, isFocused: Bool) -> Span {
        let columns = min(Self.labelWidth, width / 3)
        let mark = isFocused ? "\(glyphs.pointer) " : "  "
        return Span((mark + label).fitted(to: columns, ellipsis: glyphs.ellipsis) + " ", isFocused ? .accent : .muted)
    }

    private func choice(_ label: String, _ options: [String], _ selected: Int, isFocused: Bool) -> Line {
        let name = options.indices.contains(selected) ? options[selected] : ""
        let arrows = isFocused && options.count > 1
        let (left, right) = glyphs == .ascii ? ("< ", " >") : ("◂ ", " ▸")
        return Line([
            self.label(label, isFocused: isFocused), Span(arrows ? left : "", .key),
            Span(name, isFocused ? .strong : nil), Span(arrows ? right : "", .key),
        ])
    }

    private func text(_ label: String, _ input: TextInput, _ placeholder: String, isFocused: Bool) -> Line {
        let head = self.label(label, isFocused: isFocused)
        let room = max(1, width - head.width)
        let window = input.window(width: room)
        guard isFocused else {
            let shown = input.text.isEmpty ? placeholder : input.text
            return Line([head, Span(shown.fitted(to: room, ellipsis: glyphs.ellipsis), .input)])
        }
        if input.text.isEmpty, room > 1 {
            return Line([
                head, Span(" ", .cursor), Span(placeholder.fitted(to: room - 1, ellipsis: glyphs.ellipsis), .input),
            ])
        }
        let after = window.after.fitted(
            to: max(0, room - displayWidth(window.before) - displayWidth(window.at)), ellipsis: "")
        return Line([head, Span(window.before, .input), Span(window.at, .cursor), Span(after, .input)])
    }

    private func buttons(_ labels: [String], _ selected: Int, isFocused: Bool) -> Line {
        Line(
            labels.enumerated().flatMap { index, label in
                let isChosen = index == selected
                return [
                    Span(isChosen ? "[\(label)]" : " \(label) ", isChosen && isFocused ? .buttonFocused : .button),
                    Span("  "),
                ]
            })
    }
}
