import Core
import Testing

@testable import Studio

@Suite struct LibraryTests {
    private let library = Library.builtIn

    @Test func everyStepHasItsTaskItsFormAndItsRoles() throws {
        #expect(!library.loops.isEmpty)
        #expect(!library.consultation.isEmpty)
        for loop in library.loops {
            for step in loop.steps {
                guard let form = library.form(of: step) else { continue }
                #expect(!library.task(of: step).isEmpty, "\(step.name) has no task")
                let isWritten = form.artifact == step.outputs.first || form.artifact == nil || step.action != nil
                #expect(isWritten, "\(step.name) writes another type")
                for role in [step.role] + step.consulted {
                    #expect(library.roles[role] != nil, "\(role) does not introduce itself")
                }
            }
        }
    }

    @Test func everyExampleIsReadByItsOwnForm() throws {
        for form in library.forms.values where form.shape != nil {
            var reader = AnswerReader(form: form)
            if form.artifact == "scene" {
                reader.scene = SceneForm(
                    id: "A", section: .init(brief: "B", key: "s1", title: "One", exits: ["s2"]),
                    sceneIDs: ["s2": "B", "s3": "C"])
            }
            if form.updates != nil { reader.known = Self.ids(in: form.instruction) }
            #expect(throws: Never.self) { try reader.artifacts(in: form.instruction) }
        }
    }

    private static func ids(in text: String) -> Set<String> {
        Set(text.matches(of: /[A-Z]+-[0-9A-F]{10}/).map { String($0.output) })
    }

    /// One row of the studio's table of steps.
    struct Row: Sendable {
        var name: String
        var role: RoleName
        var consulted: [RoleName]
        var inputs: [String]
        var output: String
    }

    static let storySpark: [Row] = [
        Row(
            name: "generate_hooks", role: .plotwright, consulted: [.loreWeaver], inputs: ["project_metadata"],
            output: "hook_card"),
        Row(
            name: "create_topology", role: .plotwright, consulted: [.loreWeaver, .styleLead], inputs: ["hook_card"],
            output: "tu_brief"),
        Row(
            name: "create_tu_brief", role: .plotwright, consulted: [.gatekeeper], inputs: ["hook_card"],
            output: "tu_brief"),
        Row(
            name: "create_section_briefs", role: .plotwright, consulted: [.styleLead, .codexCurator],
            inputs: ["tu_brief"], output: "canon_pack"),
        Row(
            name: "draft_scenes", role: .sceneSmith, consulted: [.styleLead], inputs: ["tu_brief", "canon_pack"],
            output: "scene"),
        Row(
            name: "pre_gate_check", role: .gatekeeper, consulted: [], inputs: ["tu_brief", "canon_pack", "scene"],
            output: "gatecheck_report"),
    ]

    @Test(arguments: Array(storySpark.enumerated()))
    func storySparkHasTheStepsOfTheDomain(index: Int, row: Row) throws {
        let loop = try #require(Loop.named("story_spark"))
        #expect(loop.steps.count == Self.storySpark.count)
        let step = loop.steps[index]
        #expect(step.name == row.name)
        #expect(step.role == row.role)
        #expect(step.consulted == row.consulted)
        #expect(step.inputs == row.inputs)
        #expect(step.outputs == [row.output])
    }

    @Test func anUnknownLoopIsNil() { #expect(Loop.named("no_such_loop") == nil) }

    @Test(arguments: [
        ("- name: a\n  title: A\n  steps:\n    - { step: s, role: nobody, form: note, prompt_cap: 1 }", "nobody"),
        ("- name: a\n  title: A\n  steps:\n    - { step: s, role: plotwright, form: note }", "prompt_cap"),
        ("- title: A", "name"),
    ])
    func aFaultyEntryIsNamed(loops: String, word: String) {
        let error = #expect(throws: LibraryError.self) {
            var library = Library()
            try library.read(loops: loops)
        }
        #expect(error?.description.contains(word) == true)
    }

    @Test func aFormOfNoKnownShapeIsNamed() {
        #expect(throws: LibraryError.self) {
            var library = Library()
            try library.read(forms: "a: { says: x, fields: { b: number } }")
        }
    }
}
