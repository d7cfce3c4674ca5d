import CNcurses
import Glibc

extension Screen {
    /// Shows a canvas; only cells that changed are written, and nothing when none did.
    ///
    /// Returns at once when the terminal does not keep up: then the latest canvas follows as soon as it can take
    /// one. What is larger than the screen is cut.
    public func draw(_ canvas: Canvas) {
        waiting = canvas
        if isWritable { drawWaiting() }
    }

    /// Writes every cell anew, whatever the terminal shows.
    public func redraw() {
        clearok(cn_curscr(), true)
        update()
    }

    func drawWaiting() {
        guard let canvas = waiting else { return }
        waiting = nil
        let isNew = shown?.size != canvas.size
        guard stageChanges(of: canvas) || isNew else { return }
        shown = canvas
        update()
    }

    /// Puts the cells that differ into ncurses' screen; returns whether there are any.
    private func stageChanges(of canvas: Canvas) -> Bool {
        let former = shown?.size == canvas.size ? shown?.cells : nil
        var hasChanged = false
        for row in 0..<min(canvas.size.height, size.height) {
            var before: Style?
            for column in 0..<min(canvas.size.width, size.width) {
                let index = row * canvas.size.width + column
                let cell = canvas.cells[index]
                // To change to a colour that nobody sees takes as many bytes as a word.
                let style = before.flatMap { cell.looksTheSame(in: $0) ? $0 : nil } ?? cell.style
                before = style
                if let former, former[index] == cell { continue }
                stage(cell, in: style, row: row, column: column)
                hasChanged = true
            }
        }
        return hasChanged
    }

    private func stage(_ cell: Cell, in style: Style, row: Int, column: Int) {
        guard cell.width > 0, column + cell.width <= size.width else { return }
        letters.removeAll(keepingCapacity: true)
        for scalar in cell.text.unicodeScalars {
            // One letter and its marks: terminals do not agree on more. Joiners and selectors would ask for more.
            guard letters.isEmpty || (scalar.columns == 0 && !scalar.selectsEmoji) else { continue }
            let letter = isPlain ? plainLetters[scalar] ?? scalar : scalar
            letters.append(wchar_t(bitPattern: letter.value))
        }
        letters.append(0)
        let attributes = cn_attributes(style.bold, style.dim, style.underline, style.reverse)
        cn_put(
            cn_stdscr(), Int32(row), Int32(column), letters, Int32(cell.width), attributes, pairs.pair(for: style))
    }

    private func update() {
        let isMarked = isMarkingFrames && hasModes
        if isMarked { send("\u{1B}[?2026h") }
        wnoutrefresh(cn_stdscr())
        doupdate()
        if isMarked { send("\u{1B}[?2026l") }
    }

    var isWritable: Bool {
        var descriptor = pollfd(fd: options.output, events: Int16(POLLOUT), revents: 0)
        return poll(&descriptor, 1, 0) > 0
    }
}

/// What stands for signs that texts of our own use where the character set is too small for them.
private let plainLetters: [Unicode.Scalar: Unicode.Scalar] = [
    "·": "-", "•": "*", "–": "-", "—": "-", "…": ".", "‘": "'", "’": "'", "“": "\"", "”": "\"", "×": "x",
    "→": ">", "←": "<", "↑": "^", "↓": "v", "▸": ">", "⚠": "!", "✓": "+", "✗": "x",
]

extension Cell {
    /// Whether it is blank, and one with the other style is the same blank.
    fileprivate func looksTheSame(in other: Style) -> Bool {
        text == " " && style.background == other.background
            && !(style.underline || style.reverse || other.underline || other.reverse)
    }
}

extension Unicode.Scalar {
    fileprivate var selectsEmoji: Bool { self == "\u{200D}" || self == "\u{FE0E}" || self == "\u{FE0F}" }
}
