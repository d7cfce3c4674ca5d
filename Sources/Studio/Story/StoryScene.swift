package import Core

/// A scene as a reader meets it, whichever form it was written in.
package struct StoryScene: Hashable, Sendable {
    package struct Choice: Hashable, Sendable {
        package var label: String
        /// The id of the scene to which it leads; empty when it names none.
        package var target: String
        /// The codewords that a reader must have, all of them.
        package var requires: [String]
        /// In prose, when it may be made; empty when nothing is said.
        package var condition: String
    }

    package var id: String
    /// Empty when it has none.
    package var title: String
    package var text: String
    package var choices: [Choice]
    /// The codewords that a reader has from here on.
    package var sets: [String]
    package var isEnding: Bool
    package var isStart: Bool
    package var isAlternateStart: Bool
    /// Whether a reader must be able to come here.
    package var isKeystone: Bool

    /// The types of artifacts that are scenes.
    static let types: Set<String> = ["scene", "manuscript_section"]

    /// Reads an artifact; nil when its type is no scene's. What its data does not say, or says in a wrong form, is absent.
    package init?(id: String, type: String, data: JSONValue) {
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
