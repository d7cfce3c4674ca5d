extension Canvas {
    /// Writes one line of text; control characters are made visible, tabs and newlines become spaces.
    ///
    /// It takes `maxWidth` columns at most, without that all up to the edge of the clip; what does not fit ends with an
    /// ellipsis or, without `ellipsis`, with a hard cut. Returns the columns from `x` on that the text takes, whether
    /// or not they could be seen.
    @discardableResult
    public mutating func put(
        _ text: String, x: Int, y: Int, style: Style, maxWidth: Int? = nil, ellipsis: Bool = true
    ) -> Int {
        let limit = max(0, min(maxWidth ?? .max, max(clip.maxX, x) - x))
        guard displayWidth(text, atMost: limit) > limit else {
            return write(text, x: x, y: y, style: style, limit: limit)
        }
        let tail = ellipsis ? String(glyphs.ellipsis.prefix(limit)) : ""
        let used = write(text, x: x, y: y, style: style, limit: limit - tail.count)
        return used + write(tail, x: x + used, y: y, style: style, limit: tail.count)
    }

    private mutating func write(_ text: String, x: Int, y: Int, style: Style, limit: Int) -> Int {
        var used = 0
        let isRowVisible = y >= clip.y && y < clip.maxY
        forEachGrapheme(of: text) { grapheme, width in
            guard used + width <= limit else { return false }
            let column = x + used
            used += width
            if isRowVisible, column >= clip.x, column + width <= clip.maxX {
                set(text: grapheme, width: width, style: style, x: column, y: y)
            }
            return true
        }
        return used
    }
}
