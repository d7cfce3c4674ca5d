import Core

extension StoryWriter {
    /// The loop whose name and description have most of the goal's words; the first where none has any, and the studio's first where none is shown.
    mutating func loopChoice() -> JSONObject {
        let loops = prompt.artifacts("loop")
        var best = (loop: loops.first?.id ?? "story_spark", score: 0)
        for loop in loops {
            let score = score(of: loop)
            if score > best.score { best = (loop.id, score) }
        }
        return JSONObject([
            ("loop", JSONValue(best.loop)),
            ("reason", JSONValue("Its description has \(best.score) of the goal's words. \(Self.disclaimer)")),
        ])
    }

    private func score(of loop: EmbeddedPrompt.Artifact) -> Int {
        let about = (loop.id.replacing("_", with: " ") + " " + (loop.data.string ?? "")).lowercased()
        return prompt.keywords.count { about.contains($0.prefix(5)) }
    }
}
