public import Core

/// Short answers in the forms that the studio's prompts ask for: what a model on a fake server says.
public enum FakeStory {
    /// An answer to the body of a request, in any provider's form; plain prose when its prompt names no form of its own.
    public static func answer(to body: JSONValue) -> String {
        let last = (body["messages"] ?? body["contents"])?.array?.last
        let block = (last?["content"] ?? last?["parts"])?.array?.last
        let prompt = last?["content"]?.string ?? block?["text"]?.string ?? ""
        let asks = asks(of: prompt)
        switch asks["form"] {
        case "hooks": return hooks(count: asks["count"].flatMap { Int($0) } ?? 3).text()
        case "topology", "tu_brief": return plan(count: asks["sections"].flatMap { Int($0) } ?? 3).text()
        case "section_briefs": return sectionBriefs.text()
        case "scene": return scene(asks).text()
        case "gatecheck_report": return report.text()
        default: return "Keep the lamp in every scene and let the fog decide."
        }
    }

    /// The lines `key: value` after the last heading `# Answer`.
    private static func asks(of prompt: String) -> [String: String] {
        var asks: [String: String] = [:]
        for line in prompt.split(separator: "\n").reversed() {
            if line == "# Answer" { break }
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            asks[String(parts[0])] = parts[1].split(separator: " ").joined(separator: " ")
        }
        return asks
    }

    private static func hooks(count: Int) -> JSONValue {
        let hooks = (1...max(count, 1)).map { number -> JSONValue in
            [
                "title": JSONValue("Lamp \(number)"), "classification": "object",
                "summary": JSONValue("Lamp number \(number) burns without oil. The keeper's daughter knows why."),
            ]
        }
        return ["hooks": .array(hooks)]
    }

    /// The first section leads to all others, which are endings.
    private static func plan(count: Int) -> JSONValue {
        let keys = (1...max(count, 1)).map { "s\($0)" }
        let sections = keys.enumerated().map { index, key -> JSONValue in
            let exits = index == 0 ? keys.dropFirst().map { JSONValue($0) } : []
            return [
                "key": JSONValue(key), "title": JSONValue("Part \(index + 1)"), "summary": "The light moves.",
                "exits": .array(exits),
            ]
        }
        return ["title": "Low water", "premise": "Somebody must put out the lamp.", "sections": .array(sections)]
    }

    private static let sectionBriefs: JSONValue = [
        "sections": [
            [
                "key": "s1", "title": "Part 1", "purpose": "Begin.", "facts": ["The lamp is lit by hand."],
                "mood": "hushed",
            ]
        ]
    ]

    private static func scene(_ asks: [String: String]) -> JSONValue {
        let exits = (asks["exits"] ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
        let choices = exits.map { exit -> JSONValue in
            ["label": JSONValue("Go to \(exit)"), "target": JSONValue(exit)]
        }
        return [
            "title": JSONValue(asks["title"] ?? "A scene"),
            "text": "The steps are wet. Above you the light stops turning.",
            "choices": .array(choices), "sets": [], "ending": JSONValue.bool(exits.isEmpty),
        ]
    }

    private static let report: JSONValue = [
        "decision": "pass", "bars": [["bar": "style", "status": "green", "findings": []]],
        "summary": "Nothing to object to.",
    ]
}
