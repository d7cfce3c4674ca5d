/// A value's text with its environment variables: `${NAME}`, `${NAME:-text}`, and `$${` for a literal `${`.
struct Expansion: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        case literal(String)
        case variable(name: String, fallback: String?)
    }

    /// Why a text cannot be expanded.
    enum Failure: Error, Hashable {
        /// A `${` that is not followed by a name and a `}`.
        case malformed
        case unset(String)

        var message: String {
            switch self {
            case .malformed: "found ${ without a name and }, expected ${NAME}, ${NAME:-text}, or $${ for a literal ${"
            case .unset(let name): "the environment variable \(name) is not set"
            }
        }
    }

    let parts: [Part]

    init(_ text: String) throws(Failure) {
        var parts: [Part] = []
        var literal = ""
        var rest = Substring(text)
        while let character = rest.first {
            if rest.hasPrefix("$${") {
                literal += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                guard let end = rest.firstIndex(of: "}") else { throw .malformed }
                if !literal.isEmpty { parts.append(.literal(literal)) }
                literal = ""
                parts.append(try Self.variable(rest[rest.index(rest.startIndex, offsetBy: 2)..<end]))
                rest = rest[rest.index(after: end)...]
            } else {
                literal.append(character)
                rest = rest.dropFirst()
            }
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
        self.parts = parts
    }

    private static func variable(_ text: Substring) throws(Failure) -> Part {
        var name = text
        var fallback: String?
        if let colon = text.firstIndex(of: ":") {
            guard text[colon...].hasPrefix(":-") else { throw .malformed }
            name = text[..<colon]
            fallback = String(text[colon...].dropFirst(2))
        }
        let isName = name.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (byte < 0x80 && Character(Unicode.Scalar(byte)).isLetter)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard isName, let first = name.first, !first.isNumber else { throw .malformed }
        return .variable(name: String(name), fallback: fallback)
    }

    /// The variables that the text names, in order.
    var variables: [String] {
        parts.compactMap { part in
            if case .variable(let name, _) = part { name } else { nil }
        }
    }

    /// Whether the text holds a variable.
    var isVariable: Bool { !variables.isEmpty }

    /// The text with its variables' values. A fallback stands in for a variable that is unset or empty.
    func text(in environment: [String: String]) throws(Failure) -> String {
        var result = ""
        for part in parts {
            switch part {
            case .literal(let literal): result += literal
            case .variable(let name, let fallback):
                let value = environment[name]
                if let fallback, value?.isEmpty ?? true {
                    result += fallback
                } else if let value {
                    result += value
                } else {
                    throw .unset(name)
                }
            }
        }
        return result
    }
}
