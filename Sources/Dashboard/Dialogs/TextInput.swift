import Terminal

/// A line of text that is being typed.
struct TextInput: Sendable, Hashable {
    private(set) var characters: [Character]
    private(set) var caret: Int
    let isNumber: Bool
    private let limit: Int

    init(_ text: String = "", isNumber: Bool = false, limit: Int = 2_000) {
        characters = Array(text.prefix(limit))
        caret = characters.count
        self.isNumber = isNumber
        self.limit = limit
    }

    var text: String { String(characters) }

    /// Returns whether the text has changed.
    mutating func type(_ key: Key) -> Bool {
        switch key {
        case .character(let character): return insert(String(character))
        case .backspace:
            guard caret > 0 else { return false }
            caret -= 1
            characters.remove(at: caret)
            return true
        case .delete:
            guard caret < characters.count else { return false }
            characters.remove(at: caret)
            return true
        case .control("u"):
            defer { (characters, caret) = ([], 0) }
            return !characters.isEmpty
        default: return false
        }
    }

    /// Puts text in where the caret is, lines joined by spaces, as much as there is room for.
    mutating func insert(_ text: String) -> Bool {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        let taken = line.filter { !isNumber || ("0"..."9").contains($0) }.prefix(max(0, limit - characters.count))
        characters.insert(contentsOf: taken, at: caret)
        caret += taken.count
        return !taken.isEmpty
    }

    mutating func moveCaret(by step: Int) { caret = min(max(0, caret + step), characters.count) }
    mutating func moveCaretToStart() { caret = 0 }
    mutating func moveCaretToEnd() { caret = characters.count }

    /// The part around the caret that fits into the width: before the caret, at it, behind it.
    func window(width: Int) -> (before: String, at: String, after: String) {
        let at = caret < characters.count ? String(characters[caret]) : " "
        var room = max(0, width - displayWidth(at))
        var start = caret
        while start > 0, displayWidth(String(characters[start - 1])) <= room {
            start -= 1
            room -= displayWidth(String(characters[start]))
        }
        var end = min(characters.count, caret + 1)
        while end < characters.count, displayWidth(String(characters[end])) <= room {
            room -= displayWidth(String(characters[end]))
            end += 1
        }
        let behind = caret + 1 < end ? String(characters[(caret + 1)..<end]) : ""
        return (String(characters[start..<caret]), at, behind)
    }
}
