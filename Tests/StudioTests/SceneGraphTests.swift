import Core
import Testing

@testable import Studio

@Suite struct StorySceneTests {
    private func scene(_ json: String, type: String = "manuscript_section") throws -> StoryScene {
        try #require(StoryScene(id: "FILE", type: type, data: try JSONValue(parsing: json)))
    }

    @Test func bothSpellingsOfASceneAreRead() throws {
        let ours = try scene(
            """
            {"id":"A","title":"Up","text":"T","choices":[{"label":"Go","target":"B","requires":["lamp"]}],
            "sets":["key"],"ending":true,"start":true,"keystone":true}
            """, type: "scene")
        var theirs = try scene(
            """
            {"id":"A","title":"Up","body":"T","choices":[{"text":"Go","target":"B","requires":"lamp"}],
            "grants":"key","terminal":true,"first":true,"required":true}
            """)
        #expect(ours == theirs)
        theirs = try scene(#"{"id":"A","choices":[{"text":"Go","target":"B","condition":"You are wet."}]}"#)
        #expect(theirs.choices[0].condition == "You are wet." && !theirs.isStart && !theirs.isEnding)
    }

    @Test(arguments: [
        "null", "[]", #""text""#, "7", "{}", #"{"id":[],"title":7,"text":{},"choices":{},"sets":false,"ending":"no"}"#,
    ])
    func whatIsNoSceneIsReadAsAnEmptyOne(json: String) throws {
        let read = try scene(json)
        #expect(read.id == "FILE" && read.choices.isEmpty && read.sets.isEmpty && !read.isEnding && read.text.isEmpty)
    }

    @Test func oddChoicesAndIDsAreReadAsFarAsTheyGo() throws {
        let read = try scene(
            #"{"id":5,"body":["One.","Two."],"choices":["Jump",null,{"target":7},{"label":"\ud800"}]}"#)
        #expect(read.id == "5" && read.text == "One.\n\nTwo.")
        #expect(read.choices.map(\.target) == ["", "", "7", ""])
        #expect(read.choices.map(\.label) == ["Jump", "", "", "\u{FFFD}"])
    }

    @Test func otherTypesAreNoScenes() {
        #expect(StoryScene(id: "A", type: "hook_card", data: [:]) == nil)
    }
}

@Suite struct SceneGraphTests {
    private func graph(_ pieces: Story.Piece...) -> SceneGraph { Story(pieces).graph }

    private func reached(_ graph: SceneGraph) -> [String] {
        graph.scenes.indices.filter { graph.reach.isReached[$0] }.map { graph.scenes[$0].id }
    }

    @Test func theStartIsTheMarkedOneElseTheOneThatMostFollowsFrom() {
        let marked = graph(
            Pieces.ending("A"), Pieces.scene("B", "A", adding: [("start", true)]),
            Pieces.ending("C", adding: [("alternate_start", true)]))
        #expect(marked.starts == [1, 2])
        let unmarked = graph(Pieces.ending("A"), Pieces.ending("X"), Pieces.scene("B", "A", "C"), Pieces.ending("C"))
        #expect(unmarked.starts == [2])
        #expect(graph(Pieces.scene("A", "B"), Pieces.scene("B", "A")).starts == [0])
        #expect(graph(Pieces.ending("X"), Pieces.scene("A", "B"), Pieces.scene("B", "A")).starts == [1])
        #expect(graph().starts.isEmpty)
    }

    @Test func aChoiceIsOpenOnceItsCodewordsCanBeHad() {
        let story = graph(
            Pieces.scene("A", "B?lamp+key", "C"), Pieces.ending("B"), Pieces.scene("C", "A", "D?lamp", sets: ["lamp"]),
            Pieces.scene("D", "A", sets: ["key"]), Pieces.scene("E", "A", sets: ["boat"]), Pieces.ending("F"),
            Pieces.scene("G", "F?boat"))
        #expect(reached(graph(Pieces.scene("A", "B?lamp"), Pieces.ending("B"))) == ["A"])
        #expect(reached(SceneGraph([story.scenes[0]] + story.scenes[1...3])) == ["A", "B", "C", "D"])
    }

    @Test func scenesAreOrderedAsAReaderComesToThem() {
        let story = graph(
            Pieces.ending("A"), Pieces.scene("B", "D", "C"), Pieces.scene("C", "A?never"), Pieces.scene("D", "A"),
            Pieces.scene("Z", "Z"))
        #expect(story.order.map { story.scenes[$0].id } == ["B", "D", "C", "A", "Z"])
    }

    @Test func cyclesTellWhetherTheyLeadOutAndWhatTheySet() {
        let story = graph(
            Pieces.scene("A", "B", "C"), Pieces.scene("B", "A"), Pieces.scene("C", "D", "E"),
            Pieces.scene("D", "C", sets: ["lamp"]), Pieces.scene("E", "E"), Pieces.scene("F", "F"))
        let cycles = story.cycles.sorted { $0.scenes[0] < $1.scenes[0] }
        #expect(
            cycles == [
                .init(scenes: [0, 1], hasWayOut: true, setsSomething: false),
                .init(scenes: [2, 3], hasWayOut: true, setsSomething: true),
                .init(scenes: [4], hasWayOut: false, setsSomething: false),
            ])
    }

    @Test func whoComesWithoutTheCodewordIsStuck() {
        func stuck(_ pieces: Story.Piece...) -> [Bool] { Story(pieces).graph.stuck().places.map(\.isProven) }
        let end = Pieces.ending("E")
        #expect(
            stuck(Pieces.scene("A", "B", "C"), Pieces.scene("B", "C", sets: ["k"]), Pieces.scene("C", "E?k"), end) == [
                true
            ])
        #expect(
            stuck(Pieces.scene("A", "B"), Pieces.scene("B", "C", sets: ["k"]), Pieces.scene("C", "E?k"), end).isEmpty)
        #expect(stuck(Pieces.scene("A", "C"), Pieces.scene("C", "E?k", sets: ["k"]), end).isEmpty)
        // On either way one of the two choices is open.
        #expect(
            stuck(
                Pieces.scene("A", "B", "C"), Pieces.scene("B", "D", sets: ["k"]), Pieces.scene("C", "D", sets: ["l"]),
                Pieces.scene("D", "E?k", "E?l"), end
            ).isEmpty)
    }

    @Test func aLongStoryIsNoRecursion() {
        let count = 50_000
        let chain = (0..<count).map { Pieces.scene("\($0)", "\(($0 + 1) % count)") }
        let story = Story(chain).graph
        #expect(story.cycles.map(\.scenes.count) == [count])
        #expect(story.order.count == count)
    }
}
