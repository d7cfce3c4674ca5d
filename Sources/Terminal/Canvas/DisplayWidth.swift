import Core

/// The columns that a text takes on one line of a ``Canvas``, its control characters made visible first.
public func displayWidth(_ text: String) -> Int { displayWidth(text, atMost: .max) }

/// As ``displayWidth(_:)``, but stops counting once the limit is passed; then the result is above it.
func displayWidth(_ text: String, atMost limit: Int) -> Int {
    if text.isPlainASCII { return text.utf8.count }
    var width = 0
    forEachGrapheme(of: text) { _, columns in
        width += columns
        return width <= limit
    }
    return width
}

/// Calls the body with each piece of text that takes cells of its own and its columns (1 or 2), until it returns false.
///
/// Emoji sequences stay whole. Other clusters with several letters (Indic scripts) come letter by letter, each with
/// its marks, as terminals count them. A mark without a letter gets a dotted circle.
func forEachGrapheme(of text: String, _ body: (String, Int) -> Bool) {
    for character in text {
        if let ascii = character.asciiValue, ascii >= 0x20, ascii < 0x7F {
            guard body(String(character), 1) else { return }
            continue
        }
        if character.isLineOrBlock {
            guard body(String(character), 1) else { return }
            continue
        }
        // A cluster of thousands of marks is an attack, not a letter.
        let bounded = String(String.UnicodeScalarView(character.unicodeScalars.prefix(longestCluster)))
        for visible in bounded.visible() {
            guard forEachUnit(of: visible, body) else { return }
        }
    }
}

private let longestCluster = 16
private let longestLetter = 5

private func forEachUnit(of character: Character, _ body: (String, Int) -> Bool) -> Bool {
    if character.isEmojiSequence { return body(String(character), 2) }
    var unit = String.UnicodeScalarView()
    var width = 0
    for scalar in character.unicodeScalars {
        let columns = scalar.columns
        if columns > 0, !unit.isEmpty {
            guard body(String(unit), width) else { return false }
            unit.removeAll()
        }
        if unit.isEmpty {
            if columns == 0 { unit.append("\u{25CC}") }
            width = max(1, columns)
        }
        if unit.count < longestLetter { unit.append(scalar) }
    }
    return body(String(unit), width)
}

extension String {
    /// Printable ASCII only: as many cells as bytes, nothing to make visible.
    var isPlainASCII: Bool { utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } }
}

extension Character {
    /// Of what frames, gauges and charts are made: one column each, nothing to make visible. Most of a frame's letters
    /// beside ASCII are these.
    fileprivate var isLineOrBlock: Bool {
        let scalars = unicodeScalars
        guard let first = scalars.first, (0x2500...0x259F).contains(first.value) else { return false }
        return scalars.count == 1
    }

    /// Joined, toned or asked to be shown as a picture: two columns, whatever it is made of. A flag is two letters of
    /// one column each, which a terminal that has flags joins.
    fileprivate var isEmojiSequence: Bool {
        let scalars = unicodeScalars
        guard let first = scalars.first, scalars.count > 1, first.properties.isEmoji else { return false }
        return scalars.dropFirst().contains {
            $0 == "\u{FE0F}" || $0.properties.isEmojiModifier || $0 == "\u{200D}"
        }
    }
}

extension Unicode.Scalar {
    private var isRegionalIndicator: Bool { value >= 0x1F1E6 && value <= 0x1F1FF }

    /// The columns of a scalar by itself: 0 for marks that join what is before them, 2 for wide ones, else 1.
    var columns: Int {
        if value < 0x300 { return 1 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        if isJoiningJamo { return 0 }
        if isRegionalIndicator { return 1 }
        return properties.isEmojiPresentation || isEastAsianWide ? 2 : 1
    }

    /// Vowels and final consonants, which stand in the cells of the consonant before them.
    private var isJoiningJamo: Bool {
        (value >= 0x1160 && value <= 0x11FF) || (value >= 0xD7B0 && value <= 0xD7FF)
    }

    private var isEastAsianWide: Bool {
        guard value >= 0x1100 else { return false }
        return eastAsianWide.contains { $0.contains(value) }
    }
}

/// East_Asian_Width W and F of Unicode 15 without the emoji, gaps of unassigned code points closed.
private let eastAsianWide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0x4DBF, 0x4E00...0xA4C6,
    0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60,
    0xFFE0...0xFFE6, 0x16FE0...0x1B2FB, 0x1F200...0x1F265, 0x20000...0x3FFFD,
]
