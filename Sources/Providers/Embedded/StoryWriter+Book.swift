import Core

/// The bound book, the archive and the look back.
extension StoryWriter {
    /// What is in hand, in figures: all that can be said without understanding any of it.
    func summary() -> JSONObject {
        let words = scenes.reduce(0) {
            $0 + ($1.data["text"]?.string ?? "").split(whereSeparator: \.isWhitespace).count
        }
        let types = Dictionary(grouping: prompt.artifacts.filter { $0.type != "working_note" }, by: \.type)
        let counts = types.keys.sorted().map { "\(types[$0]?.count ?? 0) × \($0)" }
        var summary = counts.isEmpty ? "Working notes only." : "In hand: \(counts.joined(separator: ", "))."
        if words > 0 { summary += " \(words) words of scenes." }
        if !prompt.notes(of: "translate").isEmpty { summary += " Nothing is translated." }
        return JSONObject([("summary", JSONValue("\(summary) Quality \(Self.notJudged)."))])
    }

    func bookFormats() -> JSONObject {
        JSONObject([("title", JSONValue(storyTitle)), ("formats", ["markdown", "html", "twee", "json"])])
    }

    mutating func frontMatter() -> JSONObject {
        JSONObject([
            ("title", JSONValue(storyTitle)), ("tagline", JSONValue(words.write("tagline"))),
            ("blurb", JSONValue(words.write("blurb"))),
        ])
    }

    func check() -> JSONObject {
        let blockers = openFindings(in: shownBars, statuses: ["red"])
        return JSONObject([
            ("ok", .bool(!blocks)), ("issues", JSONValue(blocks ? blockers : ["The texts are \(Self.notJudged)."])),
        ])
    }

    func viewLog() -> JSONObject {
        let formats = prompt.notes(of: "select_formats").first?["formats"].texts ?? []
        let contents =
            "\(storyTitle), \(scenes.count) scenes, as \(formats.isEmpty ? "ordered" : formats.joined(separator: ", "))."
        return JSONObject([("summary", JSONValue("Bound once. \(Self.disclaimer)")), ("contents", JSONValue(contents))])
    }

    func selection() -> JSONObject {
        JSONObject([("reason", JSONValue("The state of \(storyTitle) after the last gatecheck. \(Self.disclaimer)"))])
    }

    func snapshotNote() -> JSONObject {
        JSONObject([
            ("description", JSONValue("\(storyTitle), with texts by the embedded provider where nobody else wrote."))
        ])
    }

    func archivePackage() -> JSONObject {
        JSONObject([
            ("title", JSONValue("\(storyTitle), as archived")),
            ("summary", JSONValue("What passed the gate is kept. Its texts are \(Self.notJudged).")),
        ])
    }

    /// The title of the newest brief that the prompt shows, else the world's own.
    private var storyTitle: String {
        let briefs = prompt.artifacts("tu_brief").filter { $0.data["sections"]?.array != nil }
        return briefs.last?.data["title"]?.string ?? world.title
    }

    // MARK: - Post-mortem

    func metrics() -> JSONObject {
        let count = { (status: String) in shownBars.filter { $0["status"]?.string == status }.count }
        let figures = [
            ("sections", prompt.sections.count), ("endings", prompt.sections.filter(\.isEnding).count),
            ("green bars", count("green")), ("yellow bars", count("yellow")), ("red bars", count("red")),
        ]
        let metrics = figures.map { name, value -> JSONValue in
            ["name": JSONValue(name), "value": JSONValue("\(value)")]
        }
        return JSONObject([("metrics", .array(metrics))])
    }

    func postMortemReport() -> JSONObject {
        let green = shownBars.filter { $0["status"]?.string == "green" }
        return JSONObject([
            ("title", JSONValue("\(storyTitle), looked back on")), ("summary", JSONValue(Self.disclaimer)),
            ("went_well", JSONValue(green.compactMap { $0["bar"]?.string.map { "\($0) is green." } })),
            ("went_badly", JSONValue(openFindings(in: shownBars))),
        ])
    }

    func actionItems() -> JSONObject {
        let open = prompt.artifacts("post_mortem_report").last?.data["went_badly"].texts ?? []
        let items = open.prefix(6).map { finding -> JSONValue in
            ["action": JSONValue("Settle: \(finding)"), "owner": JSONValue(Self.owner(of: finding))]
        }
        let reading: JSONValue = ["action": "Read the scenes, or have a model read them.", "owner": "gatekeeper"]
        return JSONObject([("items", .array(items.isEmpty ? [reading] : items))])
    }

    private static func owner(of finding: String) -> String {
        switch finding.prefix(while: { $0 != ":" }) {
        case "style": "style_lead"
        case "presentation": "scene_smith"
        case "accessibility", "determinism": "art_director"
        default: "plotwright"
        }
    }
}
