import Core

/// Style: what the reviser would change, scene by scene, and what a colleague is told of it.
extension StoryWriter {
    private static let findingLimit = 24

    func driftDiagnosis() -> JSONObject {
        let findings = drifting.map { scene, rule -> JSONValue in
            let word = rule.found.trimmed
            let issue = "“\(Self.place(of: word, in: scene.data["text"]?.string ?? ""))” leaves the house style."
            return ["scene": JSONValue(scene.id), "issue": JSONValue(issue)]
        }
        let summary = "Only the choice of single words was checked; the voice is \(Self.notJudged)."
        return JSONObject([("findings", .array(findings)), ("summary", JSONValue(summary))])
    }

    func styleAddendum() -> JSONObject {
        JSONObject([
            (
                "rules",
                [
                    "Stay with “you” and in the present tense: “you come”, not “you came”.",
                    "Prefer “someone”, “everyone” and “no one” to “somebody”, “everybody” and “nobody”.",
                    "Prefer the shorter joint: “as if” to “as though”, “despite” to “in spite of”.",
                ]
            )
        ])
    }

    func editNotes() -> JSONObject {
        let notes = drifting.map { scene, rule -> JSONValue in
            ["scene": JSONValue(scene.id), "note": JSONValue(rule.note)]
        }
        return JSONObject([("notes", .array(notes))])
    }

    func tuneUpBrief() -> JSONObject {
        let findings = prompt.artifacts("drift_diagnosis").flatMap { $0.data["findings"]?.array ?? [] }
        let scenes = Set(findings.compactMap { $0["scene"]?.string })
        let done = scenes.isEmpty ? [] : ["Words were changed in \(scenes.count) scenes, by the rules of the addendum."]
        return JSONObject([
            ("title", JSONValue("Tune-up of \(world.title)")),
            ("summary", JSONValue("\(findings.count) findings were noted. \(Self.disclaimer)")),
            ("done", JSONValue(done)),
        ])
    }

    private var drifting: [(EmbeddedPrompt.Artifact, ProseReviser.Rule)] {
        let all = scenes.flatMap { scene in
            ProseReviser.rules(for: scene.data["text"]?.string ?? "").map { (scene, $0) }
        }
        return Array(all.prefix(Self.findingLimit))
    }

    /// A word of a text with what stands beside it.
    private static func place(of word: String, in text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard let index = words.firstIndex(where: { $0.contains(word.split(separator: " ").first ?? "") }) else {
            return word
        }
        return words[max(index - 2, 0)...min(index + 2, words.count - 1)].joined(separator: " ")
    }
}
