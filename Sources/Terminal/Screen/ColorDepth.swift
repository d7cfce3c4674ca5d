/// How many colours a terminal can show.
public enum ColorDepth: Hashable, Sendable {
    case none, eight, sixteen, indexed256, direct

    /// The terminal's colours (index and look) that a theme's colour may become; empty for none and 24 bits.
    ///
    /// Of 256 the first 16 are left out: users choose those themselves.
    fileprivate var candidates: [(index: Int32, color: Color)] {
        switch self {
        case .none, .direct: []
        case .eight: Array(ansi.prefix(8))
        case .sixteen: ansi
        case .indexed256: cube + greys
        }
    }
}

/// Finds a terminal's colours for those of a theme.
struct Palette {
    /// The colours as ncurses numbers them; -1 is the terminal's own.
    struct Indices: Hashable {
        var foreground: Int32
        var background: Int32
    }

    private struct Candidate {
        var index: Int32
        var color: Color
        var lab: OKLab
    }

    let depth: ColorDepth
    private let candidates: [Candidate]

    init(depth: ColorDepth) {
        self.depth = depth
        candidates = depth.candidates.map { Candidate(index: $0.index, color: $0.color, lab: OKLab($0.color)) }
    }

    /// The nearest colours that differ as clearly as the theme's do, up to what reading needs.
    func indices(foreground: Color?, background: Color?) -> Indices {
        let behind = background.flatMap { nearest(to: $0) }
        guard let foreground, depth != .direct else {
            return Indices(foreground: direct(foreground), background: behind?.index ?? direct(background))
        }
        let contrast = background.map { min(legible, Color.contrast(foreground, $0)) } ?? 1
        let front = nearest(to: foreground) { candidate in
            guard let behind else { return true }
            return Color.contrast(candidate, behind.color) >= contrast
        }
        return Indices(foreground: front?.index ?? -1, background: behind?.index ?? -1)
    }

    /// The look of an index, as far as the terminal's user has not changed it.
    func color(at index: Int32) -> Color? { candidates.first { $0.index == index }?.color }

    private func nearest(to color: Color, where isFitting: (Color) -> Bool = { _ in true }) -> Candidate? {
        let lab = OKLab(color)
        return candidates.filter { isFitting($0.color) }
            .min { $0.lab.squaredDistance(to: lab) < $1.lab.squaredDistance(to: lab) }
    }

    private func direct(_ color: Color?) -> Int32 {
        guard let color, depth == .direct else { return -1 }
        // Direct-colour entries keep the numbers below 8 for the palette.
        return max(8, Int32(color.red) << 16 | Int32(color.green) << 8 | Int32(color.blue))
    }
}

/// The contrast that WCAG 2 asks of text.
private let legible = 4.5

/// The first sixteen as xterm shows them.
private let ansi: [(index: Int32, color: Color)] = [
    0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
    0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
].enumerated().map { (Int32($0), Color(packed: $1)) }

/// Colours 16 to 231: six levels each of red, green and blue.
private let cube: [(index: Int32, color: Color)] = (0..<216).map { place in
    let levels: [UInt8] = [0, 95, 135, 175, 215, 255]
    return (
        Int32(16 + place), Color(red: levels[place / 36], green: levels[place / 6 % 6], blue: levels[place % 6])
    )
}

/// Colours 232 to 255.
private let greys: [(index: Int32, color: Color)] = (0..<24).map { step in
    let level = UInt8(8 + 10 * step)
    return (Int32(232 + step), Color(red: level, green: level, blue: level))
}

extension Color {
    fileprivate init(packed: Int) {
        self.init(red: UInt8(packed >> 16 & 0xFF), green: UInt8(packed >> 8 & 0xFF), blue: UInt8(packed & 0xFF))
    }
}
