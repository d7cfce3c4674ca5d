import Terminal

/// A style by its meaning; where one is optional, nil means the style of what is beneath.
struct Tone: Sendable, Hashable {
    static let muted = Tone(\.muted)
    static let strong = Tone(\.strong)
    static let accent = Tone(\.accent)
    static let good = Tone(\.good)
    static let warning = Tone(\.warning)
    static let bad = Tone(\.bad)
    static let titleFocused = Tone(\.titleFocused)
    static let columnTitle = Tone(\.columnTitle)
    static let key = Tone(\.key)
    static let keyLabel = Tone(\.keyLabel)
    static let input = Tone(\.input)
    static let cursor = Tone(\.cursor)
    static let selection = Tone(\.selection)
    static let chart = Tone(\.sparkline)
    static let button = Tone(\.button)
    static let buttonFocused = Tone(\.buttonFocused)

    private let path: any KeyPath<Theme, Style> & Sendable

    private init(_ path: any KeyPath<Theme, Style> & Sendable) { self.path = path }

    func style(in theme: Theme) -> Style { theme[keyPath: path] }

    static func == (left: Tone, right: Tone) -> Bool { left.path == right.path }
    func hash(into hasher: inout Hasher) { hasher.combine(path) }
}

/// A piece of a line.
struct Span: Sendable, Hashable {
    enum Content: Sendable, Hashable {
        case text(String)
        /// How full something is, coloured by how alarming that is (0 calm, 1 alarming).
        case gauge(fraction: Double, alarm: Double, width: Int)
        case sparkline([Double], width: Int)
        /// How far something has come.
        case progress(fraction: Double, width: Int)
    }

    var content: Content
    var tone: Tone?

    init(_ content: Content, _ tone: Tone? = nil) {
        self.content = content
        self.tone = tone
    }

    init(_ text: String, _ tone: Tone? = nil) { self.init(.text(text), tone) }

    /// The columns that the span takes.
    var width: Int {
        switch content {
        case .text(let text): displayWidth(text)
        case .gauge(_, _, let width), .sparkline(_, let width), .progress(_, let width): max(0, width)
        }
    }
}

/// One line of a pane or a dialog: spans from the left, and some at the right edge that what is left of them gives way to.
struct Line: Sendable, Hashable {
    var spans: [Span]
    var trailing: [Span]
    var isSelected: Bool

    init(_ spans: [Span] = [], trailing: [Span] = [], isSelected: Bool = false) {
        self.spans = spans
        self.trailing = trailing
        self.isSelected = isSelected
    }

    init(_ text: String, _ tone: Tone? = nil) { self.init([Span(text, tone)]) }

    var width: Int { spans.reduce(0) { $0 + $1.width } + trailing.reduce(0) { $0 + $1.width } }

    /// The parts one after another with the separator between them, as many from the first as fit into the width.
    static func joined(_ parts: [[Span]], separator: String, width: Int) -> [Span] {
        var spans: [Span] = []
        var used = 0
        for part in parts where !part.isEmpty {
            let gap = spans.isEmpty ? [] : [Span(separator, .muted)]
            let needed = (gap + part).reduce(0) { $0 + $1.width }
            guard spans.isEmpty || used + needed <= width else { break }
            spans += gap + part
            used += needed
        }
        return spans
    }
}

extension Canvas {
    /// Draws a line into the first row of a rectangle, on that style.
    mutating func draw(_ line: Line, in rect: Rect, base: Style, selection: Style, theme: Theme) {
        let row = Rect(x: rect.x, y: rect.y, width: rect.width, height: min(1, rect.height))
        guard !row.isEmpty else { return }
        let beneath = line.isSelected ? selection : base
        if line.isSelected { fill(row, style: selection) }
        clipped(to: row) { canvas in
            let edge = row.maxX - line.trailing.reduce(0) { $0 + $1.width }
            let room = max(0, edge - row.x - (line.trailing.isEmpty ? 0 : 1))
            canvas.draw(line.spans, x: row.x, y: row.y, room: room, beneath: beneath, theme: theme)
            canvas.draw(
                line.trailing, x: max(row.x, edge), y: row.y, room: row.maxX - max(row.x, edge), beneath: beneath,
                theme: theme)
        }
    }

    private mutating func draw(_ spans: [Span], x: Int, y: Int, room: Int, beneath: Style, theme: Theme) {
        var column = x
        for span in spans {
            let left = x + room - column
            guard left > 0 else { return }
            column += draw(span, x: column, y: y, room: left, beneath: beneath, theme: theme)
        }
    }

    /// Returns the columns that were used.
    private mutating func draw(_ span: Span, x: Int, y: Int, room: Int, beneath: Style, theme: Theme) -> Int {
        let style = span.tone?.style(in: theme) ?? beneath
        switch span.content {
        case .text(let text):
            return put(text, x: x, y: y, style: style, maxWidth: room)
        case .gauge(let fraction, let alarm, let width):
            let shown = min(width, room)
            gauge(x: x, y: y, width: shown, fraction: fraction, style: theme.gauge(fraction: alarm), theme: theme)
            return shown
        case .sparkline(let values, let width):
            sparkline(x: x, y: y, width: min(width, room), values: values, style: theme.sparkline)
            return min(width, room)
        case .progress(let fraction, let width):
            drawProgress(fraction, x: x, y: y, width: min(width, room), style: style, rest: theme.muted)
            return min(width, room)
        }
    }

    private mutating func drawProgress(_ fraction: Double, x: Int, y: Int, width: Int, style: Style, rest: Style) {
        guard width > 0 else { return }
        let share = fraction.isFinite ? min(1, max(0, fraction)) : 0
        let done = min(width, Int(share * Double(width)))
        let hasTip = done < width && share > 0
        put(String(repeating: glyphs.progressDone, count: done), x: x, y: y, style: style, ellipsis: false)
        if hasTip { put(glyphs.progressTip, x: x + done, y: y, style: style, ellipsis: false) }
        let used = done + (hasTip ? 1 : 0)
        put(
            String(repeating: glyphs.progressRest, count: width - used), x: x + used, y: y, style: rest, ellipsis: false
        )
    }
}
