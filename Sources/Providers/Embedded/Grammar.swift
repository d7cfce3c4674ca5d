/// Rules that make text: each symbol has alternatives, in which other symbols stand in braces.
///
/// As text, a line `[symbol]` begins a rule and each further line is one alternative. `{symbol}` is replaced by one of
/// its alternatives, `{Symbol}` by one that begins with a capital, `{a:symbol}` by one after `a` or `an`, `{A:symbol}` by
/// one after `A` or `An`, and `{title:symbol}` by one with capitals throughout.
struct Grammar: Sendable {
    private(set) var rules: [String: [String]] = [:]

    init(_ text: String) {
        var symbol = ""
        for line in text.split(separator: "\n") {
            if line.hasPrefix("["), line.hasSuffix("]") {
                symbol = String(line.dropFirst().dropLast())
            } else {
                rules[symbol, default: []].append(String(line))
            }
        }
    }

    /// The same rules with one replaced or added.
    subscript(symbol: String) -> [String] {
        get { rules[symbol] ?? [] }
        set { rules[symbol] = newValue }
    }
}

extension Grammar {
    /// Everything that the embedded writer can say.
    static let all = [world, plan, desk, lore, studio, arrivals, meetings, turns, endings, sites].reduce(
        into: Grammar("")
    ) { all, grammar in
        for (symbol, alternatives) in grammar.rules { all[symbol] = alternatives }
    }
}

/// Writes texts from a grammar. An alternative comes again only when all of its rule have been used.
///
/// Writers of one order that each have a `turn` of their own begin at different alternatives of a rule, two apart, so
/// that the scenes of a book, written one by one, seldom share a sentence.
struct GrammarWriter {
    var grammar: Grammar
    /// What the order of the alternatives is derived from when the writer has a turn.
    var order = ""
    var turn: Int?
    private var random: StableRandom
    private var unused: [String: [Int]] = [:]

    init(_ grammar: Grammar, random: StableRandom) {
        self.grammar = grammar
        self.random = random
    }

    /// Fixes a symbol to one text from now on.
    mutating func bind(_ symbol: String, to text: String) {
        grammar[symbol] = [text]
        unused[symbol] = nil
    }

    /// Fixes a symbol to one of some alternatives.
    mutating func settle(_ symbol: String, from alternatives: [String]) {
        bind(symbol, to: alternatives[random.next(below: alternatives.count)])
    }

    /// One text for a symbol; empty for a symbol without a rule.
    mutating func write(_ symbol: String) -> String {
        let alternatives = grammar[symbol]
        guard !alternatives.isEmpty else { return "" }
        var left = unused[symbol] ?? []
        if left.isEmpty { left = fresh(symbol, count: alternatives.count) }
        let choice = left.remove(at: turn == nil ? random.next(below: left.count) : 0)
        unused[symbol] = left
        return expand(alternatives[choice])
    }

    /// The alternatives of a rule; with a turn in their order, from the turn's own two on, of which chance takes one
    /// first.
    private mutating func fresh(_ symbol: String, count: Int) -> [Int] {
        guard let turn else { return Array(0..<count) }
        var shuffler = StableRandom([order, symbol], seed: 0)
        let shuffled = shuffler.shuffled(0..<count)
        var turned = (0..<count).map { shuffled[(2 * turn + $0) % count] }
        if count > 1, random.next(below: 2) == 1 { turned.swapAt(0, 1) }
        return turned
    }

    private mutating func expand(_ template: String) -> String {
        var result = ""
        var rest = Substring(template)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            result += rest[..<open]
            result += replacement(for: rest[rest.index(after: open)..<close])
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    private mutating func replacement(for slot: Substring) -> String {
        if slot.hasPrefix("a:") { return Self.withArticle(write(String(slot.dropFirst(2)))) }
        if slot.hasPrefix("A:") { return Self.capitalized(Self.withArticle(write(String(slot.dropFirst(2))))) }
        if slot.hasPrefix("title:") { return Self.titleCase(write(String(slot.dropFirst(6)))) }
        guard slot.first?.isUppercase == true else { return write(String(slot)) }
        return Self.capitalized(write(Self.uncapitalized(String(slot))))
    }

    static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
    static func uncapitalized(_ text: String) -> String { text.prefix(1).lowercased() + text.dropFirst() }

    private static func withArticle(_ noun: String) -> String {
        let isVowel = noun.first.map { "aeiouAEIOU".contains($0) } ?? false
        return (isVowel ? "an " : "a ") + noun
    }

    private static func titleCase(_ text: String) -> String {
        text.split(separator: " ").map { capitalized(String($0)) }.joined(separator: " ")
    }
}
