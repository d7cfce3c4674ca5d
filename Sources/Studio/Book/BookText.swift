extension StringProtocol {
    /// The text as a book may hold it: lines end in a line feed, and what could steer a terminal or reorder a line
    /// becomes U+FFFD. Marks that scripts need (joiners, left-to-right and right-to-left marks) stay.
    var bookText: String {
        guard unicodeScalars.contains(where: { !$0.isOfABook }) else { return String(self) }
        var text = String.UnicodeScalarView()
        var isAfterReturn = false
        for scalar in unicodeScalars {
            switch scalar {
            case "\n" where isAfterReturn: break
            case "\r", "\u{85}", "\u{2028}", "\u{2029}": text.append("\n")
            default: text.append(scalar.isOfABook ? scalar : "\u{FFFD}")
            }
            isAfterReturn = scalar == "\r"
        }
        return String(text)
    }

    /// The same on one line, without white space at its ends.
    var bookLine: String { split(whereSeparator: \.isWhitespace).joined(separator: " ").bookText }
}

extension String {
    /// The lines, blank ones too.
    var lines: [Substring] {
        utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Substring($0) }
    }

    /// The paragraphs, which blank lines part; none is blank.
    var paragraphs: [String] {
        var paragraphs: [String] = []
        var lines: [Substring] = []
        for line in self.lines + [""] {
            if !line.allSatisfy(\.isWhitespace) {
                lines.append(line)
            } else if !lines.isEmpty {
                paragraphs.append(lines.joined(separator: "\n"))
                lines = []
            }
        }
        return paragraphs
    }
}

extension Unicode.Scalar {
    fileprivate var isOfABook: Bool {
        switch value {
        case 0x20..<0x7F, 0x0A, 0x09: true
        case ..<0xA0: false
        // Embeddings, overrides and isolates; line and paragraph separators.
        case 0x2028...0x202E, 0x2066...0x2069: false
        case 0xFEFF, 0xFFFE, 0xFFFF: false
        default: true
        }
    }
}

/// Some characters of ASCII, to be looked for among bytes.
struct ASCIISet: Sendable {
    private var bits: (low: UInt64, high: UInt64) = (0, 0)

    init(_ characters: String) {
        for scalar in characters.unicodeScalars where scalar.value < 0x80 {
            if scalar.value < 64 {
                bits.low |= 1 << UInt64(scalar.value)
            } else {
                bits.high |= 1 << UInt64(scalar.value - 64)
            }
        }
    }

    func contains(_ byte: UInt8) -> Bool {
        byte < 64 ? bits.low >> UInt64(byte) & 1 == 1 : byte < 0x80 && bits.high >> UInt64(byte - 64) & 1 == 1
    }
}
