import Configuration

/// The form of an answer: what the model is told to write, how that is read, and which artifact it becomes.
struct Form: Hashable, Sendable {
    var name: String
    /// The type of the artifacts; nil when the answer is a working note.
    var artifact: String?
    /// What the ids of such artifacts begin with.
    var prefix: String
    /// The list of which every item becomes an artifact of its own; nil when the whole answer is one.
    var each: String?
    /// The list of which every item names by `id` an artifact that was read, and what changes in it.
    var updates: String?
    /// Whether the answer changes keys of the artifact that it revises, and leaves the others.
    var merges: Bool
    /// Whether the role may ask the writer a question in place of an answer.
    var mayAsk: Bool
    /// The keys that go into a second artifact, and its type.
    var split: Split?
    /// The answer's JSON; nil for plain text.
    var shape: Shape?
    /// Keys that every new artifact of the form gets.
    var adds: [PromptLine]
    /// What the model is told, after the machine-readable lines.
    var instruction: String

    struct Split: Hashable, Sendable {
        var type: String
        var keys: [String]
    }

    private static let keys: Set<String> = [
        "artifact", "prefix", "each", "updates", "merges", "splits", "fields", "adds", "says", "example",
        "may_ask",
    ]

    init(name: String, tree: Tree) throws(LibraryError) {
        let owner = "the form \(name)"
        try tree.allowOnly(Self.keys, of: owner)
        self.name = name
        artifact = tree["artifact"]?.text
        each = tree["each"]?.text
        updates = tree["updates"]?.text
        merges = try tree.flag("merges")
        mayAsk = try tree.flag("may_ask")
        if let splits = tree["splits"] {
            guard let entry = splits.entries?.first, splits.entries?.count == 1 else {
                throw LibraryError(splits, "splits is no mapping of one type to keys")
            }
            split = Split(type: entry.key, keys: try splits.texts(entry.key))
        }
        prefix = tree["prefix"]?.text ?? (artifact ?? "note").uppercased()
        guard prefix.isShortWord else {
            throw LibraryError(tree, "\(owner) needs a prefix for ids: at most 32 letters, digits, _ and -")
        }
        shape = try tree["fields"].map { fields throws(LibraryError) in
            let shape = try Shape(tree: fields, of: name)
            guard case .object = shape else { throw LibraryError(fields, "the fields of \(owner) are no mapping") }
            return shape
        }
        adds = try tree.lines("adds")
        let example = tree["example"]?.text.map { "\nExample:\n\($0)" } ?? ""
        instruction = try tree.text("says", of: owner) + example
        for (key, list) in [("each", each), ("updates", updates)] {
            guard let list, shape?.hasList(list) != true else { continue }
            throw LibraryError(tree[key] ?? tree, "\(owner) has no list \(list) of objects among its fields")
        }
        if let updates, shape?.namesItems(of: updates) != true {
            throw LibraryError(tree["updates"] ?? tree, "the items of \(updates) have no `id: text` among their fields")
        }
    }
}

/// The shape of a JSON value in an answer.
indirect enum Shape: Hashable, Sendable {
    /// A text that is not blank.
    case text
    case flag
    /// One of some words.
    case word([String])
    case list(Shape)
    case object([Field])

    struct Field: Hashable, Sendable {
        var key: String
        var shape: Shape
        var isOptional: Bool
        /// Whether a list must have an item.
        var isFilled: Bool
    }

    init(tree: Tree, of form: String) throws(LibraryError) {
        if let items = tree.items, let item = items.first, items.count == 1 {
            self = .list(try Shape(tree: item, of: form))
        } else if let word = tree.text, word.contains("|") {
            let words = word.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingSpace }
            guard words.allSatisfy(\.isShortWord) else {
                throw LibraryError(tree, "the form \(form) has a choice of words that are no words: \(word)")
            }
            self = .word(words)
        } else if tree.text == "text" {
            self = .text
        } else if tree.text == "flag" {
            self = .flag
        } else if tree.scalar == nil, let entries = tree.entries, !entries.isEmpty {
            var fields: [Field] = []
            for entry in entries {
                let field = try Field(key: entry.key, tree: entry.value, of: form)
                guard !fields.contains(where: { $0.key == field.key }) else {
                    throw LibraryError(entry.value, "the form \(form) has two fields \(field.key)")
                }
                fields.append(field)
            }
            self = .object(fields)
        } else {
            throw LibraryError(
                tree, "the form \(form) has a field of no known shape; there are text, flag, a | b and […]")
        }
    }

    /// Whether the items of a list say which artifact they are about.
    fileprivate func namesItems(of key: String) -> Bool {
        guard case .object(let fields) = self, let field = fields.first(where: { $0.key == key }),
            case .list(.object(let items)) = field.shape
        else { return false }
        return items.contains { $0.key == "id" && $0.shape == .text && !$0.isOptional }
    }

    fileprivate func hasList(_ key: String) -> Bool {
        guard case .object(let fields) = self else { return false }
        return fields.contains { field in
            guard field.key == key, case .list(.object) = field.shape else { return false }
            return true
        }
    }
}

extension Shape.Field {
    fileprivate init(key: String, tree: Tree, of form: String) throws(LibraryError) {
        isOptional = key.hasSuffix("?")
        isFilled = key.hasSuffix("+")
        self.key = isOptional || isFilled ? String(key.dropLast()) : key
        guard !self.key.isEmpty else { throw LibraryError(tree, "the form \(form) has a field without a name") }
        shape = try Shape(tree: tree, of: form)
        if isFilled, case .list = shape { return }
        guard !isFilled else {
            throw LibraryError(tree, "\(key) of the form \(form) is no list, which alone may end in +")
        }
    }
}
