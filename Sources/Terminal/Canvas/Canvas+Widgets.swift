extension Canvas {
    /// Draws a box with its title at the left of the upper border and its footer at the right of the lower one.
    ///
    /// The key that focuses the box stands before the title. What is inside stays. Less than 2×2 cells draw nothing.
    public mutating func frame(
        _ rect: Rect, title: String, key: String = "", footer: String = "", isFocused: Bool = false, theme: Theme
    ) {
        guard rect.width >= 2, rect.height >= 2 else { return }
        let style = isFocused ? theme.borderFocused : theme.border
        let line = String(repeating: glyphs.horizontal, count: rect.width - 2)
        let (left, right, bottom) = (rect.x, rect.maxX - 1, rect.maxY - 1)
        put(glyphs.topLeft + line + glyphs.topRight, x: left, y: rect.y, style: style, ellipsis: false)
        put(glyphs.bottomLeft + line + glyphs.bottomRight, x: left, y: bottom, style: style, ellipsis: false)
        for row in (rect.y + 1)..<max(rect.y + 1, bottom) {
            put(glyphs.vertical, x: left, y: row, style: style)
            put(glyphs.vertical, x: right, y: row, style: style)
        }
        putTitle(title, key: key, in: rect, style: isFocused ? theme.titleFocused : theme.title, theme: theme)
        putFooter(footer, in: rect, style: theme.muted)
    }

    private mutating func putTitle(_ title: String, key: String, in rect: Rect, style: Style, theme: Theme) {
        let room = rect.width - 4
        guard room > 0, !(title.isEmpty && key.isEmpty) else { return }
        let label = key.isEmpty ? "" : key + " "
        put(" ", x: rect.x + 1, y: rect.y, style: style)
        // A title on a ground of its own may have the key's colour for that ground.
        let keyStyle = style.background == nil ? theme.key.on(style) : style
        var used = put(label, x: rect.x + 2, y: rect.y, style: keyStyle, maxWidth: room)
        used += put(title, x: rect.x + 2 + used, y: rect.y, style: style, maxWidth: room - used)
        put(" ", x: rect.x + 2 + used, y: rect.y, style: style)
    }

    private mutating func putFooter(_ footer: String, in rect: Rect, style: Style) {
        let room = rect.width - 6
        guard room > 0, !footer.isEmpty else { return }
        let width = min(room, displayWidth(footer))
        let left = rect.maxX - 5 - width
        put(" ", x: left, y: rect.maxY - 1, style: style)
        let used = put(footer, x: left + 1, y: rect.maxY - 1, style: style, maxWidth: width)
        put(" ", x: left + 1 + used, y: rect.maxY - 1, style: style)
    }

    /// Draws a bar of one line, filled to a fraction (0 to 1, others are cut; not a number counts as 0).
    ///
    /// The filled part has the given style; without one every cell has the theme's gauge colour of its place, so that
    /// the bar gets more alarming the fuller it is.
    public mutating func gauge(x: Int, y: Int, width: Int, fraction: Double, style: Style? = nil, theme: Theme) {
        guard width > 0 else { return }
        let share = fraction.isFinite ? min(1, max(0, fraction)) : (fraction > 0 ? 1 : 0)
        let steps = glyphs.gaugeSteps.count
        // Something never looks like nothing, and almost everything never looks like all.
        let all = width * steps
        var filled = Int((share * Double(all)).rounded())
        if share > 0 { filled = max(1, filled) }
        if share < 1 { filled = min(all - 1, filled) }
        for column in 0..<width {
            let part = min(steps, filled - column * steps)
            if part <= 0 {
                put(glyphs.gaugeTrack, x: x + column, y: y, style: theme.gaugeTrack)
            } else {
                let place = Double(column) / Double(max(1, width - 1))
                put(glyphs.gaugeSteps[part - 1], x: x + column, y: y, style: style ?? theme.gauge(fraction: place))
            }
        }
    }

    /// Draws the last values as a line of bars, the newest at the right, the highest of those shown at full height.
    public mutating func sparkline(x: Int, y: Int, width: Int, values: [Double], style: Style) {
        let shown = values.suffix(max(0, width))
        let highest = shown.max() ?? 0
        let left = x + width - shown.count
        for (offset, value) in shown.enumerated() {
            let height = highest > 0 ? max(0, value) / highest : 0
            let step = Int((height * Double(glyphs.sparks.count - 1)).rounded())
            put(glyphs.sparks[step], x: left + offset, y: y, style: style)
        }
    }
}
