import Core

/// Reads what anybody may have written: what is not as it should be counts as absent.
extension JSONValue {
    /// The text of the first of some keys that has one which is not blank; of a list, its texts as paragraphs.
    func text(_ keys: String...) -> String {
        for key in keys {
            let text = self[key]?.string ?? self[key]?.array?.compactMap(\.string).joined(separator: "\n\n") ?? ""
            if !text.trimmingSpace.isEmpty { return text }
        }
        return ""
    }

    /// A name: a text without white space at its ends, or a number as it is written. Empty for anything else.
    var word: String {
        switch self {
        case .number(let number): number.literal
        default: string?.trimmingSpace ?? ""
        }
    }

    /// The names of the first of some keys that has any, each once: a list of them, or a single one.
    func words(_ keys: String...) -> [String] {
        for key in keys {
            guard let value = self[key] else { continue }
            var seen: Set<String> = []
            let words = (value.array ?? [value]).map(\.word).filter { !$0.isEmpty && seen.insert($0).inserted }
            if !words.isEmpty { return words }
        }
        return []
    }

    /// Whether one of some keys says yes: `true`, 1, "yes".
    func flag(_ keys: String...) -> Bool {
        keys.contains { key in
            guard let value = self[key] else { return false }
            return value.bool ?? ["1", "true", "yes"].contains(value.word.lowercased())
        }
    }
}
