import Core

/// An answer as a person reads it.
///
/// Roles answer in JSON: of a scene the title, the text and the choices are read, of other forms every value, one to a
/// line. What is no JSON stays as it is.
enum Prose {
    struct Paragraph: Sendable, Hashable {
        enum Kind: Sendable { case heading, text, choice, detail }

        var kind: Kind
        var text: String
        /// How deep it stands within lists and objects.
        var depth = 0
    }

    static func paragraphs(of answer: String) -> [Paragraph] {
        guard let value = PartialJSON.read(answer) else { return [Paragraph(kind: .text, text: answer)] }
        return paragraphs(of: value)
    }

    static func paragraphs(of value: JSONValue) -> [Paragraph] {
        guard case .object(let object) = value, let text = object["text"]?.string else {
            // A list that is all there is needs no name.
            if let only = value.object?.members.first, value.object?.count == 1, only.value.array != nil {
                return flat(only.value, depth: 0)
            }
            return flat(value, depth: 0)
        }
        var paragraphs: [Paragraph] = []
        if let title = object["title"]?.string, !title.isEmpty {
            paragraphs.append(Paragraph(kind: .heading, text: title))
        }
        paragraphs.append(Paragraph(kind: .text, text: text))
        for choice in object["choices"]?.array ?? [] {
            guard let label = choice["label"]?.string, !label.isEmpty else { continue }
            paragraphs.append(Paragraph(kind: .choice, text: label))
        }
        return paragraphs
    }

    private static func flat(_ value: JSONValue, depth: Int) -> [Paragraph] {
        switch value {
        case .object(let object): object.flatMap { member($0.key, $0.value, depth: depth) }
        case .array(let elements): elements.flatMap { flat($0, depth: depth) }
        default: scalar(value).map { [Paragraph(kind: .text, text: $0, depth: depth)] } ?? []
        }
    }

    private static func member(_ key: String, _ value: JSONValue, depth: Int) -> [Paragraph] {
        if let text = scalar(value) {
            guard !text.isEmpty else { return [] }
            if key == "title" || key == "name" { return [Paragraph(kind: .heading, text: text, depth: depth)] }
            return [Paragraph(kind: .detail, text: "\(key): \(text)", depth: depth)]
        }
        if let elements = value.array, !elements.isEmpty, elements.allSatisfy({ scalar($0) != nil }) {
            let list = elements.compactMap(scalar).joined(separator: ", ")
            return [Paragraph(kind: .detail, text: "\(key): \(list)", depth: depth)]
        }
        let inside = flat(value, depth: depth + 1)
        return inside.isEmpty ? [] : [Paragraph(kind: .detail, text: "\(key):", depth: depth)] + inside
    }

    /// A value that fits on a line; nil for lists and objects.
    private static func scalar(_ value: JSONValue) -> String? {
        switch value {
        case .null: ""
        case .bool(let flag): flag ? "yes" : "no"
        case .number(let number): number.literal
        case .string, .unpairedString: value.string
        case .array, .object: nil
        }
    }
}
