import Core

/// Entries that a player may look up.
extension StoryWriter {
    /// What an entry is about, and the rule that its sentences come from.
    private struct Topic {
        var title: String
        var symbol: String
    }

    private var topics: [Topic] {
        [
            Topic(title: world.town, symbol: "codex.town"),
            Topic(title: "The \(world.relic)", symbol: "codex.relic"),
            Topic(title: GrammarWriter.capitalized(world.threat), symbol: "codex.threat"),
            Topic(title: world.people[0].name, symbol: "codex.person"),
            Topic(title: Grammar.lore["custom"][0], symbol: "codex.custom"),
        ]
    }

    mutating func codexTopics() -> JSONObject {
        let items = topics.map { topic -> JSONValue in
            ["title": JSONValue(topic.title), "scope": JSONValue(words.write("scope"))]
        }
        return JSONObject([("topics", .array(items))])
    }

    mutating func codexText() -> JSONObject {
        let title = prompt.subject?.data["title"]?.string ?? world.town
        let topic = topics.first { $0.title == title }
        words.bind(
            "subject", to: Self.inProse(title).map { topic == nil ? $0 : $0.replacing(/[“”]/, with: "") } ?? title)
        let text = sentences(topic?.symbol ?? "codex.place", 5).joined(separator: " ")
        let named = topics.map(\.title).filter { $0 != title && text.lowercased().contains($0.lowercased()) }
        return JSONObject([("text", JSONValue(text)), ("see_also", JSONValue(named))])
    }

    /// Its own entries give nothing away, and others it cannot judge.
    func codexSpoilers() -> JSONObject { JSONObject([("entries", [])]) }

    func codexLinks() -> JSONObject {
        let titles = prompt.artifacts("codex_entry").compactMap { $0.data["title"]?.string }
        return updates("entries", of: "codex_entry") { entry in
            let text = entry["text"]?.string?.lowercased() ?? ""
            let named = titles.filter { $0 != entry["title"]?.string && text.contains($0.lowercased()) }
            return [("see_also", JSONValue(named))]
        }
    }

    func codexSummaries() -> JSONObject {
        updates("entries", of: "codex_entry") { entry in
            let text = entry["text"]?.string ?? entry["scope"]?.string ?? entry["title"]?.string ?? ""
            return [("summary", JSONValue(Self.sentences(in: text).first ?? "An entry without a text."))]
        }
    }
}
