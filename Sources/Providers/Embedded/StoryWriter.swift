import Core

/// Writes answers in the forms that the studio asks for, from a grammar.
struct StoryWriter {
    /// What every answer says of itself.
    static let disclaimer =
        "This comes from the embedded provider, a small grammar in the program and no language model."
    /// What it says where it was asked to judge.
    static let notJudged = "not judged: no model has read it"

    let prompt: EmbeddedPrompt
    let world: World
    /// Differs with every prompt and seed.
    var words: GrammarWriter

    init(_ call: TextCall) {
        prompt = EmbeddedPrompt(call.messages)
        world = World(brief: prompt.brief)
        var grammar = Grammar.all
        if !prompt.keywords.isEmpty { grammar["keyword"] = prompt.keywords }
        let texts = call.messages.flatMap { [$0.author.rawValue, $0.content] }
        let seed = call.takeSeed ?? UInt64(max(call.take, 1) - 1)
        words = GrammarWriter(grammar, random: StableRandom(texts, seed: seed))
        words.order = prompt.brief
        for (symbol, text) in [
            ("town", world.town), ("relic", world.relic), ("threat", world.threat), ("secret", world.secret),
        ] {
            words.bind(symbol, to: text)
        }
        meet(at: 0)
        words.bind("here", to: Self.inProse(prompt.title) ?? "the edge of \(world.town)")
    }

    /// The whole answer.
    mutating func write(asJSON wantsJSON: Bool) -> String {
        if let form = prompt.form, let writer = Self.forms[form] { return JSONValue.object(writer(&self)).text() }
        if prompt.form == "note" { return note() }
        let text = prose(isEnding: false)
        return wantsJSON ? JSONValue.object(JSONObject([("text", JSONValue(text))])).text() : text
    }

    /// Has the sentences from now on speak of whom the reader meets in a section.
    mutating func meet(at index: Int) {
        let cast = world.cast(at: index)
        words.bind("name", to: cast.here.name)
        words.bind("trade", to: cast.here.trade)
        words.bind("other", to: cast.elsewhere.name)
    }

    /// Different sentences of one rule.
    mutating func sentences(_ symbol: String, _ count: Int) -> [String] {
        (0..<min(count, words.grammar[symbol].count)).map { _ in words.write(symbol) }
    }

    var hasKeyword: Bool { !prompt.keywords.isEmpty }

    private mutating func note() -> String {
        let advice = sentences("advice", 3) + (hasKeyword ? [words.write("adviceOnWord")] : [])
        return ([Self.disclaimer] + advice).joined(separator: " ")
    }

    /// A section's title as it stands in a sentence.
    static func inProse(_ title: String?) -> String? {
        guard let title, !title.isEmpty else { return nil }
        // Braces would be read as symbols.
        let plain = String(title.prefix(80)).replacing("{", with: "(").replacing("}", with: ")")
        let isNamed = ["The ", "A ", "An "].contains { plain.hasPrefix($0) }
        return isNamed ? GrammarWriter.uncapitalized(plain) : "“\(plain)”"
    }
}

extension JSONValue {
    init(_ texts: [String]) { self = .array(texts.map { JSONValue($0) }) }
    init(_ object: JSONObject) { self = .object(object) }
}
