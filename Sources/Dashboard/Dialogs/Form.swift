import Terminal

/// The fields of a dialog and which of them has the focus.
struct Form: Sendable, Hashable {
    struct Option: Sendable, Hashable {
        var text: String
        var detail = ""
        /// Whether the detail, or the last figure, tells of a problem.
        var isProblem = false
        /// Stand in columns at the right edge in place of a detail; where there is no room the first give way.
        var figures: [String] = []
    }

    enum Field: Sendable, Hashable {
        /// One of several, each on a line of its own.
        case list([Option], selected: Int)
        /// One of several on one line.
        case choice(label: String, [String], selected: Int)
        case text(label: String, TextInput, placeholder: String)
        case buttons([String], selected: Int)
    }

    var fields: [Field]
    /// What stands above the columns of a list, by the place of its field.
    var titles: [Int: [String]] = [:]
    var focus = 0
    /// Whether the text at the top only finds something in the list below it, which the vertical keys then move in.
    var isFinder = false
    /// The first line shown of a dialog without fields; with fields, how far below the focused one it is read.
    var scroll = 0

    init(_ fields: [Field] = []) { self.fields = fields }

    var focused: Field? { fields.indices.contains(focus) ? fields[focus] : nil }

    /// Whether there is a field to go to.
    var hasFields: Bool { fields.count > 1 && !isFinder }

    /// Whether letters are typed into a field instead of doing something.
    var isTyping: Bool { if case .text = focused { true } else { false } }

    /// The selected place of a list, a choice or a row of buttons; 0 for others.
    func selected(_ field: Int) -> Int {
        guard fields.indices.contains(field) else { return 0 }
        switch fields[field] {
        case .list(_, let selected), .choice(_, _, let selected), .buttons(_, let selected): return selected
        case .text: return 0
        }
    }

    /// What was typed into a field, spaces at both ends left out.
    func text(_ field: Int) -> String {
        guard fields.indices.contains(field), case .text(_, let input, _) = fields[field] else { return "" }
        return input.text.trimmed
    }

    /// Selects a place of a list; does nothing where there is no list.
    mutating func select(_ place: Int, in field: Int) {
        guard fields.indices.contains(field), case .list(let options, _) = fields[field] else { return }
        fields[field] = .list(options, selected: min(max(0, place), max(0, options.count - 1)))
    }

    /// Selects a place of a list, of a choice or of a row of buttons; a button that there is not changes nothing.
    mutating func choose(_ place: Int, in field: Int) {
        guard fields.indices.contains(field) else { return }
        switch fields[field] {
        case .list: select(place, in: field)
        case .choice(let label, let options, _):
            fields[field] = .choice(label: label, options, selected: min(max(0, place), max(0, options.count - 1)))
        case .buttons(let labels, _) where labels.indices.contains(place):
            fields[field] = .buttons(labels, selected: place)
        case .buttons, .text: break
        }
    }

    mutating func setText(_ field: Int, _ text: String) {
        guard fields.indices.contains(field), case .text(let label, _, let placeholder) = fields[field] else { return }
        fields[field] = .text(label: label, TextInput(text), placeholder: placeholder)
    }

    /// Moves as an action says; returns whether a value has changed.
    mutating func move(_ action: DialogAction) -> Bool {
        guard !fields.isEmpty else {
            scroll(action)
            return false
        }
        switch action {
        case .nextField where isFinder, .previousField where isFinder: break
        case .nextField: focus = (focus + 1) % fields.count
        case .previousField: focus = (focus + fields.count - 1) % fields.count
        case .up: return step(-1, isVertical: true)
        case .down: return step(1, isVertical: true)
        case .left: return step(-1, isVertical: false)
        case .right: return step(1, isVertical: false)
        case .top: return step(-1_000, isVertical: !isTyping)
        case .bottom: return step(1_000, isVertical: !isTyping)
        case .pageUp: return page(-1)
        case .pageDown: return page(1)
        case .accept, .close: break
        }
        return false
    }

    /// Most lists show nine rows; a text is one page.
    private mutating func page(_ direction: Int) -> Bool {
        isTyping && !isFinder
            ? step(direction * 1_000, isVertical: false) : step(direction * Self.page, isVertical: true)
    }

    private static let page = 8

    private mutating func scroll(_ action: DialogAction) {
        switch action {
        case .up: scroll -= 1
        case .down: scroll += 1
        case .pageUp: scroll -= 10
        case .pageDown: scroll += 10
        case .top: scroll = 0
        case .bottom: scroll = 10_000
        default: break
        }
        scroll = max(0, scroll)
    }

    private mutating func step(_ step: Int, isVertical: Bool) -> Bool {
        switch fields[focus] {
        case .list(let options, let selected):
            let next = min(max(0, selected + step), max(0, options.count - 1))
            guard isVertical else { return false }
            if next == selected { return leave(step) }
            scroll = 0
            fields[focus] = .list(options, selected: next)
        case .choice(let label, let options, let selected):
            if isVertical { return leave(step) }
            fields[focus] = .choice(label: label, options, selected: wrapped(selected + step, options.count))
        case .buttons(let labels, let selected):
            if isVertical { return leave(step) }
            fields[focus] = .buttons(labels, selected: min(max(0, selected + step), labels.count - 1))
        case .text(let label, var input, let placeholder):
            if isVertical, isFinder { return stepInList(step) }
            if isVertical { return leave(step) }
            input.moveCaret(by: step)
            fields[focus] = .text(label: label, input, placeholder: placeholder)
            return false
        }
        return true
    }

    /// Moves in the list that the text above it finds in.
    private mutating func stepInList(_ step: Int) -> Bool {
        guard case .list(let options, let selected) = fields.last else { return false }
        select(selected + step, in: fields.count - 1)
        return options.count > 1
    }

    /// Up and down lead out of a field that has nothing more there; down from the last one scrolls, so that what stands below
    /// it can be read on a small screen.
    private mutating func leave(_ step: Int) -> Bool {
        let next = min(max(0, focus + step.signum()), fields.count - 1)
        scroll = next == focus && step > 0 ? min(scroll + 1, Self.mostScroll) : 0
        focus = next
        return false
    }

    private static let mostScroll = 40

    private func wrapped(_ place: Int, _ count: Int) -> Int { count > 0 ? ((place % count) + count) % count : 0 }

    /// Types into the focused field; returns whether its text has changed.
    mutating func type(_ body: (inout TextInput) -> Bool) -> Bool {
        guard case .text(let label, var input, let placeholder) = focused else { return false }
        let hasChanged = body(&input)
        fields[focus] = .text(label: label, input, placeholder: placeholder)
        return hasChanged
    }
}

extension String {
    /// Without the spaces at both ends.
    var trimmed: String {
        guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[start...end])
    }
}
