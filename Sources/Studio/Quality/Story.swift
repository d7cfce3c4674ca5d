import Core
package import Workspace

/// What the bars are computed of: scenes and how they lead to one another, what else a reader reads, pictures and sounds.
package struct Story: Sendable {
    /// An artifact, with what is known of it where that is at hand.
    struct Piece: Sendable {
        var id: String
        var type: String
        var data: JSONValue
        var metadata = JSONObject()
    }

    let graph: SceneGraph
    let assets: [Asset]
    /// Texts for readers that are no scenes.
    let pages: [StoryPage]

    init(_ pieces: [Piece]) {
        graph = SceneGraph(pieces.compactMap { StoryScene(id: $0.id, type: $0.type, data: $0.data) })
        assets = pieces.compactMap(Asset.init)
        pages = pieces.compactMap { StoryPage(id: $0.id, type: $0.type, data: $0.data) }
    }

    /// Takes the artifacts of a store but for answers that nobody could read.
    package init(_ artifacts: [Artifact]) {
        self.init(
            artifacts.filter { $0.needsReview == nil }.map {
                Piece(id: $0.id, type: $0.type, data: $0.data, metadata: $0.metadata)
            })
    }
}

/// A text for readers that is no scene: front matter, or an entry of the codex.
struct StoryPage: Hashable, Sendable {
    enum Kind: String, Hashable, Sendable {
        case frontMatter = "front_matter"
        case codexEntry = "codex_entry"
    }

    var id: String
    var kind: Kind
    var title: String
    var text: String

    init?(id: String, type: String, data: JSONValue) {
        guard let kind = Kind(rawValue: type) else { return nil }
        self.id = id
        self.kind = kind
        title = data.title
        text = data.text("text", "body", "entry", "blurb", "summary")
    }
}

/// A picture or a sound: an `art_render` or an `audio_asset`.
struct Asset: Hashable, Sendable {
    enum Kind: String, Hashable, Sendable {
        case picture = "art_render"
        case sound = "audio_asset"
    }

    var id: String
    var kind: Kind
    /// What it shows, or what is heard, in words; empty when nobody has said it.
    var alternative: String
    /// The id of the scene that it belongs to; empty when it names none.
    var scene: String
    /// Which of seed, model and settings are nowhere written down.
    var missing: [String]
    /// Whether its seed is written down as none: its model takes none.
    var hasNoSeed: Bool

    init?(_ piece: Story.Piece) {
        guard let kind = Kind(rawValue: piece.type) else { return nil }
        self.kind = kind
        id = piece.id
        alternative =
            kind == .picture
            ? piece.data.text("alt_text", "alt") : piece.data.text("text", "transcript", "text_equivalent")
        scene = piece.data["scene"]?.word ?? piece.data["scene_id"]?.word ?? ""
        let places = [piece.data, .object(piece.metadata), piece.metadata["provenance"] ?? .null]
        func values(_ keys: String...) -> [JSONValue] { places.flatMap { place in keys.compactMap { place[$0] } } }
        let seeds = values("seed")
        let needed = [
            ("seed", seeds), ("model", values("model").filter { !$0.word.isEmpty }),
            ("settings", values("settings", "parameters").filter { !$0.isNull }),
        ]
        missing = needed.filter(\.1.isEmpty).map(\.0)
        hasNoSeed = !seeds.isEmpty && seeds.allSatisfy(\.isNull)
    }
}
