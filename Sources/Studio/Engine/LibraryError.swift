import Configuration
import Core

/// What is wrong with an entry of the library, and where.
struct LibraryError: Error, Hashable, CustomStringConvertible {
    /// The file, as a writer finds it; empty for the library in the program.
    var file = ""
    /// Counts from 1; nil when the fault is in no one line.
    var line: Int?
    var reason: String

    init(_ tree: Tree, _ reason: String) {
        line = tree.position.line
        self.reason = reason
    }

    init(line: Int? = nil, reason: String) {
        self.line = line
        self.reason = reason
    }

    func inFile(_ name: String) -> LibraryError {
        var error = self
        error.file = name
        return error
    }

    var description: String {
        let place = [file, line.map { "line \($0)" } ?? ""].filter { !$0.isEmpty }.joined(separator: ", ")
        return (place.isEmpty ? "" : "\(place): ") + String(reason.prefix(400)).visible()
    }
}

/// How the library reads its documents.
extension Tree {
    subscript(key: String) -> Tree? { entries?.first { $0.key == key }?.value }

    var text: String? { scalar?.text }

    /// Whether a flag is set; throws for what is none.
    func flag(_ key: String) throws(LibraryError) -> Bool {
        guard let tree = self[key] else { return false }
        switch tree.text {
        case "true": return true
        case "false": return false
        default: throw LibraryError(tree, "\(key) is neither true nor false")
        }
    }

    /// A whole number, nil when the key is absent; throws for what is none.
    func number(_ key: String) throws(LibraryError) -> Int? {
        guard let tree = self[key] else { return nil }
        guard let number = tree.text.flatMap({ Int($0) }) else { throw LibraryError(tree, "\(key) is no whole number") }
        return number
    }

    func text(_ key: String, of owner: String) throws(LibraryError) -> String {
        guard let text = self[key]?.text, !text.isEmpty else { throw LibraryError(self, "\(owner) has no \(key)") }
        return text
    }

    /// A text that names something.
    func word(_ key: String, of owner: String) throws(LibraryError) -> String {
        let text = try text(key, of: owner)
        guard text.isShortWord else {
            throw LibraryError(
                self[key] ?? self, "\(owner) has a \(key) that is no word of at most 32 letters, digits, _ and -")
        }
        return text
    }

    /// The entries of a mapping of texts, in their order.
    func lines(_ key: String) throws(LibraryError) -> [PromptLine] {
        guard let tree = self[key] else { return [] }
        guard let entries = tree.entries else { throw LibraryError(tree, "\(key) is no mapping of words to texts") }
        var lines: [PromptLine] = []
        for entry in entries {
            guard let text = entry.value.text else { throw LibraryError(entry.value, "\(entry.key) is no text") }
            lines.append(PromptLine(key: entry.key, value: text))
        }
        return lines
    }

    /// The texts of a list, or the one text that stands in its place; none when the key is absent.
    func texts(_ key: String) throws(LibraryError) -> [String] {
        guard let tree = self[key] else { return [] }
        let texts = (tree.items ?? [tree]).compactMap(\.text)
        guard texts.count == (tree.items?.count ?? 1) else { throw LibraryError(tree, "\(key) is no list of words") }
        return texts
    }

    /// Throws when there is a key that nothing reads: a slip of the pen would change what a loop does, silently.
    func allowOnly(_ keys: Set<String>, of owner: String) throws(LibraryError) {
        guard let entries else { throw LibraryError(self, "\(owner) is no mapping of keys to values") }
        for entry in entries where !keys.contains(entry.key) {
            throw LibraryError(
                line: entry.position.line,
                reason: "\(owner) has the key \(entry.key), which is none of \(keys.sorted().joined(separator: ", "))")
        }
    }
}
