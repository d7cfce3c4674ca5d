import Core

/// Canon: what is true in the world.
extension StoryWriter {
    mutating func canonQuestions() -> JSONObject {
        JSONObject([
            ("title", JSONValue("What is true in \(world.town)")), ("questions", JSONValue(sentences("question", 6))),
        ])
    }

    mutating func canonFacts() -> JSONObject {
        words.bind("here", to: "the quay")
        let certainties = ["certain", "likely", "rumoured"]
        let open = sentences("fact", 6).enumerated().map { index, fact in
            Self.fact(fact, certainty: certainties[index % certainties.count], spoiler: false)
        }
        let hidden = sentences("hidden", 2).map { Self.fact($0, certainty: "certain", spoiler: true) }
        return JSONObject([("facts", .array(open + hidden))])
    }

    private static func fact(_ text: String, certainty: String, spoiler: Bool) -> JSONValue {
        ["fact": JSONValue(text), "certainty": JSONValue(certainty), "spoiler": .bool(spoiler)]
    }

    func canonContradictions() -> JSONObject {
        JSONObject([("contradictions", JSONValue(["Contradictions were \(Self.notJudged)."]))])
    }

    mutating func canonImpact() -> JSONObject { JSONObject([("impact", JSONValue(sentences("impact", 3)))]) }

    func canonSummary() -> JSONObject {
        let facts = prompt.artifacts("canon_pack").flatMap { $0.data["facts"]?.array ?? [] }
        let spoilers = facts.filter { $0["spoiler"]?.bool == true }
        var summary = "\(facts.count) facts are settled about \(world.town), the \(world.relic) and \(world.threat)."
        if !spoilers.isEmpty { summary += " \(spoilers.count) of them must not be learned early." }
        return JSONObject([("summary", JSONValue("\(summary) \(Self.disclaimer)"))])
    }
}
