import Core

/// Translation, which a grammar cannot do: texts go through unchanged, and every report says so.
extension StoryWriter {
    private static let notTranslated = "Nothing is translated: the embedded provider knows English only."
    private static let languages = [
        "French", "German", "Spanish", "Italian", "Portuguese", "Dutch", "Polish", "Swedish", "Japanese", "Chinese",
    ]

    private var language: String {
        let named = prompt.notes(of: "extract_strings").first?["language"]?.string
        return named ?? Self.languages.first { prompt.brief.contains($0) } ?? Self.languages[0]
    }

    func glossary() -> JSONObject {
        let terms = [world.town] + world.people.map(\.name) + ["the \(world.relic)"]
        let entries = terms.map { term -> JSONValue in ["term": JSONValue(term), "rendering": JSONValue(term)] }
        return JSONObject([("language", JSONValue(language)), ("glossary", .array(entries))])
    }

    func translation() -> JSONObject {
        let data = prompt.subject?.data ?? .null
        var translation = JSONObject()
        if let title = data["title"]?.string { translation["title"] = JSONValue(title) }
        translation["text"] = JSONValue(data["text"]?.string ?? Self.notTranslated)
        translation["choices"] = JSONValue((data["choices"]?.array ?? []).compactMap { $0["label"]?.string })
        return translation
    }

    /// What is still open: in a gatecheck's report its findings, else that nothing is translated.
    func issues() -> JSONObject {
        let isReview = !prompt.artifacts("gatecheck_report").isEmpty
        return JSONObject([("issues", JSONValue(isReview ? openFindings(in: shownBars) : [Self.notTranslated]))])
    }

    func languagePack() -> JSONObject {
        JSONObject([
            ("language", JSONValue(language)), ("summary", JSONValue(Self.notTranslated)),
            ("register", [["use": "the narrator to the reader", "form": "you"]]),
        ])
    }
}
