import Configuration
import Core
import Providers
import TestKit
import Testing

@testable import Studio

/// The embedded provider answers in every form of the studio so that the studio can read it.
@Suite struct EmbeddedFormTests {
    private static let forms = Library.builtIn.forms.keys.sorted()

    /// An artifact of every type that a step reads.
    private static let context: [ReadableArtifact] = [
        artifact("hook_card", "HOOK-1", #"{"title":"The Blank Map","summary":"It is wet.","status":"accepted"}"#),
        artifact("hook_card", "HOOK-2", #"{"title":"Two Bells","summary":"One too many.","status":"deferred"}"#),
        artifact(
            "tu_brief", "BRIEF-1",
            """
            {"title":"Low water","sections":[{"key":"s1","title":"The Rope Walk","exits":["s2","s3"],"sets":["thread"]},
            {"key":"s2","title":"The Bell Loft","exits":[]},{"key":"s3","title":"The Far Bank","exits":[]}]}
            """),
        artifact(
            "codex_entry", "CODEX-1", #"{"title":"The Tide","scope":"What one tells a guest.","text":"It rises."}"#),
        artifact(
            "scene", "SCENE-1",
            """
            {"id":"SCENE-1","title":"The Rope Walk","text":"You nearly fall. Somebody laughs.","choices":
            [{"label":"Run","target":"SCENE-2"}]}
            """),
        artifact("scene", "SCENE-2", #"{"id":"SCENE-2","title":"The Far Bank","text":"It ends.","choices":[]}"#),
        artifact("shotlist", "SHOTS-1", #"{"shots":[{"scene":"SCENE-1","subject":"A long shed."}]}"#),
        artifact("cuelist", "CUES-1", #"{"cues":[{"scene":"SCENE-1","cue":"A rope creaks."}]}"#),
        artifact("art_render", "RENDER-1", #"{"alt":"A long shed."}"#),
        artifact(
            "gatecheck_report", "GATE-1",
            #"{"decision":"block","bars":[{"bar":"integrity","status":"red","findings":["A choice leads nowhere."]}]}"#),
    ]

    private static func artifact(_ type: String, _ id: String, _ json: String) -> ReadableArtifact {
        ReadableArtifact(id: id, type: type, data: (try? JSONValue(parsing: json)) ?? .null)
    }

    private static func prompt(
        _ form: Form, showing context: [ReadableArtifact], about artifact: String? = nil
    ) -> [Message] {
        var prompt = Prompt(system: "You write.", task: "Write.", brief: "A ferry that counts.", form: form)
        prompt.context = context.map(\.passage)
        if form.artifact == "scene", !form.merges {
            prompt.asks = [
                PromptLine(key: "section", value: "s1"), PromptLine(key: "title", value: "The Rope Walk"),
                PromptLine(key: "exits", value: "s2, s3"),
            ]
        }
        if let artifact { prompt.asks.append(PromptLine(key: "artifact", value: artifact)) }
        return prompt.messages(cap: 1 << 20).messages
    }

    private static func answer(_ messages: [Message], seed: UInt64 = 1, isJSON: Bool = true) async throws -> Answer {
        let pool = ProviderPool(time: SystemTime()) { name, _, _ in ResolvedProvider(name: name, type: .embedded) }
        let call = TextCall(
            provider: "embedded", providerType: "embedded", model: "embedded", messages: messages, maxTokens: 16_384,
            seed: seed, wantsJSON: isJSON)
        let now = SystemTime().now()
        let permit = Permit(attempt: ULID(at: now), idempotencyKey: ULID(at: now))
        return try await pool.prepare(.text(call)).generate(permit: permit) { _ in }
    }

    private static func reader(_ form: Form) -> AnswerReader {
        var reader = AnswerReader(form: form)
        reader.known = Set(context.map(\.id))
        if form.artifact == "scene", !form.merges {
            let section = StoryPlan(context[2]).sections[0]
            reader.scene = SceneForm(id: "A", section: section, sceneIDs: ["s2": "B", "s3": "C"])
        }
        return reader
    }

    @Test(arguments: forms) func everyFormIsAnsweredInItsShape(name: String) async throws {
        let form = try #require(Library.builtIn.forms[name])
        let about = form.merges && form.artifact == "codex_entry" ? "CODEX-1" : "SCENE-1"
        for context in [Self.context, []] {
            let messages = Self.prompt(form, showing: context, about: about)
            let answer = try await Self.answer(messages, isJSON: form.shape != nil)
            #expect(try await Self.answer(messages, isJSON: form.shape != nil) == answer)
            // Nothing to update is an answer too, though not one that a step would accept.
            if form.updates != nil, context.isEmpty { continue }
            #expect(throws: Never.self, "\(answer.text)") {
                let artifacts = try Self.reader(form).artifacts(in: answer.text)
                #expect(form.updates == "entries" || !artifacts.isEmpty)
            }
        }
    }

    /// The forms whose text comes from the grammar: another seed gives another text.
    @Test(arguments: [
        "hooks", "topology", "section_briefs", "scene", "hook_annotations", "canon_questions", "canon_facts",
        "canon_impact", "codex_topics", "scene_selection", "scene_context", "shotlist", "art_plan", "cuelist",
        "playthrough_log", "front_matter",
    ])
    func anotherSeedGivesAnotherText(name: String) async throws {
        let messages = Self.prompt(
            try #require(Library.builtIn.forms[name]), showing: name == "topology" ? [] : Self.context)
        var texts: Set<String> = []
        for seed in 1...6 { texts.insert(try await Self.answer(messages, seed: UInt64(seed)).text) }
        #expect(texts.count > 1)
    }

    @Test func aRepairIsAnsweredAboutWhatTheFirstRequestShowed() async throws {
        let form = try #require(Library.builtIn.forms["hook_tags"])
        var prompt = Prompt(system: "You write.", task: "Write.", brief: "A ferry that counts.", form: form)
        prompt.context = Self.context.map(\.passage)
        let repair = prompt.messages(cap: 1 << 20).messages + prompt.repair(of: "{}", because: "hooks is missing")
        let hooks = try JSONValue(parsing: try await Self.answer(repair).text)["hooks"]?.array ?? []
        #expect(hooks.compactMap { $0["id"]?.string } == ["HOOK-1", "HOOK-2"])
    }

    @Test func aRevisedSceneIsTheSameStoryInOtherWords() async throws {
        let form = try #require(Library.builtIn.forms["scene_prose"])
        let answer = try await Self.answer(Self.prompt(form, showing: Self.context, about: "SCENE-1"))
        #expect(try JSONValue(parsing: answer.text)["text"]?.string == "You almost fall. Someone laughs.")
        let unchanged = try await Self.answer(Self.prompt(form, showing: Self.context, about: "SCENE-2"))
        #expect(try JSONValue(parsing: unchanged.text)["text"]?.string == "It ends.")
    }

    @Test func nothingIsJudgedAndNothingIsTranslated() async throws {
        func answer(_ form: String, _ context: [ReadableArtifact]) async throws -> JSONValue {
            let form = try #require(Library.builtIn.forms[form])
            return try JSONValue(
                parsing: try await Self.answer(Self.prompt(form, showing: context, about: "SCENE-1")).text)
        }
        let withoutReport = Array(Self.context.dropLast())
        let report = try await answer("gatecheck_report", withoutReport)
        #expect(report["decision"] == "conditional_pass")
        #expect(report["bars"]?.array?.allSatisfy { $0["findings"] == ["not judged: no model has read it"] } == true)
        #expect(try await answer("gatecheck_report", Self.context)["decision"] == "block")
        #expect(try await answer("blockers", Self.context)["blockers"] == ["integrity: A choice leads nowhere."])
        #expect(try await answer("check", Self.context)["ok"] == false)
        #expect(try await answer("check", withoutReport)["ok"] == true)
        let translation = try await answer("translation", Self.context)
        #expect(translation["text"] == "You nearly fall. Somebody laughs." && translation["choices"] == ["Run"])
        let pack = try await answer("language_pack", withoutReport)
        #expect(pack["summary"]?.string?.contains("Nothing is translated") == true)
    }

    @Test func aReadingFollowsChoicesToAnEnding() async throws {
        let form = try #require(Library.builtIn.forms["reading_path"])
        let answer = try await Self.answer(Self.prompt(form, showing: Self.context))
        #expect(try JSONValue(parsing: answer.text)["path"] == ["SCENE-1", "SCENE-2"])
        let plan = try await Self.answer(
            Self.prompt(try #require(Library.builtIn.forms["shotlist"]), showing: Self.context))
        let scenes = (try JSONValue(parsing: plan.text)["shots"]?.array ?? []).compactMap { $0["scene"]?.string }
        #expect(scenes == ["SCENE-1", "SCENE-2"])
    }
}
