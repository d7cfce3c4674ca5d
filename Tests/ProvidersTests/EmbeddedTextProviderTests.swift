import Core
import Testing

@testable import Providers

@Suite struct EmbeddedTextProviderTests {
    private let provider = EmbeddedTextProvider(name: "embedded")

    private func answer(_ call: TextCall) async throws -> Answer {
        try await provider.generate(call, permit: permit()) { _ in }
    }

    private func prompt(_ asks: String, brief: String = "A ferry that counts its passengers.", context: String = "")
        -> TextCall
    {
        var prompt = call(
            "# Task\nWrite.\n\n# Brief\n\(brief)\n\n# Context\n\(context)\n\n# Answer\n\(asks)\nAnswer with JSON.\n",
            maxTokens: 4_096)
        prompt.seed = 7
        return prompt
    }

    private func json(_ call: TextCall) async throws -> JSONValue { try await JSONValue(parsing: answer(call).text) }

    private static let plan = ###"""
        ## tu_brief BRIEF-1
        {"title":"Low water","sections":[{"key":"s1","title":"The Stair","exits":["s2","x3"]},{"key":"s2","title":"Night {name}","exits":[]},{"key":"x3","title":"The Boat","exits":[]}]}
        """###

    @Test func theSamePromptAndSeedGiveTheSameBytes() async throws {
        let call = prompt("form: scene\ntitle: The Quay\nexits: s2, s3")
        let first = try await answer(call)
        #expect(try await answer(call) == first)
        // Fixed for ever: a change here makes every stored story of an embedded provider unrepeatable.
        var numbers = StableRandom(["a", "b"], seed: 7)
        #expect([numbers.next(), numbers.next()] == [3_957_174_891_096_456_708, 10_141_284_377_572_320_006])
    }

    @Test func everyPartOfThePromptAndTheSeedMatters() async throws {
        let call = prompt("form: scene\ntitle: The Quay\nexits: s2, s3")
        var texts: Set<String> = [try await answer(call).text]
        var other = call
        other.seed = 8
        texts.insert(try await answer(other).text)
        other = call
        other.messages[0].content += " Please."
        texts.insert(try await answer(other).text)
        other = call
        other.seed = nil
        texts.insert(try await answer(other).text)
        other.take = 2
        texts.insert(try await answer(other).text)
        #expect(texts.count == 5)
    }

    @Test func aTakeIsTheNextSeed() async throws {
        var take = prompt("form: scene\nexits: ")
        take.take = 2
        var seeded = prompt("form: scene\nexits: ")
        seeded.seed = 8
        #expect(try await answer(take) == answer(seeded))
    }

    @Test func itSaysThatItIsNoLanguageModel() async throws {
        let note = try await answer(prompt("form: note"))
        #expect(note.model == "embedded")
        #expect(note.reasoning?.contains("no language model") == true)
        #expect(note.text.contains("no language model"))
        #expect(note.text.split(separator: " ").count <= 150)
        let report = try await json(prompt("form: gatecheck_report"))
        #expect(report["summary"]?.string?.contains("no language model") == true)
        #expect(report["decision"]?.string == "conditional_pass")
        #expect(report["bars"]?.array?.count == 8)
    }

    @Test func hooksAreAsManyAsAskedForAndAllDiffer() async throws {
        for count in [1, 5, 9] {
            let hooks = try #require(try await json(prompt("form: hooks\ncount: \(count)"))["hooks"]?.array)
            #expect(hooks.count == count)
            #expect(Set(hooks.compactMap { $0["title"]?.string }).count == count)
            let kinds: Set = ["place", "person", "object", "event", "question"]
            #expect(hooks.allSatisfy { kinds.contains($0["classification"]?.string ?? "") })
            #expect(hooks.allSatisfy { !($0["summary"]?.string ?? "").isEmpty })
        }
    }

    @Test(arguments: 1...40) func everySectionOfAPlanIsReachedAndThereIsAnEnding(count: Int) async throws {
        let plan = try await json(prompt("form: topology\nsections: \(count)"))
        let sections = try #require(plan["sections"]?.array)
        #expect(sections.compactMap { $0["key"]?.string } == (1...count).map { "s\($0)" })
        #expect(Set(sections.compactMap { $0["title"]?.string }).count == count)
        var reached: Set = ["s1"]
        for section in sections {
            let exits = (section["exits"]?.array ?? []).compactMap(\.string)
            #expect(reached.contains(section["key"]?.string ?? ""))
            #expect(exits.count <= 3)
            reached.formUnion(exits)
        }
        #expect(reached.count == count)
        #expect(sections.contains { $0["exits"]?.array?.isEmpty == true })
    }

    @Test func aBriefKeepsTheTopologyItRevises() async throws {
        let brief = try await json(prompt("form: tu_brief\nsections: 5", context: Self.plan))
        #expect(brief["sections"]?.array?.compactMap { $0["key"]?.string } == ["s1", "s2", "x3"])
        #expect(brief["sections"]?.array?.first?["exits"] == ["s2", "x3"])
        #expect(brief["premise"]?.string?.contains("a ferry that counts its passengers") == true)
    }

    @Test func aTopologyAndItsBriefTellOfOneWorld() async throws {
        let topology = try await json(prompt("form: topology\nsections: 12"))
        let brief = try await json(
            prompt("form: tu_brief\nsections: 12", context: "## tu_brief BRIEF-1\n\(topology.text())"))
        #expect(topology["title"] == brief["title"])
        for key in ["key", "title", "exits", "sets", "gates"] {
            let values = [topology, brief].map { ($0["sections"]?.array ?? []).map { $0[key] } }
            #expect(values[0] == values[1])
        }
        #expect(topology["sections"]?.array?.contains { $0["gates"] != nil } == true)
    }

    @Test func sectionBriefsAreOneForEachSectionOfTheBrief() async throws {
        let pack = try await json(prompt("form: section_briefs", context: Self.plan))
        let sections = try #require(pack["sections"]?.array)
        #expect(sections.compactMap { $0["key"]?.string } == ["s1", "s2", "x3"])
        #expect(sections.allSatisfy { $0["facts"]?.array?.count == 3 && $0["purpose"]?.string?.isEmpty == false })
    }

    @Test func aSceneLeadsToEachOfItsExits() async throws {
        let scene = try await json(
            prompt("form: scene\nsection: s1\ntitle: The Stair\nexits: s2, x3, s9", context: Self.plan))
        let choices = try #require(scene["choices"]?.array)
        #expect(choices.compactMap { $0["target"]?.string } == ["s2", "x3", "s9"])
        #expect(Set(choices.compactMap { $0["label"]?.string }).count == 3)
        #expect(choices[1]["label"]?.string?.contains("the Boat") == true)
        #expect(scene["title"]?.string == "The Stair")
        #expect(scene["ending"]?.bool == false)
        let text = try #require(scene["text"]?.string)
        #expect((80...300).contains(text.split(whereSeparator: \.isWhitespace).count))
        #expect(text.contains("the Stair") || text.contains("The Stair"))
        #expect(text.lowercased().contains(/“(ferry|counts|passengers)[”,]/))
        #expect(!text.contains("{") && !text.contains("}"))
    }

    @Test func aSceneWithoutExitsIsAnEnding() async throws {
        let scene = try await json(prompt("form: scene\nsection: s4\ntitle: Night\nexits: "))
        #expect(scene["choices"]?.array?.isEmpty == true)
        #expect(scene["ending"]?.bool == true)
    }

    @Test func anAnswerIsCutAtMaxTokens() async throws {
        var short = prompt("form: scene\nexits: s2")
        short.maxTokens = 20
        let answer = try await answer(short)
        #expect(answer.usage.outputTokens == 20 && answer.finish == .length)
        short.maxTokens = 4_096
        #expect(try await self.answer(short).text.hasPrefix(answer.text))
    }

    @Test func anAnswerEndsBeforeAStopSequence() async throws {
        var stopped = prompt("form: note")
        stopped.stop = ["", "provider"]
        #expect(try await answer(stopped).text == "This comes from the embedded ")
    }

    @Test func anyPromptGetsAnAnswer() async throws {
        var odd = call("", seed: 1)
        odd.messages = []
        #expect(try await !answer(odd).text.isEmpty)
        odd.wantsJSON = true
        #expect(try await json(odd)["text"]?.string?.isEmpty == false)
        let nested = "# Brief\n" + String(repeating: "{", count: 5_000) + "\n\n# Answer\nform: hooks\ncount: -3\n"
        #expect(try await json(call(nested))["hooks"]?.array?.count == 1)
    }

    @Test func cancellingInTheMiddleKeepsWhatHasCome() async throws {
        let deltas = Deltas()
        let call = prompt("form: scene\nexits: s2")
        let task = Task {
            try await provider.generate(call, permit: permit()) { text in
                deltas.add(text)
                if deltas.all.count == 3 { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        let error = await #expect(throws: ProviderError.self) { try await task.value }
        #expect(error?.kind == .cancelled && error?.partialText == deltas.text)
        #expect(deltas.all.count == 3)
    }
}

@Suite struct GrammarTests {
    @Test func everySymbolThatIsUsedHasItsRule() {
        let bound: Set = ["here", "there", "from", "other", "keyword", "subject"]
        let known = Set(Grammar.all.rules.keys).union(bound)
        for alternative in Grammar.all.rules.values.joined() {
            for slot in alternative.matches(of: /\{(?:a:|A:|title:)?([^}]*)\}/).map(\.output.1) {
                #expect(known.contains(GrammarWriter.uncapitalized(String(slot))), "\(slot)")
            }
        }
    }

    @Test func everyPlaceShowsThingsOfItsOwn() {
        let sites = Grammar.all["site"]
        #expect(Set(sites).count >= EmbeddedPrompt.sectionLimit)
        #expect(sites.allSatisfy { Grammar.all[$0].count >= 3 })
        let sentences = sites.flatMap { Grammar.all[$0] } + Grammar.all["detail"]
        #expect(Set(sentences).count == sentences.count)
    }

    @Test func writersOfOneOrderBeginAtDifferentAlternatives() {
        let grammar = Grammar("[x]\n" + (0..<24).map(String.init).joined(separator: "\n"))
        let texts = (0..<12).map { turn -> String in
            var writer = GrammarWriter(grammar, random: StableRandom(seed: UInt64(turn)))
            (writer.order, writer.turn) = ("a brief", turn)
            return writer.write("x")
        }
        #expect(Set(texts).count == 12)
    }

    @Test func anAlternativeComesAgainOnlyWhenAllHaveBeenUsed() {
        var writer = GrammarWriter(Grammar("[x]\none\ntwo\nthree"), random: StableRandom(seed: 1))
        let texts = (0..<6).map { _ in writer.write("x") }
        #expect(Set(texts[..<3]).count == 3 && Set(texts[3...]).count == 3)
    }

    @Test func slotsMayAskForCapitalsAndArticles() {
        var writer = GrammarWriter(
            Grammar("[x]\n{Noun}, {a:noun}, {A:other}, {title:other}, {missing}.\n[noun]\nold oar\n[other]\nblank map"),
            random: StableRandom(seed: 1))
        #expect(writer.write("x") == "Old oar, an old oar, A blank map, Blank Map, .")
        writer.bind("noun", to: "eel")
        #expect(writer.write("x").hasPrefix("Eel, an eel"))
    }

    @Test func tokensAreTheTextAgain() {
        let text = "An extraordinarily “long” word,\n\ntwo  spaces and 🚢12."
        let tokens = EmbeddedTokens(text)
        #expect(tokens.chunks(of: 3).joined() == text)
        #expect(tokens.count <= text.utf8.count)
        #expect(tokens.prefix(2).chunks(of: 9) == ["An extraor"])
    }
}
