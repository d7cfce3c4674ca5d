import Core

/// Turns a scene as a model writes it, with section keys for targets, into a scene's data, with scene ids.
struct SceneForm: Sendable {
    /// The id of the scene that is written.
    var id: String
    var section: StoryPlan.Section
    /// The id of the first take of every section's scene, by the section's key: choices lead to whichever take is chosen.
    var sceneIDs: [String: String]

    /// Throws when a choice leads to no section of the brief.
    func data(from answer: JSONObject) throws(UnreadableAnswer) -> JSONObject {
        var choices: [JSONValue] = []
        for (index, choice) in (answer["choices"]?.array ?? []).enumerated() {
            let key = choice["target"]?.string ?? ""
            guard let target = sceneIDs[key] else {
                throw UnreadableAnswer(
                    "choices[\(index)] leads to \"\(key.prefix(40).visible())\", which is no section")
            }
            var entry = JSONObject([("label", choice["label"] ?? .null), ("target", JSONValue(target))])
            let requires =
                section.words.map { $0.needs[key].map { [JSONValue($0)] } ?? [] } ?? choice["requires"]?.array
            if let requires, !requires.isEmpty { entry["requires"] = .array(requires) }
            choices.append(.object(entry))
        }
        var data = JSONObject([
            ("id", JSONValue(id)), ("title", answer["title"] ?? JSONValue(section.title)),
            ("text", answer["text"] ?? .null), ("choices", .array(choices)),
        ])
        // What is gained and needed, and whether a section ends the story, is the brief's to say where it does: a model may
        // forget, and what nothing gives would shut the reader in.
        let sets = section.words?.sets.map { JSONValue($0) } ?? answer["sets"]?.array ?? []
        if !sets.isEmpty { data["sets"] = .array(sets) }
        if section.exits.isEmpty && choices.isEmpty { data["ending"] = true }
        if section.isStart { data["start"] = true }
        return data
    }
}
