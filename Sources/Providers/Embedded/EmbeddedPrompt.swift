import Core

/// What a prompt asks for, as far as a program without any understanding can tell.
///
/// It reads the sections that begin with `# `: the brief, the artifacts under Context (one JSON object on a line), and
/// the lines `key: value` that begin the last one, Answer.
struct EmbeddedPrompt {
    struct Section: Hashable {
        var key: String
        var title: String
        var exits: [String]
    }

    static let sectionLimit = 40

    /// The form of the answer; nil for a prompt that names none.
    let form: String?
    let brief: String
    /// The sections of the newest plan among the artifacts.
    let sections: [Section]
    private let asks: [String: String]

    init(_ messages: [Message]) {
        let text = messages.last { $0.author == .user }?.content ?? ""
        var parts: [Substring: Substring] = [:]
        for part in ("\n" + text).split(separator: "\n# ").dropFirst(text.hasPrefix("# ") ? 0 : 1) {
            let heading = part.prefix { $0 != "\n" }
            parts[heading] = part.dropFirst(heading.count + 1)
        }
        asks = Self.asks(in: parts["Answer"] ?? "")
        form = asks["form"]
        brief = String(parts["Brief"] ?? "").trimmed
        sections =
            (parts["Context"] ?? "").split(separator: "\n").reversed().lazy
            .compactMap(Self.plan).first ?? []
    }

    /// A number that the prompt asks for, within what is sensible.
    func count(_ key: String, default standard: Int) -> Int {
        min(max(asks[key].flatMap { Int($0) } ?? standard, 1), Self.sectionLimit)
    }

    var title: String? { asks["title"].flatMap { $0.isEmpty ? nil : $0 } }
    var section: String? { asks["section"] }

    /// The sections that the scene leads to; nil when the prompt does not say.
    var exits: [String]? {
        asks["exits"].map { $0.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty } }
    }

    /// Words of the brief that are worth repeating.
    var keywords: [String] {
        var words: [String] = []
        for word in brief.split(whereSeparator: { !$0.isLetter && $0 != "'" && $0 != "’" }) {
            let word = word.lowercased()
            if word.count > 3, word.count < 24, !Self.commonWords.contains(word), !words.contains(word) {
                words.append(word)
            }
        }
        return Array(words.prefix(12))
    }

    private static func asks(in text: Substring) -> [String: String] {
        var asks: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].allSatisfy({ $0.isLowercase || $0 == "_" }) else { break }
            asks[String(parts[0])] = String(parts[1]).trimmed
        }
        return asks
    }

    private static func plan(_ line: Substring) -> [Section]? {
        guard line.hasPrefix("{"), let object = try? JSONValue(parsing: String(line)) else { return nil }
        let sections = (object["sections"]?.array ?? []).prefix(sectionLimit).compactMap { entry -> Section? in
            guard let key = entry["key"]?.string, let exits = entry["exits"]?.array else { return nil }
            return Section(key: key, title: entry["title"]?.string ?? key, exits: exits.compactMap(\.string))
        }
        return sections.isEmpty ? nil : sections
    }

    private static let commonWords: Set<String> = [
        "about", "after", "again", "against", "along", "also", "another", "because", "been", "before", "being",
        "between", "both", "branching", "could", "does", "down", "each", "every", "everyone", "from", "have", "here",
        "into", "interactive", "itself", "just", "less", "like", "make", "many", "more", "most", "much", "must",
        "nobody",
        "only", "other", "over", "please", "reader", "scene", "scenes", "should", "some", "somebody", "someone",
        "story",
        "such", "than", "that", "their", "them", "then", "there", "these", "they", "this", "those", "through", "under",
        "until", "upon", "very", "want", "were", "what", "when", "where", "which", "while", "whom", "whose", "will",
        "with", "without", "would", "write", "your",
    ]
}

extension String {
    var trimmed: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
