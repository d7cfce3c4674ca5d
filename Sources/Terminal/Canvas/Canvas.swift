import Core

/// A grid of cells that panes draw on: pure, so that a frame can be compared as text.
///
/// Whatever lies outside is clipped, no control character can get into a cell, and half of a wide grapheme never
/// stays behind. Where a style leaves a colour open, text takes the one that is already in the cell and a
/// filled area takes the canvas's own; text also stays reversed on a reversed area.
public struct Canvas: Sendable {
    public let size: Size
    public let glyphs: Glyphs
    /// Nothing outside of this rectangle changes; see ``clipped(to:_:)``.
    public private(set) var clip: Rect
    private(set) var cells: [Cell]
    private let base: Style

    /// A canvas covered with a style, usually a theme's `text`, whose frames, gauges and cut texts are drawn with
    /// these glyphs.
    public init(size: Size, style: Style = .plain, glyphs: Glyphs = .unicode) {
        self.size = size
        self.glyphs = glyphs
        base = style
        clip = Rect(size)
        cells = Array(repeating: Cell(text: " ", width: 1, style: style), count: size.width * size.height)
    }

    /// The whole canvas.
    public var bounds: Rect { Rect(size) }

    /// The cell in that column and row; a blank one outside.
    public subscript(x: Int, y: Int) -> Cell {
        guard bounds.contains(x: x, y: y) else { return Cell(text: " ", width: 1, style: base) }
        return cells[y * size.width + x]
    }

    /// Draws with everything outside of the rectangle protected.
    public mutating func clipped(to rect: Rect, _ body: (inout Canvas) -> Void) {
        let outer = clip
        clip = outer.intersection(rect)
        body(&self)
        clip = outer
    }

    /// Covers an area with one character (of one column) in one style.
    public mutating func fill(_ rect: Rect, style: Style, character: Character = " ") {
        var style = style
        style.foreground = style.foreground ?? base.foreground
        style.background = style.background ?? base.background
        let text = String(character)
        let blank = Cell(text: displayWidth(text) == 1 && text.visible() == text ? text : " ", width: 1, style: style)
        let area = rect.intersection(clip)
        for row in area.y..<max(area.y, area.maxY) {
            for column in area.x..<max(area.x, area.maxX) { set(blank, x: column, y: row) }
        }
    }

    /// The text of each row: wide graphemes once, no spaces at the end.
    public var lines: [String] {
        (0..<size.height).map { row in
            var line = ""
            for column in 0..<size.width { line += cells[row * size.width + column].text }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// Sets one grapheme whose columns all lie within the clip.
    mutating func set(text: String, width: Int, style: Style, x: Int, y: Int) {
        let beneath = cells[y * size.width + x].style
        var style = style
        style.foreground = style.foreground ?? beneath.foreground
        style.background = style.background ?? beneath.background
        style.reverse = style.reverse || beneath.reverse
        set(Cell(text: text, width: width, style: style), x: x, y: y)
        if width == 2 { set(Cell(text: "", width: 0, style: style), x: x + 1, y: y) }
    }

    private mutating func set(_ cell: Cell, x: Int, y: Int) {
        let index = y * size.width + x
        let old = cells[index]
        // The other half of a wide grapheme that loses this one becomes a blank.
        if old.width == 2, x + 1 < size.width, cells[index + 1].width == 0 {
            cells[index + 1] = Cell(text: " ", width: 1, style: old.style)
        } else if old.width == 0, cell.width != 0, x > 0 {
            cells[index - 1] = Cell(text: " ", width: 1, style: cells[index - 1].style)
        }
        cells[index] = cell
    }
}
