import Core

/// Scenes: prose and choices.
extension StoryWriter {
    mutating func scene() -> JSONObject {
        let own = prompt.sections.first { $0.key == prompt.section }
        let exits = prompt.exits ?? []
        begin(at: Self.place(of: prompt.section))
        let sets = own?.sets ?? []
        let text = prose(isEnding: exits.isEmpty, gains: sets.first)
        return JSONObject([
            ("title", JSONValue(prompt.title ?? words.write("site"))), ("text", JSONValue(text)),
            ("choices", .array(choices(exits, gates: own?.gates ?? [:]))), ("sets", JSONValue(sets)),
            ("ending", .bool(exits.isEmpty)),
        ])
    }

    /// The scenes of one book begin at different places of every rule.
    mutating func begin(at place: Int) {
        words.turn = place
        meet(at: place)
    }

    /// Where a section stands in its plan, as far as its key tells.
    static func place(of key: String?) -> Int {
        guard let key else { return 0 }
        let digits = String(key.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
        if let number = Int(digits), number > 0 { return (number - 1) % 1_000 }
        return key.utf8.reduce(0) { ($0 * 31 + Int($1)) % 1_000 }
    }

    // MARK: - Prose

    mutating func prose(isEnding: Bool, gains word: String? = nil) -> String {
        let site = prompt.title.flatMap { words.grammar[$0].isEmpty ? nil : $0 }
        var arrival = ["opening", site ?? "detail", site ?? "detail"]
        if let from = cameFrom {
            words.bind("from", to: from)
            arrival.append("came")
        }
        var meeting = ["encounter", "speech", "omen"]
        // The word that the brief turns on is heard now and then, and wherever a story begins or ends.
        if hasKeyword, isEnding || (words.turn ?? 0).isMultiple(of: 3) { meeting.append("word") }
        var crux = ["turn", "stake"]
        if let word {
            words.bind("token", to: thing(word))
            crux.append("gain")
        }
        crux = isEnding ? ["turn", "ending"] : crux + ["lastLine"]
        let last = isEnding ? ["lastPage"] : []
        return [arrival, meeting, crux, last].filter { !$0.isEmpty }.map { symbols in
            symbols.map { words.write($0) }.joined(separator: " ")
        }.joined(separator: "\n\n")
    }

    /// The only section that leads to this one, as it stands in a sentence.
    private var cameFrom: String? {
        guard let key = prompt.section, let exits = prompt.exits else { return nil }
        let others = prompt.sections.filter { $0.key != key }
        let leading = others.filter { $0.exits.contains(key) }
        // A plan that is shown in part names the neighbours alone.
        let before = leading.isEmpty ? others.filter { $0.exits.isEmpty && !exits.contains($0.key) } : leading
        return before.count == 1 ? Self.inProse(before.first?.title) : nil
    }

    /// What a word stands for in the reader's eyes; a plan's own word stays out of sight.
    private func thing(_ word: String) -> String { world.token(for: word) ?? "small thing wrapped in paper" }

    // MARK: - Choices

    private mutating func choices(_ exits: [String], gates: [String: String]) -> [JSONValue] {
        let titles = Self.titles(of: prompt.sections)
        let isStuck = exits.allSatisfy { gates[$0] != nil }
        return exits.map { exit in
            let word = isStuck ? nil : gates[exit]
            if let word { words.bind("token", to: thing(word)) }
            let there = Self.inProse(titles[exit])
            if let there { words.bind("there", to: there) }
            let symbol = there == nil ? "choice" : word == nil ? "go" : "show"
            var choice = JSONObject([("label", JSONValue(words.write(symbol))), ("target", JSONValue(exit))])
            if let word { choice["requires"] = JSONValue([word]) }
            return .object(choice)
        }
    }

    // MARK: - Revisions

    /// The text of the artifact that the answer is about, with a small revision; its title stays.
    mutating func revisedText() -> JSONObject {
        let text = prompt.subject?.data["text"]?.string ?? prompt.subject?.data["scope"]?.string
        return JSONObject([("text", JSONValue(ProseReviser.revised(text ?? "There is nothing to revise.")))])
    }
}
