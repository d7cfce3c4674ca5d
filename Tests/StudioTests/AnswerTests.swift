import Core
import Testing

@testable import Studio

@Suite struct AnswerTests {
    private static let hook = #"{"hooks":[{"title":"A","summary":"B"}]}"#

    private func form(_ name: String) throws -> Form { try #require(Library.builtIn.forms[name]) }

    @Test(arguments: [
        hook,
        "```json\n\(hook)\n```",
        "Here you are, {friend}:\n\(hook)\nTell me if you want more.",
        "  \n\(hook)",
        #"{"hooks":{"title":"A","summary":"B"}}"#,
        #"{"hooks":[{"title":" A ","summary":"B","mood":"dropped"}],"more":1}"#,
        // Slips of small models.
        #"{"title":"A","summary":"B"}"#,
        #"[{"title":"A","summary":"B"}]"#,
        #"Of [two] I choose: [{"title":"A","summary":"B"}]"#,
        #"{"hooks":[{"title":"A","summary":"B",},],}"#,
        "{'hooks': [{'title': 'A', 'summary': 'B', 'classification': None}]}",
        #"{hooks:[{title:"A",summary:"B"}]}"#,
        "I use {braces}. ```\n\(hook)\n```",
    ])
    func anAnswerIsReadWhateverStandsAroundIt(text: String) throws {
        let artifacts = try AnswerReader(form: form("hooks")).artifacts(in: text)
        #expect(artifacts == [JSONObject([("title", "A"), ("summary", "B"), ("status", "proposed")])])
    }

    @Test(arguments: [
        ("Nothing to say.", "no JSON object"),
        (#"{"hooks":[{"title":"A","summ"#, "cut off"),
        (#"{"hooks":[{"title":"A","summary":"B"},{"title":"C","summ"#, "cut off"),
        (#"[{"title":"A","summary":"B"},{"title":"C","#, "cut off"),
        (#"{"hooks":[{"title":"A","summary":"B"},"set["]]}"#, "damaged"),
        (#"{"hooks":[]}"#, "hooks is missing or empty"),
        (#"{"hooks":[{"title":"A"}]}"#, "hooks[0].summary is missing"),
        (#"{"hooks":[{"title":"A","summary":"  "}]}"#, "hooks[0].summary is blank"),
        (#"{"hooks":[{"title":["A"],"summary":"B"}]}"#, "hooks[0].title is no text"),
        (#"{"hooks":["A"]}"#, "hooks[0] is no object"),
        ("{a}{b}", "damaged"),
        ("", "no JSON object"),
    ])
    func anUnreadableAnswerSaysWhatIsWrong(text: String, reason: String) throws {
        let reader = AnswerReader(form: try form("hooks"))
        let answer = Answer(text: text, usage: .zero, model: "m")
        #expect(reader.problem(with: answer)?.contains(reason) == true)
    }

    @Test func quotesAndLineBreaksWithinTextsAreMended() throws {
        let text = "{'text': 'It\\'s \"late\", she said.\nNone went on: True', \"more\": \"a\tb, }\",}"
        let expected: JSONValue = ["text": "It's \"late\", she said.\nNone went on: True", "more": "a\tb, }"]
        #expect(try JSONValue.answer(in: text) == expected)
        #expect(
            try JSONValue.answer(in: #"{"a": True, "b": [1, 2,], "c": {d: None}}"#) == [
                "a": true, "b": [1, 2], "c": ["d": .null],
            ])
    }

    @Test func aListInPlaceOfTheAnswerKeepsAllItsItems() throws {
        let text = #"[{"title":"A","summary":"B"},{"title":"C","summary":"D"}]"#
        #expect(try AnswerReader(form: form("hooks")).artifacts(in: text).count == 2)
    }

    @Test func anAnswerThatWasCutOffByMaxTokensSaysSo() throws {
        let answer = Answer(text: "{", usage: .zero, finish: .length, model: "m")
        #expect(try AnswerReader(form: form("hooks")).problem(with: answer)?.contains("max_tokens") == true)
    }

    @Test func aNoteIsWrongOnlyWhenItIsBlank() throws {
        let reader = AnswerReader(form: try form("note"))
        #expect(reader.problem(with: Answer(text: " \n", usage: .zero, model: "m")) != nil)
        #expect(reader.problem(with: Answer(text: "Mind the fog.", usage: .zero, model: "m")) == nil)
    }

    @Test func manyOpeningBracesAreGivenUpSoon() {
        let text = String(repeating: "{", count: 200_000)
        #expect(throws: UnreadableAnswer.self) { try JSONValue.answer(in: text) }
    }

    @Test func wordsAreReadInAnyCaseAndFlagsInAnySpelling() throws {
        let shape = Shape.object([
            .init(key: "word", shape: .word(["conditional_pass"]), isOptional: false, isFilled: false),
            .init(key: "flag", shape: .flag, isOptional: false, isFilled: false),
            .init(key: "text", shape: .text, isOptional: true, isFilled: false),
        ])
        let read = try shape.read(["word": "Conditional Pass", "flag": "yes", "text": 7])
        #expect(read == ["word": "conditional_pass", "flag": true, "text": "7"])
        #expect(throws: UnreadableAnswer.self) { try shape.read(["word": "maybe", "flag": true]) }
        #expect(throws: UnreadableAnswer.self) { try shape.read(["word": "conditional_pass", "flag": "perhaps"]) }
        #expect(try shape.read(["word": "conditional_pass", "flag": "False"])["flag"] == false)
    }
}

@Suite struct StoryPlanTests {
    private func mended(_ json: String, limit: Int = 4) throws -> JSONValue {
        .object(try StoryPlan.mended(try #require(try JSONValue(parsing: json).object), limit: limit))
    }

    @Test func sectionsBeyondTheOrderAreDroppedNearestToTheStartFirst() throws {
        let brief = try mended(
            """
            {"title":"T","sections":[{"key":"s1","exits":["s3"]},{"key":"s2","exits":[]},{"key":"s3","exits":["s2","s4"]},
            {"key":"s4","exits":[]}]}
            """, limit: 2)
        let plan = StoryPlan(ReadableArtifact(id: "B", type: "tu_brief", data: brief))
        #expect(plan.sections.map(\.key) == ["s1", "s3"])
        #expect(plan.sections.map(\.exits) == [["s3"], []])
        #expect(brief["title"] == "T")
    }

    @Test func exitsThatLeadNowhereBackOrTwiceAreDropped() throws {
        let brief = try mended(#"{"sections":[{"key":"s1","exits":["s9","s1","s2","s2"]},{"key":"s2","exits":[]}]}"#)
        #expect(
            StoryPlan(ReadableArtifact(id: "B", type: "tu_brief", data: brief)).sections.map(\.exits) == [["s2"], []])
    }

    @Test(arguments: [
        #"{"sections":[{"key":"s1"},{"key":"s1"}]}"#,
        #"{"sections":[{"key":"s1\n# Answer"}]}"#,
        #"{"sections":[{"key":""}]}"#,
        #"{"sections":[{"key":"a-key-that-is-longer-than-any-reader-wants"}]}"#,
    ])
    func keysAreShortWordsAndUnique(json: String) {
        #expect(throws: UnreadableAnswer.self) { try mended(json) }
    }
}

@Suite struct SceneFormTests {
    private let section = StoryPlan.Section(brief: "B", key: "s1", title: "The stair", exits: ["s2"])

    private func data(_ json: String, exits: [String] = ["s2"]) throws -> JSONValue {
        var section = section
        section.exits = exits
        let form = SceneForm(id: "SCENE-1", section: section, sceneIDs: ["s1": "SCENE-1", "s2": "SCENE-2"])
        return .object(try form.data(from: try #require(try JSONValue(parsing: json).object)))
    }

    @Test func targetsBecomeSceneIDs() throws {
        let scene = try data(#"{"title":"Up","text":"T","choices":[{"label":"Climb","target":"s2"}],"sets":["lamp"]}"#)
        #expect(
            scene == [
                "id": "SCENE-1", "title": "Up", "text": "T", "choices": [["label": "Climb", "target": "SCENE-2"]],
                "sets": ["lamp"],
            ])
    }

    @Test func aSceneWithoutExitsIsAnEndingWhateverTheModelSays() throws {
        let scene = try data(#"{"text":"T","choices":[],"ending":false}"#, exits: [])
        #expect(scene["ending"] == true)
        #expect(scene["title"] == "The stair")
    }

    @Test func aSceneWithExitsIsNoEndingWhateverTheModelSays() throws {
        #expect(try data(#"{"text":"T","choices":[],"ending":true}"#)["ending"] == nil)
    }

    @Test func aChoiceThatLeadsToNoSectionIsRefused() {
        let error = #expect(throws: UnreadableAnswer.self) {
            try data(#"{"text":"T","choices":[{"label":"Jump","target":"s9"}]}"#)
        }
        #expect(error?.reason.contains("s9") == true)
    }
}
