import Core

/// What a prompt asks for, as far as a program without any understanding can tell.
///
/// It reads the sections that begin with `# `: the brief, the artifacts under Context (`## TYPE ID`, then one JSON object
/// on a line), and the lines `key: value` that begin the last one, Answer.
struct EmbeddedPrompt {
    /// Something that the prompt shows under a heading of its own.
    struct Artifact {
        var type: String
        var id: String
        var data: JSONValue
    }

    /// One of the sections of a plan, which may show no more than the key and the title.
    struct Section: Hashable {
        var key: String
        var title: String
        var exits: [String] = []
        /// What the reader gains there.
        var sets: [String] = []
        /// What the reader must have for some of the exits.
        var gates: [String: String] = [:]

        var isEnding: Bool { exits.isEmpty }
    }

    static let sectionLimit = 40

    /// The form of the answer; nil for a prompt that names none.
    let form: String?
    let brief: String
    /// The artifacts and working notes that the prompt shows, in their order.
    let artifacts: [Artifact]
    /// The sections of the newest plan among the artifacts.
    let sections: [Section]
    private let asks: [String: String]

    init(_ messages: [Message]) {
        // A repair says no more than the form again: what it is about stands in the message before it.
        let text = messages.filter { $0.author == .user }.map(\.content).joined(separator: "\n\n")
        var parts: [Substring: Substring] = [:]
        for part in ("\n" + text).split(separator: "\n# ").dropFirst(text.hasPrefix("# ") ? 0 : 1) {
            let heading = part.prefix { $0 != "\n" }
            parts[heading] = part.dropFirst(heading.count + 1)
        }
        asks = Self.asks(in: parts["Answer"] ?? "")
        form = asks["form"]
        brief = String(parts["Brief"] ?? "").trimmed
        artifacts = Self.artifacts(in: parts["Context"] ?? "")
        sections = artifacts.reversed().lazy.compactMap { Self.plan($0.data) }.first ?? []
    }

    /// The artifacts of some types, in their order.
    func artifacts(_ types: String...) -> [Artifact] { artifacts.filter { types.contains($0.type) } }

    /// The artifact that the answer is about.
    var subject: Artifact? { asks["artifact"].flatMap { id in artifacts.last { $0.id == id } } }

    /// The data of the working notes of a step.
    func notes(of step: String) -> [JSONValue] {
        artifacts.filter { $0.type == "working_note" && $0.id == step }.map(\.data)
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

    private static func artifacts(in context: Substring) -> [Artifact] {
        ("\n" + context).split(separator: "\n## ").compactMap { passage in
            let lines = passage.split(separator: "\n", maxSplits: 1)
            let heading = (lines.first ?? "").split(separator: " ", maxSplits: 1)
            guard heading.count == 2, lines.count == 2 else { return nil }
            let text = String(lines[1]).trimmed
            let data = text.hasPrefix("{") || text.hasPrefix("[") ? try? JSONValue(parsing: text) : nil
            return Artifact(type: String(heading[0]), id: String(heading[1]).trimmed, data: data ?? JSONValue(text))
        }
    }

    private static func plan(_ data: JSONValue) -> [Section]? {
        let entries = (data["sections"]?.array ?? []).prefix(sectionLimit)
        guard entries.contains(where: { $0["exits"]?.array != nil }) else { return nil }
        return entries.compactMap { entry in
            guard let key = entry["key"]?.string else { return nil }
            let gates = (entry["gates"]?.array ?? []).compactMap { gate -> (String, String)? in
                guard let exit = gate["exit"]?.string, let word = gate["needs"]?.string else { return nil }
                return (exit, word)
            }
            return Section(
                key: key, title: entry["title"]?.string ?? key, exits: entry["exits"].texts,
                sets: entry["sets"].texts, gates: Dictionary(gates, uniquingKeysWith: { first, _ in first }))
        }
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

extension JSONValue? {
    /// The texts of a list; none when it is no list.
    var texts: [String] { (self?.array ?? []).compactMap(\.string) }
}
