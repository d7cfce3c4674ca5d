import Core

/// The sections of a brief and how they lead to one another.
struct StoryPlan: Hashable, Sendable {
    struct Section: Hashable, Sendable {
        /// The brief that the section is of, as the id of its first take.
        var brief: String
        /// Names the section within its plan: `s1`.
        var key: String
        var title: String
        var exits: [String]
        /// Whether the story starts with it.
        var isStart = false
        /// What the reader gains here and which of it each exit needs, by the exit's key; nil when the plan says of no
        /// section.
        var words: Words?
    }

    struct Words: Hashable, Sendable {
        var sets: [String]
        var needs: [String: String]
    }

    var sections: [Section]

    /// Reads the plan from a brief; entries without a key are left out.
    init(_ brief: ReadableArtifact) { self.init(brief: brief.data, id: brief.piece) }

    private init(brief: JSONValue, id: String) {
        let entries = brief["sections"]?.array ?? []
        let hasWords = entries.contains { $0["sets"]?.array?.isEmpty == false }
        sections = entries.compactMap { entry in
            guard let key = entry["key"]?.string else { return nil }
            return Section(
                brief: id, key: key, title: entry["title"]?.string ?? key,
                exits: (entry["exits"]?.array ?? []).compactMap(\.string), words: hasWords ? Words(entry) : nil)
        }
        if !sections.isEmpty { sections[0].isStart = true }
    }

    /// Brings a brief that a model wrote into order: at most `limit` sections, those nearest to the start first
    /// chosen; an exit that leads to none of them, or back to its own section, is dropped.
    ///
    /// Throws when two sections have one key, or a key is more than a short word: keys stand in prompts.
    static func mended(_ brief: JSONObject, limit: Int) throws(UnreadableAnswer) -> JSONObject {
        let plan = StoryPlan(brief: .object(brief), id: "")
        var seen: Set<String> = []
        for section in plan.sections {
            guard section.key.isShortWord else { throw UnreadableAnswer("a section's key is no short word") }
            guard seen.insert(section.key).inserted else {
                throw UnreadableAnswer("two sections have the key \(section.key)")
            }
        }
        let kept = plan.nearestToStart(limit)
        var mended = brief
        let entries = (brief["sections"]?.array ?? []).filter { kept.contains($0["key"]?.string ?? "") }
        mended["sections"] = .array(entries.map { $0.keepingExits(to: kept) })
        return mended
    }

    /// The keys of up to `limit` sections in the order in which a reader may come to them, then of the others.
    private func nearestToStart(_ limit: Int) -> Set<String> {
        let exits = Dictionary(sections.map { ($0.key, $0.exits) }, uniquingKeysWith: { first, _ in first })
        var order = sections.first.map { [$0.key] } ?? []
        var next = 0
        while next < order.count {
            for exit in exits[order[next]] ?? [] where exits[exit] != nil && !order.contains(exit) {
                order.append(exit)
            }
            next += 1
        }
        let others = sections.map(\.key).filter { !order.contains($0) }
        return Set((order + others).prefix(limit))
    }
}

extension StoryPlan.Words {
    fileprivate init(_ entry: JSONValue) {
        sets = (entry["sets"]?.array ?? []).compactMap(\.string)
        let gates = (entry["gates"]?.array ?? []).compactMap { gate -> (String, String)? in
            guard let exit = gate["exit"]?.string, let word = gate["needs"]?.string else { return nil }
            return (exit, word)
        }
        needs = Dictionary(gates, uniquingKeysWith: { first, _ in first })
    }
}

extension JSONValue {
    /// A section's entry with only those of its exits that lead to other sections of `keys`, each once.
    fileprivate func keepingExits(to keys: Set<String>) -> JSONValue {
        guard var entry = object else { return self }
        var exits: [JSONValue] = []
        for exit in self["exits"]?.array ?? [] {
            guard let key = exit.string, keys.contains(key), key != self["key"]?.string, !exits.contains(exit)
            else { continue }
            exits.append(exit)
        }
        entry["exits"] = .array(exits)
        return .object(entry)
    }
}
