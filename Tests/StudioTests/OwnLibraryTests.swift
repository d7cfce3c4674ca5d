import Core
import Foundation
import TestKit
import Testing
import Workspace

@testable import Studio

/// The loops, forms and prompts that a workspace has of its own.
@Suite struct OwnLibraryTests {
    let fixture: StoryFixture

    init() throws { fixture = try StoryFixture() }

    private static let step = "role: plotwright, inputs: [project_metadata], form: note, prompt_cap: 8192"

    private func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
        let url = URL(filePath: "\(fixture.workspace.root)/.questfoundry/\(name)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    private func write(_ text: String, to name: String) throws { try write(text.utf8, to: name) }

    /// The one message with which the library is refused; every file stays as it is.
    private func refusal() throws -> String {
        let before = try fixture.files()
        let error = try #require(throws: RunError.self) { try Loop.all(in: fixture.workspace) }
        #expect(error.kind == .configuration)
        #expect(!error.message.contains("\n") && error.message == error.message.visible())
        #expect(try fixture.files() == before)
        return error.message
    }

    @Test(arguments: [
        ("- name: [ours\n  title: x", 2, "not YAML"), ("- name: ours\n\ttitle: x", 2, "tab"), ("name: ours", 1, "list"),
        ("hello", 1, "list"), ("- name: ours\n  tilte: x", 2, "tilte"), ("- title: Ours", 1, "name"),
        ("- name: our loop", 1, "word"), ("- name: \"our\\e[31m\"", 1, "word"), ("- name: ours", 1, "no steps"),
        ("- name: ours\n  steps: hello", 1, "no steps"), ("- name: ours\n  steps: []", 1, "no steps"),
        ("- name: ours\n  steps: [hello]", 2, "mapping"), ("- name: ours\n  steps: [{ \(step) }]", 2, "has no step"),
        ("- name: ours\n  steps: [{ step: a/b, \(step) }]", 2, "word"),
        ("- name: ours\n  steps: [{ step: one, \(step), rol: x }]", 2, "rol"),
        ("- name: ours\n  steps: [{ step: one, role: wizard, form: note, prompt_cap: 8192 }]", 2, "wizard"),
        ("- name: ours\n  steps: [{ step: one, \(step), consulted: wizard }]", 2, "wizard"),
        ("- name: ours\n  steps: [{ step: one, role: plotwright, form: nope, prompt_cap: 8192 }]", 2, "nope"),
        ("- name: ours\n  steps: [{ step: one, role: plotwright, form: note, prompt_cap: 0 }]", 2, "prompt_cap"),
        ("- name: ours\n  steps: [{ step: one, role: plotwright, form: note, prompt_cap: many }]", 2, "prompt_cap"),
        ("- name: ours\n  steps: [{ step: one, role: plotwright, prompt_cap: 8192 }]", 2, "neither a form"),
        ("- name: ours\n  steps: [{ step: one, role: plotwright, action: explode }]", 2, "explode"),
        ("- name: ours\n  steps: [{ step: one, \(step), each: { a: b } }]", 2, "each"),
        ("- name: ours\n  steps: [{ step: one, \(step), each: scene }]", 2, "each scene"),
        ("- name: ours\n  steps: [{ step: one, \(step), each: section }]", 2, "section"),
        ("- name: ours\n  steps: [{ step: one, \(step), revises: two }, { step: two, \(step) }]", 2, "two"),
        ("- name: ours\n  steps:\n  - { step: one, \(step) }\n  - { step: one, \(step) }", 3, "two steps"),
        ("- name: ours\n  steps:\n  - { step: one, \(step) }", 3, "no task"),
        ("- name: ours\n  loops: [{ loop: ours }]", 2, "ours"), ("- name: ours\n  loops: [{ loop: nope }]", 2, "nope"),
        ("- name: story_spark\n  loops: [{ loop: story_spark }]", 2, "story_spark"),
        ("- name: ours\n  loops: [{ loop: full_production_run }]", 2, "full_production_run"),
        ("- name: ours\n  loops: [{ loop: gatecheck, gate: maybe }]", 2, "gate"),
        ("- name: ours\n  steps: [{ step: one, \(step) }]\n  loops: [{ loop: gatecheck }]", 1, "both"),
        ("- name: ours\n  reads: runs\n  steps: [{ step: one, \(step) }]", 2, "reads"),
        ("- name: ours\n  count: 0\n  steps: [{ step: one, \(step) }]", 2, "count"),
        ("- &a [*a]", 1, "alias"), ("- !!python/object:os.system {}", 1, "tag"),
    ])
    func aBrokenLoopIsNamedByFileAndLine(yaml: String, line: Int, word: String) throws {
        try write(yaml + "\n", to: "loops/ours.yml")
        let message = try refusal()
        #expect(message.hasPrefix(".questfoundry/loops/ours.yml, line \(line): "), "\(message)")
        #expect(message.contains(word), "\(message)")
    }

    @Test(arguments: [
        ("- a", "mapping"), ("a: { artifact: x }", "says"), ("a: { says: x, filds: {} }", "filds"),
        ("a: { says: x, fields: { b: number } }", "shape"), ("a: { says: x, fields: { b: [text, text] } }", "shape"),
        ("a: { says: x, fields: text }", "mapping"), ("a: { says: x, fields: { b: \"c | | d\" } }", "words"),
        ("a: { says: x, each: c, fields: { b: text } }", "no list c"),
        ("a: { says: x, updates: c, fields: { c: [{ b: text }] } }", "id: text"),
        ("a: { says: x, fields: { \"b+\": text } }", "no list"), ("a: { says: x, fields: { \"?\": text } }", "name"),
        ("a: { says: x, fields: { b: text, \"b?\": text } }", "two fields"), ("a: { says: x, splits: [b] }", "splits"),
        ("a: { says: x, prefix: ../../b }", "prefix"), ("a: { says: x, merges: maybe }", "merges"),
        ("scene: { says: x, artifact: bird }", "bird"), ("topology: { says: x }", "no artifact"),
    ])
    func aBrokenFormIsNamedByFileAndLine(yaml: String, word: String) throws {
        try write(yaml + "\n", to: "loops/forms.yml")
        let message = try refusal()
        #expect(message.hasPrefix(".questfoundry/loops/forms.yml, line 1: ") && message.contains(word), "\(message)")
    }

    @Test(arguments: [
        ("# plotwright\n\n# gatekeeper\nx", 1, "empty"), ("# gatekeeper\nx\n# wizard\nx", 3, "wizard"),
        ("# story_spark/generate_hoooks\nx", 1, "hoooks"), ("# plotwright\nx\n# plotwright\ny", 3, "two sections"),
        ("x", 1, "no section"), ("# \u{1B}[31m\nx", 1, "neither"),
        ("# plotwright\n" + String(repeating: "x", count: 20_000), 1, "prompt_cap"),
    ])
    func aBrokenPromptIsNamedByFileAndLine(markdown: String, line: Int, word: String) throws {
        try write(markdown + "\n", to: "prompts/ours.md")
        let message = try refusal()
        #expect(
            message.hasPrefix(".questfoundry/prompts/ours.md, line \(line): ") && message.contains(word), "\(message)")
    }

    @Test(arguments: ["loops/ours.yml", "prompts/ours.md"])
    func whatIsNoTextFileOfItsOwnIsRefused(name: String) throws {
        let path = "\(fixture.workspace.root)/.questfoundry/\(name)"
        try write([0x23, 0xFF], to: name)
        #expect(try refusal().contains("UTF-8"))
        try write(Array(repeating: UInt8(ascii: "#"), count: 2 << 20), to: name)
        #expect(try refusal().contains("1 MiB"))
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/etc/passwd")
        #expect(try refusal().contains("link"))
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(try refusal().contains("no regular file"))
        let folder = String(path.prefix { $0 != "." }) + ".questfoundry/" + name.prefix { $0 != "/" }
        try FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createSymbolicLink(atPath: folder, withDestinationPath: "/etc")
        #expect(try refusal().contains("no folder"))
    }

    @Test func aBombOfAliasesIsRefused() throws {
        let lines = zip("abcdefgh", "bcdefghi").map {
            "\($1): &\($1) [\(Array(repeating: "*\($0)", count: 9).joined(separator: ","))]"
        }
        try write("a: &a [x,x,x,x,x,x,x,x,x]\n" + lines.joined(separator: "\n"), to: "loops/ours.yml")
        #expect(try refusal().contains("too many"))
    }

    @Test func anOwnLoopRunsWithItsOwnFormAndPromptAndAnOverriddenRole() async throws {
        let server = try await FakeOpenAIServer.start { request in
            request.asked("form") == "weather" ? .answer(#"{"days":[{"day":"Monday","sky":"grey"}]}"#) : request.story
        }
        let fixture = try StoryFixture(server)
        let own = try OwnLibraryTests(fixture: fixture)
        try own.write(
            "- name: watch\r\n  steps:\r\n    - { step: report, role: lore_weaver, inputs: [project_metadata], outputs: [weather], form: weather, prompt_cap: 8192 }\r\n",
            to: "loops/ours.yml")
        try own.write(
            "\u{FEFF}weather: { artifact: weather, says: Answer in JSON., fields: { \"days+\": [{ day: text, sky: clear | grey }] } }\n",
            to: "loops/forms.yml")
        try own.write(
            "# watch/report\r\nSay the weather.\r\n# lore_weaver\r\nYou keep the weather.\r\n", to: "prompts/ours.md")
        let report = try await fixture.run(RunOrder(loop: "watch")).report
        #expect(report.state == .done)
        let request = try #require(server.requests.first)
        #expect(request.prompt.contains("# Task\nSay the weather.\n"))
        #expect(request.body["messages"]?.array?.first?["content"]?.string == "You keep the weather.")
        #expect(try fixture.artifacts("weather").map { $0.data["days"]?.array?.count } == [1])
    }

    private init(fixture: StoryFixture) throws { self.fixture = fixture }

    @Test func aReplacedLoopIsReplacedInThoseMadeOfIt() throws {
        try write("- name: gatecheck\n  steps: [{ step: one, \(Self.step) }]\n", to: "loops/ours.yml")
        try write("# gatecheck/one\nJudge.\n", to: "prompts/ours.md")
        let loops = try Loop.all(in: fixture.workspace)
        let whole = try #require(loops.first { $0.name == "full_production_run" })
        #expect(whole.steps.filter { $0.loop == "gatecheck" }.map(\.name) == ["one"])
        #expect(whole.parts.last.map { whole.steps[$0.steps].map(\.loop) } == Array(repeating: "binding_run", count: 5))
    }

    @Test func theBuiltInLibraryFitsTogether() { #expect(throws: Never.self) { try Library.builtIn.check() } }
}
