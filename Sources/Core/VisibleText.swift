extension StringProtocol {
    /// The text with every character that could steer a terminal or reorder a line made visible.
    ///
    /// Control characters become their pictures (`␛` for escape), bidirectional overrides, C1 controls and other
    /// invisible format characters become `⟨U+202E⟩`. Newlines and tabs stay when `keepingLines` is true,
    /// else they become spaces. Zero-width joiners and variation selectors stay: emoji need them.
    public func visible(keepingLines: Bool = false) -> String {
        guard unicodeScalars.contains(where: { !$0.isHarmless }) else { return String(self) }
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if scalar.isHarmless {
                result.append(scalar)
            } else if scalar == "\n" || scalar == "\t" {
                result.append(keepingLines ? scalar : " ")
            } else {
                result.append(contentsOf: scalar.picture.unicodeScalars)
            }
        }
        return String(result)
    }
}

extension Unicode.Scalar {
    fileprivate var isHarmless: Bool {
        if value >= 0x20 && value < 0x7F { return true }
        if self == "\u{200D}" { return true }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return false
        default: return true
        }
    }

    fileprivate var picture: String {
        if value < 0x20, let picture = Unicode.Scalar(0x2400 + value) { return String(Character(picture)) }
        if value == 0x7F { return "␡" }
        let digits = String(value, radix: 16, uppercase: true)
        return "⟨U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "⟩"
    }
}
