import Foundation

/// A key of the README's table, which another test keeps equal to the program's.
struct TableKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The parts of the table.
    enum Place: String, Sendable { case panes = "On the panes", dialog = "In a dialog" }

    var place: Place
    /// As the table calls it: `Tab`, `↑`, `k`.
    var name: String

    var description: String { "\(place.rawValue): \(name)" }

    static func < (one: TableKey, other: TableKey) -> Bool { one.description < other.description }

    /// Every key of the table.
    static func all() throws -> Set<TableKey> {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../README.md")
        var keys: Set<TableKey> = []
        var place: Place?
        for line in try String(contentsOf: path, encoding: .utf8).split(separator: "\n") {
            if line == "<!-- /keys -->" { break }
            let cells = line.split(separator: " | ", maxSplits: 1).map { $0.filter { $0 != "|" } }
            guard line.hasPrefix("| "), let first = cells.first else { continue }
            if let part = Place(rawValue: first.trimmingCharacters(in: .whitespaces)) { place = part }
            guard let place, first.contains("`") else { continue }
            for name in first.split(separator: " ") {
                keys.insert(TableKey(place: place, name: name.filter { $0 != "`" }))
            }
        }
        return keys
    }

    /// What tmux calls a key that the table calls otherwise.
    static func tmuxName(of name: String) -> String {
        if let letter = name.wholeMatch(of: /Ctrl-(.)/)?.output.1 { return "C-" + letter.lowercased() }
        let others = [
            "↑": "Up", "↓": "Down", "←": "Left", "→": "Right", "PgUp": "PageUp", "PgDn": "PageDown", "Esc": "Escape",
            "Backspace": "BSpace", "Shift-Tab": "BTab",
        ]
        return others[name] ?? name
    }
}
