import Core

/// Chooses what one request of a step reads, so that what is about something else changes no prompt.
struct ContextChoice: Sendable {
    /// What the step reads, in the order of its inputs, and then its working notes.
    private let all: [ReadableArtifact]
    private let briefs: [ReadableArtifact]
    /// What there is of other types than one of which there are parts.
    private let others: [String: [ReadableArtifact]]
    private let ownTypes: Set<String>
    private let hasParts: Bool

    /// `notes` are the working notes that the step reads, and `parts` what its requests are about.
    init(reading: [ReadableArtifact], notes: [ReadableArtifact], parts: [LoopEngine.Part]) {
        let all = reading + notes
        self.all = all
        briefs = reading.filter { $0.type == "tu_brief" }
        hasParts = parts.contains { $0.section != nil || $0.artifact != nil }
        ownTypes = Set(parts.compactMap { $0.artifact?.type })
        others = Dictionary(
            uniqueKeysWithValues: ownTypes.map { type in (type, all.filter { $0.type != type }) })
    }

    /// What a request about a part reads: the part's own first, then what is about all.
    func passages(for part: LoopEngine.Part) -> [Prompt.Passage] {
        if let section = part.section { return passages(about: section) }
        if let artifact = part.artifact { return passages(about: artifact) }
        return all.map(\.passage)
    }

    /// What the consulted roles of a step with many requests read: what is about all of its parts.
    func sharedPassages() -> [Prompt.Passage] {
        guard hasParts else { return all.map(\.passage) }
        let shared = all.filter { artifact in
            !ownTypes.contains(artifact.type) && artifact.data["key"] == nil && artifact.data["about"] == nil
        }
        return shared.compactMap { artifact in
            artifact.passage { entry in Self.names.contains { entry[$0] != nil } ? .none : .whole }
        }
    }

    // MARK: - About a section

    private func passages(about section: StoryPlan.Section) -> [Prompt.Passage] {
        let brief = briefs.first { $0.piece == section.brief }
        var near = Set(section.exits)
        for entry in brief.map(StoryPlan.init)?.sections ?? [] where entry.exits.contains(section.key) {
            near.insert(entry.key)
        }
        return all.compactMap { artifact in
            if artifact.type == "tu_brief", artifact.piece != section.brief { return nil }
            // What is said of sections under these keys may be about another brief's.
            if let brief = artifact.data["brief"]?.string, brief != section.brief { return nil }
            if let key = artifact.data["key"]?.string, key != section.key { return nil }
            return artifact.passage { entry in
                guard let key = entry["key"]?.string else { return .whole }
                if key == section.key { return .whole }
                return near.contains(key) && artifact.piece == section.brief ? .keys(["key", "title"]) : .none
            }
        }
    }

    // MARK: - About an artifact

    private static let names = ["key", "scene", "id"]

    private func passages(about own: ReadableArtifact) -> [Prompt.Passage] {
        let near = (others[own.type] ?? all).filter {
            $0.data["about"] == nil || $0.data["about"]?.string == own.id
        }
        return [own.passage]
            + near.compactMap { artifact in
                artifact.passage { entry in
                    guard let name = Self.names.lazy.compactMap({ entry[$0]?.string }).first else { return .whole }
                    return name == own.id || name == own.piece ? .whole : .none
                }
            }
    }
}

extension ReadableArtifact {
    fileprivate enum Share {
        case whole
        case keys([String])
        case none
    }

    /// The passage with only those entries of its lists that are of use; nil when nothing of the artifact is left.
    fileprivate func passage(keeping share: (JSONObject) -> Share) -> Prompt.Passage? {
        guard let object = data.object else { return passage }
        var kept = JSONObject()
        for member in object.members {
            guard let list = member.value.array, list.contains(where: { $0.object != nil }) else {
                kept[member.key] = member.value
                continue
            }
            let entries = list.compactMap { value -> JSONValue? in
                guard let entry = value.object else { return value }
                switch share(entry) {
                case .whole: return value
                case .keys(let keys): return .object(JSONObject(keys.map { ($0, entry[$0] ?? .null) }))
                case .none: return nil
                }
            }
            if !entries.isEmpty { kept[member.key] = .array(entries) }
        }
        guard !kept.members.isEmpty else { return nil }
        var part = self
        part.data = .object(kept)
        return part.passage
    }
}
