import Core
package import Workspace

/// Chooses what of finished artifacts is for readers, and binds it.
///
/// Scenes, front matter and codex entries become player-safe by passing the gate, which marks them. Scenes and front
/// matter that nobody has marked, as questfoundry-py leaves them, pass the gate here or stay out. Everything else stays
/// out.
package struct Binding {
    /// What is known of a medium's file: its type and bytes.
    package typealias MediaReader = (_ id: String) throws(WorkspaceError) -> (type: String, bytes: [UInt8])?

    /// How many bytes of pictures and sounds a book holds at most.
    private static let mostMediaBytes = 64 << 20

    private let name: String
    private let media: MediaReader
    private var leftOut: [LeftOut] = []

    /// `name` is what the book is called when its front matter does not say.
    package init(name: String, media: @escaping MediaReader) {
        self.name = name
        self.media = media
    }

    /// Throws ``BookError`` when nothing is for readers, and what reading a medium throws.
    package mutating func book(of artifacts: [Artifact]) throws -> Book {
        let chosen = choose(artifacts)
        let story = Story(chosen)
        guard !story.graph.scenes.isEmpty else { throw nothing(of: artifacts) }
        for scene in story.graph.duplicates { leave(out: scene.id, "scene", "has the id of another scene") }
        let order = story.graph.order
        var number = Array(repeating: 0, count: order.count)
        for (index, scene) in order.enumerated() { number[scene] = index }
        var scenes = order.map { scene(story.graph.scenes[$0], exits: story.graph.exits[$0], number) }
        try add(story.assets, to: &scenes)
        let matter = chosen.filter { $0.type == StoryPage.Kind.frontMatter.rawValue }.map(\.data)
        let pages = story.pages.sorted { ($0.title, $0.id) < ($1.title, $1.id) }
        return Book(
            title: matter.map { $0.text("book_title", "title") }.first { !$0.isEmpty }?.bookLine ?? name.bookLine,
            author: matter.map { $0.text("author", "byline") }.first { !$0.isEmpty }?.bookLine ?? "",
            language: matter.compactMap { $0.text("language", "lang").asLanguageTag }.first ?? "en",
            frontMatter: pages.filter { $0.kind == .frontMatter && !$0.text.isEmpty }.map(Book.Page.init),
            scenes: scenes, alternateStarts: story.graph.starts.dropFirst().map { number[$0] },
            codex: pages.filter { $0.kind == .codexEntry }.map(Book.Page.init), leftOut: leftOut)
    }

    // MARK: - What is for readers

    private mutating func choose(_ artifacts: [Artifact]) -> [Artifact] {
        var candidates: [Artifact] = []
        for artifact in artifacts {
            if let reason = Self.reasonAgainst(artifact) {
                leave(out: artifact.id, artifact.type, reason)
            } else {
                candidates.append(artifact)
            }
        }
        let isUnmarked = { (artifact: Artifact) in artifact.metadata["player_safe"]?.bool == nil }
        guard candidates.contains(where: isUnmarked), let blocker = Gate(Story(candidates)).blocker else {
            return candidates
        }
        let reason = "does not pass the gate, \(blocker.name.rawValue): \(blocker.findings.first ?? "")"
        for artifact in candidates where isUnmarked(artifact) { leave(out: artifact.id, artifact.type, reason) }
        return candidates.filter { !isUnmarked($0) }
    }

    /// Why an artifact is not for readers; nil when it is, or the gate has to say.
    private static func reasonAgainst(_ artifact: Artifact) -> String? {
        let isMarked = artifact.metadata["player_safe"]?.bool
        guard artifact.needsReview == nil else { return "needs review" }
        guard isMarked != false else { return "is marked as not safe for players" }
        switch artifact.type {
        case StoryPage.Kind.codexEntry.rawValue where isMarked == nil: return "is not marked as safe for players"
        case StoryPage.Kind.codexEntry.rawValue, StoryPage.Kind.frontMatter.rawValue: return nil
        case Asset.Kind.picture.rawValue, Asset.Kind.sound.rawValue: return nil
        case _ where StoryScene.types.contains(artifact.type): return nil
        default: return "is for the studio: a \(artifact.type.inFindings()) is never for players"
        }
    }

    private mutating func leave(out id: String, _ type: String, _ reason: String) {
        leftOut.append(LeftOut(id: id, type: type, reason: reason))
    }

    private func nothing(of artifacts: [Artifact]) -> BookError {
        guard let first = leftOut.first(where: { StoryScene.types.contains($0.type) }) else {
            return BookError(
                message: "there is no finished scene to bind: run gatecheck and archive_snapshot, or promote scenes")
        }
        return BookError(
            message: "no finished scene is for players: \(first.id.inFindings(atMost: 200)) \(first.reason)")
    }

    // MARK: - Scenes

    private mutating func scene(_ scene: StoryScene, exits: [SceneGraph.Exit], _ number: [Int]) -> Book.Scene {
        let led = Set(exits.map(\.choice))
        for (index, choice) in scene.choices.enumerated() where !led.contains(index) {
            leave(
                out: scene.id, "choice",
                "has a choice \(index + 1) to \(choice.target.inFindings()), which is not there")
        }
        let choices = exits.map { exit in
            let choice = scene.choices[exit.choice]
            let label = choice.label.bookLine
            return Book.Choice(
                label: label.isEmpty ? "Go on" : label, target: number[exit.target],
                requires: choice.requires.map(\.bookLine), condition: choice.condition.bookLine)
        }
        return Book.Scene(
            id: scene.id.bookLine, title: scene.title.bookLine, text: scene.text.bookText, choices: choices,
            sets: scene.sets.map(\.bookLine), isEnding: scene.isEnding)
    }

    // MARK: - Pictures and sounds

    private mutating func add(_ assets: [Asset], to scenes: inout [Book.Scene]) throws(WorkspaceError) {
        let places = Dictionary(scenes.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        var left = Self.mostMediaBytes
        for asset in assets {
            guard let place = places[asset.scene.bookLine] else {
                leave(out: asset.id, asset.kind.rawValue, "belongs to no scene of the book")
                continue
            }
            guard let medium = try media(asset.id) else {
                leave(out: asset.id, asset.kind.rawValue, "has no file in media that is a picture or a sound")
                continue
            }
            guard medium.bytes.count <= left else {
                leave(
                    out: asset.id, asset.kind.rawValue, "would make the book larger than 64 MiB of pictures and sounds")
                continue
            }
            left -= medium.bytes.count
            scenes[place].media.append(
                Book.Medium(type: medium.type, bytes: medium.bytes, alternative: asset.alternative.bookText))
        }
    }
}

extension Book.Page {
    fileprivate init(_ page: StoryPage) {
        self.init(id: page.id.bookLine, title: page.title.bookLine, text: page.text.bookText)
    }
}

extension String {
    /// The text when it is a BCP 47 tag as a page may carry it.
    fileprivate var asLanguageTag: String? {
        let parts = bookLine.split(separator: "-", omittingEmptySubsequences: false)
        let isTag = parts.allSatisfy {
            (1...8).contains($0.count) && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
        return isTag && (2...3).contains(parts[0].count) && parts.count <= 4 ? bookLine : nil
    }
}
