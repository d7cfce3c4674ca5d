import Yams

/// The form of an answer: what the model is told to write, how that is read, and which artifact it becomes.
struct Form: Hashable, Sendable {
    var name: String
    /// The type of the artifacts; nil when the answer is none.
    var artifact: String?
    /// What the ids of such artifacts begin with.
    var prefix: String
    /// The list of which every item becomes an artifact of its own; nil when the whole answer is one.
    var each: String?
    /// The answer's JSON; nil for plain text.
    var shape: Shape?
    /// Keys that every new artifact of the form gets.
    var adds: [PromptLine]
    /// What the model is told, after the machine-readable lines.
    var instruction: String

    init(name: String, node: Node) throws {
        self.name = name
        artifact = node["artifact"]?.string
        each = node["each"]?.string
        prefix = node["prefix"]?.string ?? name.uppercased()
        shape = try node["fields"].map { try Shape(node: $0, of: name) }
        adds = node.lines("adds")
        let example = node["example"]?.string.map { "\nExample:\n\($0)" } ?? ""
        instruction = try node.text("says", of: name) + example
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

    init(node: Node, of form: String) throws {
        if let mapping = node.mapping {
            self = .object(try mapping.map { try Field(key: $0.string ?? "", node: $1, of: form) })
        } else if let items = node.sequence, let item = items.first, items.count == 1 {
            self = .list(try Shape(node: item, of: form))
        } else if let word = node.string, word.contains("|") {
            self = .word(word.split(separator: "|").map { $0.trimmingSpace })
        } else if node.string == "text" {
            self = .text
        } else if node.string == "flag" {
            self = .flag
        } else {
            throw LibraryError(reason: "the form \(form) has a field of no known shape")
        }
    }
}

extension Shape.Field {
    fileprivate init(key: String, node: Node, of form: String) throws {
        isOptional = key.hasSuffix("?")
        isFilled = key.hasSuffix("+")
        self.key = isOptional || isFilled ? String(key.dropLast()) : key
        shape = try Shape(node: node, of: form)
    }
}
