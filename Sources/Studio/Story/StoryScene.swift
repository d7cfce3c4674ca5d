import Core

/// A scene as a reader meets it, whichever form it was written in.
struct StoryScene: Hashable, Sendable {
    struct Choice: Hashable, Sendable {
        var label: String
        /// The id of the scene to which it leads; empty when it names none.
        var target: String
        /// The codewords that a reader must have, all of them.
        var requires: [String]
        /// In prose, when it may be made; empty when nothing is said.
        var condition: String
    }

    var id: String
    /// Empty when it has none.
    var title: String
    var text: String
    var choices: [Choice]
    /// The codewords that a reader has from here on.
    var sets: [String]
    var isEnding: Bool
    var isStart: Bool
    var isAlternateStart: Bool
    /// Whether a reader must be able to come here.
    var isKeystone: Bool

    /// The types of artifacts that are scenes.
    static let types: Set<String> = ["scene", "manuscript_section"]

    /// Reads an artifact; nil when its type is no scene's. What its data does not say, or says in a wrong form, is absent.
    init?(id: String, type: String, data: JSONValue) {
        guard Self.types.contains(type) else { return nil }
        let ownID = data["id"]?.word ?? ""
        self.id = ownID.isEmpty ? id : ownID
        title = data.title
        text = data.text("text", "body")
        choices = (data["choices"]?.array ?? []).map(Choice.init)
        sets = data.words("sets", "grants")
        isEnding = data.flag("ending", "terminal")
        isStart = data.flag("start", "first")
        isAlternateStart = data.flag("alternate_start")
        isKeystone = data.flag("keystone", "required")
    }
}

extension StoryScene.Choice {
    fileprivate init(_ value: JSONValue) {
        label = value.string ?? value.text("label", "text")
        target = value["target"]?.word ?? ""
        requires = value.words("requires")
        condition = value.text("condition")
    }
}

extension JSONValue {
    /// What the content of an artifact is called; empty when it does not say.
    var title: String {
        let title = text("title", "name")
        return title.isEmpty ? self["header"]?.text("short_name") ?? "" : title
    }
}
