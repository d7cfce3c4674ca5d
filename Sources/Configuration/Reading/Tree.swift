/// A place in a file, both from 1.
package struct Position: Hashable, Comparable, Sendable {
    package var line: Int
    package var column: Int

    static let start = Position(line: 1, column: 1)

    package static func < (left: Position, right: Position) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A YAML document with its positions, aliases and merges resolved.
package struct Tree: Hashable, Sendable {
    package indirect enum Content: Hashable, Sendable {
        case scalar(Scalar)
        case list([Tree])
        case map([Entry])
    }

    package struct Entry: Hashable, Sendable {
        package var key: String
        /// Where the key stands.
        package var position: Position
        package var value: Tree
    }

    package var content: Content
    package var position: Position

    static func map(at position: Position, _ entries: [Entry] = []) -> Tree {
        Tree(content: .map(entries), position: position)
    }

    /// The entries of a map, or of a section that is left empty; nil for anything else.
    package var entries: [Entry]? {
        switch content {
        case .map(let entries): entries
        case .scalar where isNull: []
        case .scalar, .list: nil
        }
    }

    /// The items of a list; nil for anything else.
    package var items: [Tree]? {
        if case .list(let items) = content { items } else { nil }
    }

    package var scalar: Scalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    /// Whether nothing is written: `key:` or `key: null`.
    var isNull: Bool {
        guard let scalar else { return false }
        return scalar.isPlain && YAMLScalar.isNull(scalar.text)
    }

    /// The entry at the end of a path of keys.
    func entry(at path: some Collection<String>) -> Entry? {
        guard let key = path.first, let entry = entries?.first(where: { $0.key == key }) else { return nil }
        return path.count == 1 ? entry : entry.value.entry(at: path.dropFirst())
    }

    /// Takes out the entry at the end of a path of keys.
    mutating func remove(at path: some Collection<String>) {
        guard let key = path.first, case .map(var entries) = content,
            let index = entries.firstIndex(where: { $0.key == key })
        else { return }
        if path.count == 1 {
            entries.remove(at: index)
        } else {
            entries[index].value.remove(at: path.dropFirst())
        }
        content = .map(entries)
    }

    /// Puts a value at the end of a path of keys, making the maps on the way; a value that is there is replaced.
    ///
    /// Returns false, and changes nothing, when something on the way is not a map.
    mutating func set(_ value: Tree, keyAt position: Position, at path: some Collection<String>) -> Bool {
        guard let key = path.first, var entries else { return false }
        let index = entries.firstIndex { $0.key == key } ?? entries.endIndex
        if index == entries.endIndex {
            entries.append(Entry(key: key, position: position, value: .map(at: position)))
        }
        if path.count == 1 {
            entries[index].value = value
            entries[index].position = position
        } else if !entries[index].value.set(value, keyAt: position, at: path.dropFirst()) {
            return false
        }
        content = .map(entries)
        return true
    }
}
