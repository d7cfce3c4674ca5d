import Core

/// Hooks, and what the showrunner makes of them.
extension StoryWriter {
    mutating func hooks() -> JSONObject {
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
        return JSONObject([("hooks", .array(hooks))])
    }

    /// A tag for the kind of a hook, and one for each thing of the world that it speaks of.
    func hookTags() -> JSONObject {
        updates("hooks", of: "hook_card") { hook in
            let things = themes(of: hook).map(World.word)
            return [("tags", JSONValue([hook["classification"]?.string ?? "hook"] + things))]
        }
    }

    func hookClusters() -> JSONObject {
        updates("hooks", of: "hook_card") { hook in
            [("cluster", JSONValue(themes(of: hook).first.map { "about \($0)" } ?? "standing alone"))]
        }
    }

    mutating func hookAnnotations() -> JSONObject {
        let notes = prompt.artifacts("hook_card").map { _ in words.write("annotation") }
        return numberedUpdates("hooks", of: "hook_card") { index, _ in [("annotation", JSONValue(notes[index]))] }
    }

    /// The first hook and one more are taken up; of more than four, the last is let go.
    mutating func hookTriage() -> JSONObject {
        let count = prompt.artifacts("hook_card").count
        let verdicts = (0..<count).map { index -> (status: String, reason: String) in
            let status =
                index == 0 || index == count / 2
                ? "accepted" : count > 4 && index == count - 1 ? "rejected" : "deferred"
            return (status, words.write(status))
        }
        return numberedUpdates("hooks", of: "hook_card") { index, _ in
            [("status", JSONValue(verdicts[index].status)), ("reason", JSONValue(verdicts[index].reason))]
        }
    }

    func harvestSheet() -> JSONObject {
        let hooks = prompt.artifacts("hook_card")
        let titles = { (status: String) in
            hooks.filter { $0.data["status"]?.string == status }.map { $0.data["title"]?.string ?? $0.id }
        }
        let accepted = titles("accepted")
        return JSONObject([
            ("title", JSONValue("Hooks of \(world.title)")),
            ("summary", JSONValue("\(accepted.count) of \(hooks.count) hooks were taken up. \(Self.disclaimer)")),
            ("accepted", JSONValue(accepted)), ("deferred", JSONValue(titles("deferred"))),
            ("rejected", JSONValue(titles("rejected"))),
        ])
    }

    /// The things of the world that an artifact's title and summary name.
    private func themes(of data: JSONValue) -> [String] {
        let text = [data["title"]?.string, data["summary"]?.string].compactMap(\.self).joined(separator: " ")
            .lowercased()
        let things = ["the \(world.relic)", world.threat] + world.people.map(\.name) + [world.town]
        return things.filter { text.contains($0.lowercased()) || text.contains(World.word(for: $0).lowercased()) }
    }

    // MARK: - Updates

    /// An item for every artifact of a type that the prompt shows, under its id.
    func updates(
        _ list: String, of type: String, fields: (JSONValue) -> [(String, JSONValue)]
    ) -> JSONObject {
        numberedUpdates(list, of: type) { fields($1) }
    }

    func numberedUpdates(
        _ list: String, of type: String, fields: (Int, JSONValue) -> [(String, JSONValue)]
    ) -> JSONObject {
        let items = prompt.artifacts(type).enumerated().map { index, artifact in
            JSONValue(JSONObject([("id", JSONValue(artifact.id))] + fields(index, artifact.data)))
        }
        return JSONObject([(list, .array(items))])
    }
}
