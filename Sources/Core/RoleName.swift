/// The fifteen roles of the studio, in the order in which lists show them.
public enum RoleName: String, CaseIterable, Codable, Hashable, Sendable {
    case showrunner
    case gatekeeper
    case plotwright
    case sceneSmith = "scene_smith"
    case styleLead = "style_lead"
    case loreWeaver = "lore_weaver"
    case codexCurator = "codex_curator"
    case researcher
    case artDirector = "art_director"
    case illustrator
    case audioDirector = "audio_director"
    case audioProducer = "audio_producer"
    case translator
    case bookBinder = "book_binder"
    case playerNarrator = "player_narrator"

    /// Reads a role's name in any of the accepted spellings: `scene_smith`, `sceneSmith` or `scene-smith`.
    ///
    /// Returns nil for a name that is no role's. Output always uses ``rawValue``.
    public init?(spelling: String) {
        var name = ""
        for character in spelling {
            if character.isUppercase, !name.isEmpty { name.append("_") }
            name.append(character == "-" ? "_" : Character(character.lowercased()))
        }
        self.init(rawValue: name)
    }

    /// The kinds of provider that the role uses: text, and for the picture and sound roles a second one.
    public var kinds: [ProviderKind] {
        switch self {
        case .artDirector, .illustrator: [.text, .image]
        case .audioDirector, .audioProducer: [.text, .audio]
        default: [.text]
        }
    }

    /// The kind that a role's unqualified settings are about: the second of a two-kind role's, else text.
    public var ownKind: ProviderKind { kinds[kinds.count - 1] }
}
