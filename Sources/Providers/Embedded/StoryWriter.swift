import Core

/// Writes answers in the forms that the studio asks for, from a grammar.
struct StoryWriter {
    /// What every answer says of itself.
    static let disclaimer =
        "This comes from the embedded provider, a small grammar in the program and no language model."

    let prompt: EmbeddedPrompt
    /// Differs with every prompt.
    var words: GrammarWriter
    /// The same for all prompts with one brief and one seed, so that they tell of one world.
    private var plot: GrammarWriter

    init(_ call: TextCall) {
        prompt = EmbeddedPrompt(call.messages)
        let seed = call.takeSeed ?? UInt64(max(call.take, 1) - 1)
        plot = GrammarWriter(.world, random: StableRandom([prompt.brief], seed: seed))
        var grammar = Grammar.world
        for rules in [Grammar.desk.rules, Grammar.scenes.rules] {
            for (symbol, alternatives) in rules { grammar[symbol] = alternatives }
        }
        if !prompt.keywords.isEmpty { grammar["keyword"] = prompt.keywords }
        words = GrammarWriter(
            grammar, random: StableRandom(call.messages.flatMap { [$0.author.rawValue, $0.content] }, seed: seed))
        for symbol in ["town", "name", "trade", "relic", "threat", "secret"] {
            plot.settle(symbol, from: Grammar.world[symbol])
            words.bind(symbol, to: plot.write(symbol))
        }
        words.bind("here", to: Self.inProse(prompt.title) ?? "the edge of \(plot.write("town"))")
    }

    /// The whole answer.
    mutating func write(asJSON wantsJSON: Bool) -> String {
        switch prompt.form {
        case "note": note()
        case "hooks": hooks().text()
        case "topology", "tu_brief": plan().text()
        case "section_briefs": sectionBriefs().text()
        case "scene": scene().text()
        case "gatecheck_report": Self.report.text()
        default:
            wantsJSON
                ? JSONValue.object(JSONObject([("text", JSONValue(prose(isEnding: false)))])).text()
                : prose(isEnding: false)
        }
    }

    private var hasKeyword: Bool { !prompt.keywords.isEmpty }

    // MARK: - Prose

    private mutating func note() -> String {
        let advice = (0..<3).map { _ in words.write("advice") } + (hasKeyword ? [words.write("adviceOnWord")] : [])
        return ([Self.disclaimer] + advice).joined(separator: " ")
    }

    mutating func prose(isEnding: Bool) -> String {
        let arrival = ["opening", "detail", "detail"]
        let meeting = ["encounter", "speech", "omen"] + (hasKeyword ? ["word"] : [])
        let crux = isEnding ? ["turn", "ending", "lastPage"] : ["turn", "stake", "lastLine"]
        return [arrival, meeting, crux].map { symbols in
            symbols.map { words.write($0) }.joined(separator: " ")
        }.joined(separator: "\n\n")
    }

    // MARK: - JSON

    private mutating func hooks() -> JSONValue {
        let kinds = ["place", "person", "object", "event", "question"]
        let hooks = (0..<prompt.count("count", default: 5)).map { index -> JSONValue in
            let kind = kinds[index % kinds.count]
            // The first hook is the one that the plan will grow from; the others have people and things of their own.
            if index > 0 { ["name", "trade", "relic"].forEach { words.settle($0, from: Grammar.world[$0]) } }
            var summary = words.write("\(kind).summary")
            if index == 0, hasKeyword { summary += " It all turns on one word: “\(words.write("keyword"))”." }
            return [
                "title": JSONValue(GrammarWriter.capitalized(words.write("\(kind).title"))),
                "summary": JSONValue(summary), "classification": JSONValue(kind),
            ]
        }
        return ["hooks": .array(hooks)]
    }

    private mutating func plan() -> JSONValue {
        let sections = plannedSections().map { section -> JSONValue in
            plot.bind("here", to: Self.inProse(section.title) ?? section.key)
            return [
                "key": JSONValue(section.key), "title": JSONValue(section.title),
                "summary": JSONValue(plot.write(section.exits.isEmpty ? "closing" : "summary")),
                "exits": .array(section.exits.map { JSONValue($0) }),
            ]
        }
        var premise = plot.write("premise")
        if let subject = subject { premise = "It begins with \(subject). \(premise)" }
        return [
            "title": JSONValue(plot.write("storyTitle")), "premise": JSONValue(premise), "sections": .array(sections),
        ]
    }

    private mutating func sectionBriefs() -> JSONValue {
        let sections = plannedSections().map { section -> JSONValue in
            words.bind("here", to: Self.inProse(section.title) ?? section.key)
            return [
                "key": JSONValue(section.key), "title": JSONValue(section.title),
                "purpose": JSONValue(words.write("purpose")),
                "facts": .array((0..<3).map { _ in JSONValue(words.write("fact")) }),
                "mood": JSONValue(words.write("mood")),
            ]
        }
        return ["sections": .array(sections)]
    }

    /// The sections of the plan that the prompt shows, else of one with as many as it asks for.
    private mutating func plannedSections() -> [EmbeddedPrompt.Section] {
        guard prompt.sections.isEmpty else { return prompt.sections }
        let count = prompt.count("sections", default: 4)
        return (1...count).map { number in
            EmbeddedPrompt.Section(
                key: "s\(number)", title: plot.write("site"), exits: Self.exits(of: number, count: count))
        }
    }

    /// Exits that only ever lead on, so that every section is reached and every way ends: to sections `2n` and
    /// `2n + 1`, and where there is only the first of these, to the next section as well.
    private static func exits(of number: Int, count: Int) -> [String] {
        var exits = [2 * number, 2 * number + 1].filter { $0 <= count }
        if exits.count == 1, number + 1 < exits[0] { exits.append(number + 1) }
        return exits.map { "s\($0)" }
    }

    private mutating func scene() -> JSONValue {
        let exits = prompt.exits ?? []
        let text = prose(isEnding: exits.isEmpty)
        let titles = Dictionary(prompt.sections.map { ($0.key, $0.title) }, uniquingKeysWith: { first, _ in first })
        let choices = exits.map { exit -> JSONValue in
            let there = Self.inProse(titles[exit])
            if let there { words.bind("there", to: there) }
            return [
                "label": JSONValue(words.write(there == nil ? "choice" : "go")), "target": JSONValue(exit),
            ]
        }
        return [
            "title": JSONValue(prompt.title ?? plot.write("site")), "text": JSONValue(text), "choices": .array(choices),
            "sets": [], "ending": .bool(exits.isEmpty),
        ]
    }

    /// It cannot read what it is to judge, and says so: nothing passes on its word, and nothing is blocked.
    private static let report: JSONValue = {
        let bars = [
            "integrity", "reachability", "nonlinearity", "gateways", "style", "determinism", "presentation",
            "accessibility",
        ]
        return [
            "decision": "conditional_pass",
            "bars": .array(
                bars.map {
                    ["bar": JSONValue($0), "status": "yellow", "findings": ["not judged: no model has read it"]]
                }
            ),
            "summary": JSONValue("\(disclaimer) It cannot judge prose: read the scenes yourself."),
        ]
    }()

    // MARK: - Words from the prompt

    /// The brief's first sentence, when it names a thing: `a ferry that counts its passengers`.
    private var subject: String? {
        let sentence = prompt.brief.prefix { !".!?\n".contains($0) }
        guard sentence.count <= 160, let first = sentence.split(separator: " ").first?.lowercased(),
            ["a", "an", "the"].contains(first)
        else { return nil }
        return GrammarWriter.uncapitalized(String(sentence))
    }

    /// A section's title as it stands in a sentence.
    private static func inProse(_ title: String?) -> String? {
        guard let title, !title.isEmpty else { return nil }
        // Braces would be read as symbols.
        let plain = String(title.prefix(80)).replacing("{", with: "(").replacing("}", with: ")")
        let isNamed = ["The ", "A ", "An "].contains { plain.hasPrefix($0) }
        return isNamed ? GrammarWriter.uncapitalized(plain) : "“\(plain)”"
    }
}
