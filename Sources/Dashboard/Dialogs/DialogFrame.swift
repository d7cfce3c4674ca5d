import Core
import Terminal

/// Draws a dialog over the panes; on a screen too small for it, the part around the focused field.
struct DialogFrame {
    let dialog: any Dialog
    let state: DashboardState

    /// What a line of the dialog belongs to.
    struct Target {
        var field: Int
        /// The line of the field, from 0.
        var line: Int
    }

    private struct Content {
        var lines: [Line] = []
        /// The lines of the focused field.
        var focus = 0..<0
        /// The fields' lines by their places in `lines`.
        var targets: [Int: Target] = [:]
    }

    /// Where the dialog stands on a screen, and which of its lines are seen.
    private struct Arrangement {
        var rect: Rect
        var inside: Rect
        var hasFrame: Bool
        var content: Content
        var top: Int
    }

    private static let greatestWidth = 70

    private var glyphs: Glyphs { state.glyphs }

    private func arrangement(on size: Size) -> Arrangement {
        let hasFrame = size.width >= 24 && size.height >= 5
        let hasFooter = size.height > 2
        let area = Rect(x: 0, y: 0, width: size.width, height: size.height - (hasFooter ? 1 : 0))
        let width = min(Self.greatestWidth, area.width)
        let content = content(width: max(1, width - (hasFrame ? 4 : 0)))
        let wanted = Size(width: width, height: content.lines.count + (hasFrame ? 2 : 0))
        let rect = hasFrame ? area.centered(wanted) : area
        let inside = hasFrame ? rect.inset(x: 2, y: 1) : rect
        return Arrangement(
            rect: rect, inside: inside, hasFrame: hasFrame, content: content,
            top: top(of: content, height: inside.height))
    }

    func draw(on canvas: inout Canvas, theme: Theme) {
        let place = arrangement(on: canvas.size)
        let rows = place.content.lines.dropFirst(place.top).prefix(place.inside.height)
        canvas.fill(place.rect, style: theme.dialog)
        if place.hasFrame {
            let hasMore = place.top + place.inside.height < place.content.lines.count
            drawFrame(place.rect, hasMore: hasMore, on: &canvas, theme: theme)
        }
        for (row, line) in rows.enumerated() {
            let rect = Rect(x: place.inside.x, y: place.inside.y + row, width: place.inside.width, height: 1)
            canvas.draw(line, in: rect, base: theme.dialog, selection: theme.selection, theme: theme)
        }
    }

    /// The field at a place of the screen and the column within its line; nil where there is none.
    func target(x: Int, y: Int) -> (target: Target, column: Int)? {
        let place = arrangement(on: state.size)
        guard place.inside.contains(x: x, y: y) else { return nil }
        return place.content.targets[place.top + y - place.inside.y].map { ($0, x - place.inside.x) }
    }

    /// What of a field's values stands there; nil where none does.
    func value(at target: Target, column: Int) -> Int? {
        let width = arrangement(on: state.size).inside.width
        return FormView(form: dialog.form, glyphs: glyphs, width: width)
            .value(of: target.field, line: target.line, column: column)
    }

    private func drawFrame(_ rect: Rect, hasMore: Bool, on canvas: inout Canvas, theme: Theme) {
        var look = theme
        look.borderFocused = theme.borderFocused.on(theme.dialog)
        look.titleFocused = theme.dialogTitle.on(theme.dialog)
        canvas.frame(rect, title: dialog.title, footer: hasMore ? glyphs.down : "", isFocused: true, theme: look)
    }

    /// The first line shown: as far up as the focused field allows, and as far down as was scrolled.
    private func top(of content: Content, height: Int) -> Int {
        let last = max(0, content.lines.count - height)
        guard !dialog.form.fields.isEmpty else { return min(dialog.form.scroll, last) }
        let top = max(0, min(content.focus.upperBound - height, content.focus.lowerBound))
        return min(last, top + dialog.form.scroll)
    }

    private func content(width: Int) -> Content {
        var content = Content()
        add(dialog.intro(state), width: width, to: &content)
        let fields = FormView(form: dialog.form, glyphs: glyphs, width: width)
        for index in dialog.form.fields.indices {
            if needsGap(before: index, after: content) { content.lines.append(Line()) }
            let lines = fields.lines(of: index)
            if fields.isFocused(index) { content.focus = fields.focus(in: index, from: content.lines.count) }
            for line in lines.indices {
                content.targets[content.lines.count + line] = Target(field: index, line: line)
            }
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
        let isFocused = isFocused(index)
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

    /// Whether keys work on a field: in a finder they do on the list while its text has the focus.
    func isFocused(_ index: Int) -> Bool {
        index == form.focus || (form.isFinder && index == form.fields.count - 1)
    }

    /// A list below other fields is the shorter one, so that both fit on a small screen; that of a finder keeps its height.
    private func list(_ options: [Form.Option], at index: Int) -> FormList {
        FormList(
            options: options, titles: form.titles[index], glyphs: glyphs, width: width,
            mostRows: index == 0 || form.isFinder ? 9 : 6, fewestRows: form.isFinder ? 9 : 0)
    }

    /// The lines that have to be seen when the field has the focus.
    func focus(in index: Int, from line: Int) -> Range<Int> {
        if case .list(let options, let selected) = form.fields[index] {
            let row = line + list(options, at: index).row(of: selected)
            return row..<(row + 1)
        }
        return line..<(line + 1)
    }

    /// The option or the button that stands in a line of a field, and in the column where several share the line.
    func value(of index: Int, line: Int, column: Int) -> Int? {
        switch form.fields[index] {
        case .list(let options, let selected):
            return list(options, at: index).option(inLine: line, selected: selected)
        case .buttons(let labels, _):
            var left = 0
            return labels.firstIndex { label in
                defer { left += displayWidth(label) + 4 }
                return column >= left && column < left + displayWidth(label) + 2
            }
        case .choice, .text: return nil
        }
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
