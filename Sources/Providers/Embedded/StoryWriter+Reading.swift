import Core

/// A reading of the book: the way through it, and what it was like.
extension StoryWriter {
    func readingPath() -> JSONObject { JSONObject([("path", JSONValue(path.map(\.id)))]) }

    mutating func playthroughLog() -> JSONObject {
        let chosen = prompt.notes(of: "select_path").first?["path"].texts ?? []
        let named = chosen.compactMap { id in scenes.first { $0.id == id } }
        let read = named.isEmpty ? path : named
        var steps: [JSONValue] = []
        for (index, scene) in read.enumerated() {
            let next = index + 1 < read.count ? read[index + 1].id : nil
            let choice = Self.choices(of: scene).first { $0["target"]?.string == next }?["label"]?.string
            steps.append([
                "scene": JSONValue(scene.id), "choice": JSONValue(choice ?? "read to the end"),
                "reaction": JSONValue(words.write("reaction")),
            ])
        }
        if steps.isEmpty { steps = [["scene": "none", "choice": "none", "reaction": "There was nothing to read."]] }
        let last = Self.sentences(in: read.last?.data["text"]?.string ?? "").last
        return JSONObject([("steps", .array(steps)), ("ending", JSONValue(last ?? "There was no ending."))])
    }

    func playtestNotes() -> JSONObject {
        let steps = prompt.artifacts("playthrough_log").flatMap { $0.data["steps"]?.array ?? [] }
        return JSONObject([
            ("issues", []),
            (
                "summary",
                JSONValue("\(steps.count) scenes were gone through; whether they please is \(Self.notJudged).")
            ),
        ])
    }

    /// The scenes that the prompt shows, in artifacts of their own or inside a view or snapshot.
    var scenes: [EmbeddedPrompt.Artifact] {
        let own = prompt.artifacts("scene", "manuscript_section")
        guard own.isEmpty else { return own }
        return prompt.artifacts("view", "cold_snapshot").flatMap { Self.scenes(in: $0.data) }
    }

    private static func scenes(in value: JSONValue) -> [EmbeddedPrompt.Artifact] {
        guard let object = value.object else { return (value.array ?? []).flatMap(scenes) }
        guard let id = value["id"]?.string, value["choices"]?.array != nil else {
            return object.flatMap { scenes(in: $0.value) }
        }
        return [EmbeddedPrompt.Artifact(type: "scene", id: id, data: value)]
    }

    private static func choices(of scene: EmbeddedPrompt.Artifact) -> [JSONValue] { scene.data["choices"]?.array ?? [] }

    /// From the scene that none leads to, by the first choice that is open to everybody, until the story ends.
    private var path: [EmbeddedPrompt.Artifact] {
        let scenes = scenes
        let byID = Dictionary(scenes.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let targets = Set(scenes.flatMap { Self.choices(of: $0).compactMap { $0["target"]?.string } })
        var next = scenes.first { !targets.contains($0.id) } ?? scenes.first
        var path: [EmbeddedPrompt.Artifact] = []
        var visited: Set<String> = []
        while let scene = next, visited.insert(scene.id).inserted {
            path.append(scene)
            let open = Self.choices(of: scene).first {
                $0["requires"].texts.isEmpty && byID[$0["target"]?.string ?? ""] != nil
            }
            next = open.flatMap { byID[$0["target"]?.string ?? ""] }
        }
        return path
    }

    /// The sentences of a text; what stands in quotation marks is not cut.
    static func sentences(in text: String) -> [String] {
        var sentences: [String] = []
        var current = ""
        var isQuoted = false
        for character in text {
            if character == "\n" || (character == " " && !isQuoted && isWhole(current)) {
                if !current.isEmpty { sentences.append(current) }
                current = ""
                continue
            }
            if character == "“" { isQuoted = true } else if character == "”" { isQuoted = false }
            current.append(character)
        }
        return current.isEmpty ? sentences : sentences + [current]
    }

    private static func isWhole(_ sentence: String) -> Bool {
        let end = sentence.hasSuffix("”") ? sentence.dropLast().last : sentence.last
        return end.map { ".!?".contains($0) } ?? false
    }
}
