/// Hides the braces of `${NAME}` from the YAML parser, for which they would end a plain value inside `{ … }` or
/// `[ … ]`. Each stands for one other character meanwhile, so that lines and columns stay.
enum Braces {
    private static let opening: Character = "\u{F8E0}"
    private static let closing: Character = "\u{F8E1}"

    static func hidden(in text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "$")), !text.contains(opening), !text.contains(closing) else {
            return text
        }
        return text.replacing(/\$\{([A-Za-z_][A-Za-z0-9_]*(?::-[^{}\r\n]*)?)\}/) { match in
            "$\(opening)\(match.1)\(closing)"
        }
    }

    static func shown(in text: String) -> String {
        guard text.contains(opening) else { return text }
        return String(text.map { $0 == opening ? "{" : $0 == closing ? "}" : $0 })
    }
}
