import Core

/// Why an answer cannot be read as its form, in words for the writer.
struct UnreadableAnswer: Error, Hashable, CustomStringConvertible {
    var reason: String
    var description: String { reason }

    init(_ reason: String) { self.reason = reason }
}

extension Shape {
    /// The longest text that is taken from an answer, in bytes: far above what `max_tokens` lets through.
    private static let textLimit = 1 << 20

    /// The value in this shape: what the shape does not name is dropped, what is harmless is mended.
    ///
    /// Mended are numbers for texts, a single value for a list, an absent list (empty) and a word's case.
    /// `path` names the value in the reason of the error.
    func read(_ value: JSONValue, at path: String = "") throws(UnreadableAnswer) -> JSONValue {
        switch self {
        case .text: return .string(try Self.text(value, at: path))
        case .flag: return .bool(try Self.flag(value, at: path))
        case .word(let words):
            let text = try Self.text(value, at: path)
            let spelled = text.lowercased().split { $0 == " " || $0 == "-" || $0 == "_" }.joined(separator: "_")
            guard words.contains(spelled) else {
                throw UnreadableAnswer("\(path) is \"\(text.prefix(40))\", not one of \(words.joined(separator: ", "))")
            }
            return .string(spelled)
        case .list(let item):
            var result: [JSONValue] = []
            for (index, value) in (value.array ?? (value.isNull ? [] : [value])).enumerated() {
                result.append(try item.read(value, at: "\(path)[\(index)]"))
            }
            return .array(result)
        case .object(let fields): return .object(try Self.object(value, fields: fields, at: path))
        }
    }

    /// The answer as an object, where a model wrote the only list that the shape must have, or one item of it, in its place.
    func whole(_ answer: JSONValue) -> JSONValue {
        guard case .object(let fields) = self else { return answer }
        let required = fields.filter { !$0.isOptional }
        guard required.count == 1, let list = required.first, list.isFilled, case .list(let item) = list.shape,
            answer[list.key] == nil
        else { return answer }
        let isItem = (try? item.read(answer)) != nil
        return answer.array != nil || isItem ? .object(JSONObject([(list.key, answer)])) : answer
    }

    private static func object(
        _ value: JSONValue, fields: [Field], at path: String
    ) throws(UnreadableAnswer) -> JSONObject {
        guard let object = value.object else {
            throw UnreadableAnswer(path.isEmpty ? "the answer is no JSON object" : "\(path) is no object")
        }
        var result = JSONObject()
        for field in fields {
            let place = path.isEmpty ? field.key : "\(path).\(field.key)"
            let found = object[field.key] ?? .null
            if case .list = field.shape {
                result[field.key] = try field.shape.read(found, at: place)
                guard !field.isFilled || result[field.key]?.array?.isEmpty == false else {
                    throw UnreadableAnswer("\(place) is missing or empty")
                }
            } else if !found.isNull {
                result[field.key] = try field.shape.read(found, at: place)
            } else if !field.isOptional {
                throw UnreadableAnswer("\(place) is missing")
            }
        }
        return result
    }

    private static func text(_ value: JSONValue, at path: String) throws(UnreadableAnswer) -> String {
        let text: String? = if case .number(let number) = value { number.literal } else { value.string }
        guard let text = text?.trimmingSpace else { throw UnreadableAnswer("\(path) is no text") }
        guard !text.isEmpty else { throw UnreadableAnswer("\(path) is blank") }
        guard text.utf8.count <= textLimit else { throw UnreadableAnswer("\(path) is longer than 1 MiB") }
        return text
    }

    private static func flag(_ value: JSONValue, at path: String) throws(UnreadableAnswer) -> Bool {
        if let flag = value.bool { return flag }
        switch value.string?.lowercased() {
        case "true", "yes": return true
        case "false", "no": return false
        default: throw UnreadableAnswer("\(path) is neither true nor false")
        }
    }
}
