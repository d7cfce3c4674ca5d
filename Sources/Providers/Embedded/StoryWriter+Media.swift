import Core

/// Plans of pictures and sounds, of three scenes.
extension StoryWriter {
    mutating func shotlist() -> JSONObject {
        let shots = chosenScenes.map { scene -> JSONValue in
            [
                "scene": JSONValue(scene.id), "subject": JSONValue(subject(of: scene)),
                "composition": JSONValue(words.write("composition")),
            ]
        }
        return JSONObject([("shots", .array(shots))])
    }

    /// What there is to see: the scene's place, and the first things that its text shows there.
    private mutating func subject(of scene: EmbeddedPrompt.Artifact) -> String {
        let title = scene.data["title"]?.string ?? world.town
        let seen = Self.sentences(in: scene.data["text"]?.string ?? "").filter {
            !$0.contains("you") && !$0.contains("You")
        }
        let site = words.grammar[title].isEmpty ? seen.first : words.write(title)
        return "\(title). \(site ?? GrammarWriter.capitalized(words.write("weather")) + ".")"
    }

    mutating func artPlan() -> JSONObject {
        let style = words.write("artStyle")
        var shots = prompt.artifacts("shotlist").flatMap { $0.data["shots"]?.array ?? [] }
        if shots.isEmpty { shots = [["scene": "the first", "subject": JSONValue("\(world.town) at dusk.")]] }
        let planned = shots.map { shot -> JSONValue in
            let subject = shot["subject"]?.string ?? world.town
            let composition = shot["composition"]?.string.map { " \($0)" } ?? ""
            return [
                "scene": JSONValue(shot["scene"]?.string ?? "the first"),
                "prompt": JSONValue("\(subject)\(composition) \(style)"), "alt": JSONValue(subject),
            ]
        }
        return JSONObject([("style", JSONValue(style)), ("shots", .array(planned))])
    }

    /// The plan's own prompts and texts: they are written to be rendered.
    mutating func renderPrompts() -> JSONObject {
        let plan = prompt.artifacts("art_plan").last?.data["shots"] ?? artPlan()["shots"] ?? []
        return JSONObject([("shots", plan)])
    }

    /// The plan's own words.
    mutating func spokenCues() -> JSONObject {
        let plan = prompt.artifacts("audio_plan").last?.data["cues"] ?? audioPlan()["cues"] ?? []
        return JSONObject([("cues", plan)])
    }

    /// A plan that shows nothing to look at is all that can be faulted here.
    func assetChecks() -> JSONObject {
        let checks = prompt.artifacts("art_render", "audio_asset").map { asset -> JSONValue in
            let text = asset.data["alt"]?.string ?? asset.data["text"]?.string ?? ""
            let note =
                text.isEmpty ? "it has no text beside it" : "checked by its text alone: nobody has looked or listened"
            return [
                "id": JSONValue(asset.id), "verdict": JSONValue(text.isEmpty ? "poor" : "good"),
                "note": JSONValue(note),
            ]
        }
        return JSONObject([("checks", .array(checks))])
    }

    func artManifest() -> JSONObject {
        let count = prompt.artifacts("art_render").count
        return JSONObject([
            ("title", JSONValue("The pictures of \(world.title)")),
            ("summary", JSONValue("\(count) pictures, not looked at by anybody. \(Self.disclaimer)")),
        ])
    }

    mutating func cuelist() -> JSONObject {
        let cues = chosenScenes.map { scene -> JSONValue in
            ["scene": JSONValue(scene.id), "cue": JSONValue(words.write("cue"))]
        }
        return JSONObject([("cues", .array(cues))])
    }

    mutating func audioPlan() -> JSONObject {
        var cues = prompt.artifacts("cuelist").flatMap { $0.data["cues"]?.array ?? [] }
        if cues.isEmpty { cues = [["scene": "the first"]] }
        let planned = cues.map { cue -> JSONValue in
            let scene = scenes.first { $0.id == cue["scene"]?.string }
            let spoken = Self.sentences(in: scene?.data["text"]?.string ?? "").first ?? words.write("opening")
            return [
                "scene": JSONValue(cue["scene"]?.string ?? "the first"), "text": JSONValue(spoken),
                "voice": JSONValue(words.write("voice")),
            ]
        }
        return JSONObject([("cues", .array(planned))])
    }

    /// The first scene, one from the middle, and the last.
    private var chosenScenes: [EmbeddedPrompt.Artifact] {
        let scenes = scenes
        guard scenes.count > 3 else {
            let none = EmbeddedPrompt.Artifact(type: "scene", id: "the first", data: .null)
            return scenes.isEmpty ? [none] : scenes
        }
        return [scenes[0], scenes[scenes.count / 2], scenes[scenes.count - 1]]
    }
}
