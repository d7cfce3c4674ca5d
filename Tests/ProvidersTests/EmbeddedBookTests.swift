import Core
import SuiteKit
import TestKit
import Testing

@testable import Providers

/// A book that the embedded provider writes as the studio asks it to, plan first and then scene by scene.
private struct Book {
    var sections: [JSONValue]
    var scenes: [JSONValue]

    init(sections count: Int, brief: String, seed: UInt64?) async throws {
        let plan = try await Self.answer("form: topology\nsections: \(count)", brief: brief, seed: seed)
        sections = plan["sections"]?.array ?? []
        scenes = []
        for (index, section) in sections.enumerated() {
            let key = section["key"]?.string ?? ""
            let exits = section["exits"].texts
            let near = sections.map { other -> JSONValue? in
                if other == section { return section }
                let isNear = exits.contains(other["key"]?.string ?? "") || other["exits"].texts.contains(key)
                return isNear ? ["key": other["key"] ?? .null, "title": other["title"] ?? .null] : nil
            }
            let shown: JSONValue = ["title": plan["title"] ?? .null, "sections": .array(near.compactMap(\.self))]
            scenes.append(
                try await Self.answer(
                    "form: scene\nsection: \(key)\ntitle: \(section["title"]?.string ?? "")\nexits: "
                        + exits.joined(separator: ", "),
                    brief: brief, context: "## tu_brief BRIEF-1\n\(shown.text())",
                    seed: seed.map { $0 &+ UInt64(index) }))
        }
    }

    private static func answer(
        _ asks: String, brief: String, context: String = "", seed: UInt64?
    ) async throws -> JSONValue {
        let text =
            "# Task\nWrite.\n\n# Brief\n\(brief)\n\n# Context\n\(context)\n\n# Answer\n\(asks)\nAnswer with JSON."
        var request = call(text, maxTokens: 8_192)
        request.seed = seed
        let answer = try await EmbeddedTextProvider(name: "embedded").generate(request, permit: permit()) { _ in }
        return try JSONValue(parsing: answer.text)
    }

    var texts: [String] { scenes.compactMap { $0["text"]?.string } }
    var labels: [String] { scenes.flatMap { ($0["choices"]?.array ?? []).compactMap { $0["label"]?.string } } }
}

@Suite(.oneAtATime, .timeLimit(.minutes(20))) struct EmbeddedBookTests {
    private static let briefs = [
        "A ferry that counts its passengers.", "", "Who put out the lighthouse? A mystery for two.",
    ]

    @Test(arguments: briefs, [nil, 1, 7, 40] as [UInt64?])
    func aBookOfTwelveScenesIsWorthReadingOnce(brief: String, seed: UInt64?) async throws {
        let book = try await Book(sections: 12, brief: brief, seed: seed)
        #expect(book.texts.count == 12)
        var seen: [String: Int] = [:]
        for text in book.texts {
            let sentences = StoryWriter.sentences(in: text)
            #expect(Set(sentences).count == sentences.count, "a sentence comes twice in:\n\(text)")
            for sentence in sentences { seen[sentence, default: 0] += 1 }
            #expect((100...300).contains(text.split(whereSeparator: \.isWhitespace).count))
            for word in ["{", "}", "codeword", "section", "state"] { #expect(!text.contains(word)) }
        }
        let repeated = seen.filter { $0.value > 1 }
        #expect(repeated.count <= 4, "\(repeated)")
        #expect(Set(book.labels).count == book.labels.count, "two choices of the book are worded alike")
        let endings = book.scenes.filter { $0["ending"]?.bool == true }.compactMap { $0["text"]?.string }
        #expect(endings.count >= 3)
        let lastLines = endings.map { $0.split(separator: "\n").suffix(2).joined() }
        #expect(Set(lastLines).count == endings.count)
    }

    @Test func aBookTellsOfTheSamePeopleWhateverItsSeed() async throws {
        let world = World(brief: Self.briefs[0])
        for seed in [nil, 3, 90] as [UInt64?] {
            let text = try await Book(sections: 6, brief: Self.briefs[0], seed: seed).texts.joined()
            #expect(world.people.allSatisfy { text.contains($0.name) })
            #expect(text.contains(world.relic) && text.contains(world.town))
            for name in Grammar.world["name"] where !world.people.map(\.name).contains(name) {
                #expect(!text.contains(name), "\(name) is of another world")
            }
        }
        #expect(World(brief: Self.briefs[2]).title != world.title)
    }

    @Test func aWayThatIsLockedOpensToWhoHasBeenElsewhere() async throws {
        let book = try await Book(sections: 12, brief: Self.briefs[0], seed: 7)
        let choices = book.scenes.flatMap { $0["choices"]?.array ?? [] }
        let needed = Set(choices.flatMap { $0["requires"].texts })
        let given = Set(book.scenes.flatMap { $0["sets"].texts })
        #expect(!needed.isEmpty && needed == given)
        for scene in book.scenes {
            let open = (scene["choices"]?.array ?? []).filter { $0["requires"].texts.isEmpty }
            #expect(scene["ending"]?.bool == true || !open.isEmpty, "a reader may be shut in at \(scene)")
            let things = scene["sets"].texts.compactMap { World(brief: Self.briefs[0]).token(for: $0) }
            #expect(things.allSatisfy { scene["text"]?.string?.contains($0) == true })
        }
    }

    @Test(arguments: 1...40) func everySectionIsReachedWithoutAnyKeyAndEveryWayEnds(count: Int) {
        let graph = PlanGraph(count: count)
        var reached: Set = [0]
        for (section, exits) in graph.exits.enumerated() {
            let locked = graph.gates.filter { $0.from == section }.map(\.to)
            let open = exits.filter { !locked.contains($0) }
            #expect(reached.contains(section))
            #expect(exits.allSatisfy { $0 > section } && Set(exits).count == exits.count && exits.count <= 3)
            #expect(exits.isEmpty || !open.isEmpty)
            reached.formUnion(open)
        }
        #expect(reached.count == count)
        let endings = graph.exits.filter(\.isEmpty).count
        #expect(endings >= (count >= 8 ? 3 : count >= 3 ? 2 : 1))
        #expect(count < 3 || graph.exits[0].count > 1)
    }

    @Test(arguments: [8, 12, 24, 40]) func waysPartAndMeetAgain(count: Int) {
        let graph = PlanGraph(count: count)
        let targets = Array(graph.exits.joined())
        #expect(Set(targets).count < targets.count)
        #expect(count < 12 || !graph.gates.isEmpty)
        for gate in graph.gates {
            var after: Set = [gate.giver]
            for section in gate.giver..<count where after.contains(section) { after.formUnion(graph.exits[section]) }
            #expect(after.contains(gate.from), "what opens the way lies nowhere before it")
            #expect(Self.avoids(gate.giver, to: gate.from, in: graph), "every reader has what opens the way")
        }
    }

    /// Whether a reader can come to a section without having been to another.
    private static func avoids(_ section: Int, to goal: Int, in graph: PlanGraph) -> Bool {
        var reached: Set = [0]
        for other in graph.exits.indices where reached.contains(other) && other != section {
            reached.formUnion(graph.exits[other])
        }
        return reached.contains(goal)
    }

    @Test func aRevisionChangesAFewWordsAndComesToAnEnd() async throws {
        let book = try await Book(sections: 12, brief: Self.briefs[0], seed: 7)
        var changed = 0
        for text in book.texts {
            var draft = text
            for _ in 0..<8 { draft = ProseReviser.revised(draft) }
            #expect(ProseReviser.rules(for: draft).isEmpty)
            changed += ProseReviser.revised(text) == text ? 0 : 1
            #expect(StoryWriter.sentences(in: draft).count == StoryWriter.sentences(in: text).count)
        }
        #expect(changed >= 6)
    }
}
