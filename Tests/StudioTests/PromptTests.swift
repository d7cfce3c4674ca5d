import Core
import Testing

@testable import Studio

@Suite struct PromptTests {
    private func prompt(brief: String = "A lighthouse.") throws -> Prompt {
        var prompt = Prompt(
            system: "You are the plotwright.", task: "Plan.", brief: brief,
            form: try #require(Library.builtIn.forms["topology"]))
        prompt.context = [.init(heading: "hook_card HOOK-1", text: #"{"title":"Fog"}"#)]
        prompt.notes = [.init(heading: "lore_weaver", text: "The lamp never moved.")]
        prompt.asks = [PromptLine(key: "sections", value: "4")]
        return prompt
    }

    @Test func theAnswersFormComesLast() throws {
        let (messages, cut) = try prompt().messages(cap: 10_000)
        #expect(cut == nil)
        #expect(messages.map(\.author) == [.system, .user])
        let user = messages[1].content
        let headings = user.split(separator: "\n").filter { $0.hasPrefix("# ") }
        #expect(headings == ["# Task", "# Brief", "# Context", "# Notes", "# Answer"])
        #expect(user.contains("# Answer\nform: topology\nsections: 4\n"))
        #expect(user.contains("## hook_card HOOK-1\n{\"title\":\"Fog\"}"))
    }

    @Test func emptySectionsAreLeftOut() throws {
        var prompt = try prompt(brief: "")
        prompt.notes = []
        let user = prompt.messages(cap: 10_000).messages[1].content
        #expect(!user.contains("# Notes"))
        #expect(!user.contains("# Brief"))
    }

    @Test(arguments: [1_200, 1_300, 1_500, 3_000])
    func aPromptIsCutToItsCapContextFirst(cap: Int) throws {
        var prompt = try prompt(brief: String(repeating: "ä", count: 400))
        prompt.context = [.init(heading: "scene", text: String(repeating: "é", count: 4_000))]
        let (messages, cut) = prompt.messages(cap: cap)
        #expect(cut?.contains("\(cap) bytes") == true)
        #expect(messages.reduce(0) { $0 + $1.content.utf8.count } <= cap)
        #expect(messages[1].content.contains(Prompt.cutMark))
        #expect(messages[1].content.contains("form: topology"))
        #expect(!messages[1].content.contains("\u{FFFD}"))
    }

    @Test func aCutNeverSplitsACharacter() {
        #expect("aé".prefix(utf8Bytes: 2) == "a")
        #expect("👩‍🚀b".prefix(utf8Bytes: 5) == "")
        #expect("abc".prefix(utf8Bytes: 3) == "abc")
    }

    @Test func aNoteKeepsItsFirstWords() {
        #expect("one two\nthree four".prefix(words: 3) == "one two\nthree")
        #expect(" one ".prefix(words: 3) == "one")
        #expect("".prefix(words: 3) == "")
    }
}

@Suite struct DerivedIDTests {
    private let step: Loop.Step

    init() throws { step = try #require(Loop.named("story_spark")?.steps.first) }

    private func id(
        type: String = "hook_card", loop: String = "story_spark", step name: String = "generate_hooks", index: Int = 0,
        brief: String = "Fog.", seed: UInt64? = 7
    ) -> String {
        var step = step
        (step.loop, step.name) = (loop, name)
        return DerivedID(prefix: "HOOK", type: type, step: step, index: index, brief: brief, seed: seed).text
    }

    @Test func theSamePartsGiveTheSameIDForEver() {
        #expect(id() == "HOOK-F3D33CDF0D")
        #expect(id().wholeMatch(of: /HOOK-[0-9A-F]{10}/) != nil)
    }

    @Test func everyPartChangesTheID() {
        let others: Set<String> = [
            id(), id(type: "scene"), id(loop: "scene_forge"), id(step: "collect_hooks"), id(index: 1),
            id(brief: "Rain."), id(seed: 8), id(seed: nil), DerivedID.take(2, of: id()),
        ]
        #expect(others.count == 9)
    }
}
