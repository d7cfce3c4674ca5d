import Core

/// Plans: the sections of a story and how they lead to one another.
extension StoryWriter {
    mutating func plan() -> JSONObject {
        let sections = plannedSections()
        let titles = Self.titles(of: sections)
        let entries = sections.enumerated().map { index, section -> JSONValue in
            settle(in: section, at: index)
            var summary = words.write(section.isEnding ? "closing" : "summary")
            for word in section.sets { summary += " " + remark("gives", on: word) }
            for (exit, word) in section.gates.sorted(by: { $0.key < $1.key }) {
                words.bind("there", to: Self.inProse(titles[exit]) ?? exit)
                summary += " " + remark("gated", on: word)
            }
            return JSONValue(entry(section, summary: summary))
        }
        var premise = words.write("premise")
        if let subject { premise = "It begins with \(subject). \(premise)" }
        return JSONObject([
            ("title", JSONValue(world.title)), ("premise", JSONValue(premise)), ("sections", .array(entries)),
        ])
    }

    private func entry(_ section: EmbeddedPrompt.Section, summary: String) -> JSONObject {
        var entry = JSONObject([
            ("key", JSONValue(section.key)), ("title", JSONValue(section.title)), ("summary", JSONValue(summary)),
            ("exits", JSONValue(section.exits)),
        ])
        if !section.sets.isEmpty { entry["sets"] = JSONValue(section.sets) }
        let gates = section.exits.compactMap { exit -> JSONValue? in
            section.gates[exit].map { ["exit": JSONValue(exit), "needs": JSONValue($0)] }
        }
        if !gates.isEmpty { entry["gates"] = .array(gates) }
        return entry
    }

    private mutating func remark(_ symbol: String, on word: String) -> String {
        words.bind("token", to: world.token(for: word) ?? word)
        return words.write(symbol)
    }

    mutating func sectionBriefs() -> JSONObject {
        let entries = plannedSections().enumerated().map { index, section -> JSONValue in
            settle(in: section, at: index)
            return [
                "key": JSONValue(section.key), "title": JSONValue(section.title),
                "purpose": JSONValue(words.write("purpose")), "facts": JSONValue(sentences("fact", 3)),
                "mood": JSONValue(words.write("mood")),
            ]
        }
        return JSONObject([("sections", .array(entries))])
    }

    mutating func sceneSelection() -> JSONObject {
        let entries = plannedSections().enumerated().map { index, section -> JSONValue in
            settle(in: section, at: index)
            return ["key": JSONValue(section.key), "aim": JSONValue(words.write("purpose"))]
        }
        return JSONObject([("scenes", .array(entries))])
    }

    mutating func sceneContext() -> JSONObject {
        begin(at: Self.place(of: prompt.section))
        return JSONObject([("facts", JSONValue(sentences("fact", 2)))])
    }

    /// Has the sentences from now on speak of a section and of whom the reader meets there.
    private mutating func settle(in section: EmbeddedPrompt.Section, at index: Int) {
        meet(at: index)
        words.bind("here", to: Self.inProse(section.title) ?? section.key)
    }

    /// The sections of the plan that the prompt shows, else of one with as many as it asks for.
    private mutating func plannedSections() -> [EmbeddedPrompt.Section] {
        guard prompt.sections.isEmpty else { return prompt.sections }
        let graph = PlanGraph(count: prompt.count("sections", default: 4))
        let key = { (index: Int) in "s\(index + 1)" }
        var sections = graph.exits.enumerated().map { index, exits in
            EmbeddedPrompt.Section(key: key(index), title: words.write("site"), exits: exits.map(key))
        }
        var given: [Int: String] = [:]
        for gate in graph.gates {
            let word = given[gate.giver] ?? World.word(for: world.tokens[given.count % world.tokens.count])
            given[gate.giver] = word
            sections[gate.giver].sets = [word]
            sections[gate.from].gates[key(gate.to)] = word
        }
        return sections
    }

    static func titles(of sections: [EmbeddedPrompt.Section]) -> [String: String] {
        Dictionary(sections.map { ($0.key, $0.title) }, uniquingKeysWith: { first, _ in first })
    }

    /// The brief's first sentence, when it names a thing: `a ferry that counts its passengers`.
    private var subject: String? {
        let sentence = prompt.brief.prefix { !".!?\n".contains($0) }
        guard sentence.count <= 160, let first = sentence.split(separator: " ").first?.lowercased(),
            ["a", "an", "the"].contains(first)
        else { return nil }
        return GrammarWriter.uncapitalized(String(sentence))
    }
}
