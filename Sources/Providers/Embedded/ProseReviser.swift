/// Small revisions that leave a text's meaning alone: words that one would rather use.
///
/// A text is brought two rules further each time, until there is nothing left to revise.
enum ProseReviser {
    struct Rule {
        var found: String
        var better: String
        /// The rule for a writer.
        var note: String
    }

    private static let rules = [
        Rule(found: " nearly ", better: " almost ", note: "Write “almost” for “nearly”."),
        Rule(found: " as though ", better: " as if ", note: "Write “as if” for “as though”."),
        Rule(found: "All at once ", better: "At once ", note: "“At once” is enough for “all at once”."),
        Rule(found: " in spite of ", better: " despite ", note: "Write “despite” for “in spite of”."),
        Rule(found: " in order to ", better: " to ", note: "“To” is enough for “in order to”."),
        Rule(found: "omebody", better: "omeone", note: "Write “someone” for “somebody”."),
        Rule(found: "verybody", better: "veryone", note: "Write “everyone” for “everybody”."),
        Rule(found: "obody", better: "o one", note: "Write “no one” for “nobody”."),
    ]

    /// The rules that a text would be revised by next.
    static func rules(for text: String) -> [Rule] { Array(rules.filter { text.contains($0.found) }.prefix(2)) }

    static func revised(_ text: String) -> String {
        rules(for: text).reduce(text) { $0.replacing($1.found, with: $1.better) }
    }
}
