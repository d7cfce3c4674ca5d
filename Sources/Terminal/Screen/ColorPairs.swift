import CNcurses

/// The colour pairs in use, made when they are first needed.
struct ColorPairs {
    private struct Colors: Hashable {
        var foreground: Color?
        var background: Color?
    }

    let palette: Palette
    private var pairs: [Colors: Int32] = [:]

    init(depth: ColorDepth) { palette = Palette(depth: depth) }

    /// What the current ncurses screen can show; to be called once after `newterm`.
    static func startColors(isWanted: Bool) -> ColorDepth {
        guard isWanted, has_colors(), start_color() != -1 else { return .none }
        use_default_colors()
        switch cn_colors() {
        case 0x100_0000...: return .direct
        case 256...: return .indexed256
        case 16...: return .sixteen
        case 8...: return .eight
        default: return .none
        }
    }

    mutating func pair(for style: Style) -> Int32 {
        guard palette.depth != .none, style.foreground != nil || style.background != nil else { return 0 }
        let colors = Colors(foreground: style.foreground, background: style.background)
        if let pair = pairs[colors] { return pair }
        let indices = palette.indices(foreground: colors.foreground, background: colors.background)
        let pair = max(0, alloc_pair(indices.foreground, indices.background))
        pairs[colors] = pair
        return pair
    }
}
