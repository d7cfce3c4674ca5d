import Core
import Terminal

/// Breaks text into lines of at most a width, between words where it can. What could steer the terminal is made visible.
enum Wrapping {
    static func lines(_ text: String, width: Int) -> [String] {
        guard width > 0 else { return [] }
        let visible = text.visible(keepingLines: true)
        return visible.split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph in
            fill(paragraph, width: width)
        }
    }

    /// The text on one line, made visible, each stretch of space as one.
    static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ").visible()
    }

    /// A line as it stands, cut where the width ends, its spaces kept and what could steer the terminal made visible.
    static func verbatim(_ line: String, width: Int) -> [String] {
        let pieces = cut(line.visible()[...], width: max(1, width))
        return pieces.isEmpty ? [""] : pieces
    }

    private static func fill(_ paragraph: Substring, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var used = 0
        for word in paragraph.split(whereSeparator: { $0 == " " || $0 == "\t" }) {
            let columns = displayWidth(String(word))
            if used > 0, used + 1 + columns <= width {
                line += " " + word
                used += 1 + columns
                continue
            }
            if used > 0 { lines.append(line) }
            let pieces = columns <= width ? [String(word)] : cut(word, width: width)
            lines += pieces.dropLast()
            line = pieces.last ?? ""
            used = displayWidth(line)
        }
        if used > 0 || lines.isEmpty { lines.append(line) }
        return lines
    }

    /// Pieces of a text that are no wider than a line.
    private static func cut(_ word: Substring, width: Int) -> [String] {
        var pieces: [String] = []
        var piece = ""
        var used = 0
        for character in word {
            let columns = displayWidth(String(character))
            if used + columns > width, !piece.isEmpty {
                pieces.append(piece)
                piece = ""
                used = 0
            }
            piece.append(character)
            used += columns
        }
        return piece.isEmpty ? pieces : pieces + [piece]
    }
}
