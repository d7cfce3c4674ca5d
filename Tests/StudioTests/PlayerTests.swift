import Core
import Foundation
import TestKit
import Testing
import Workspace

@testable import Studio

/// Where Node is; nil where it is not.
private enum Node {
    static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/node" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}

/// The page's script, run by Node on a stand-in for a browser, where there is Node.
@Suite(.enabled(if: Node.path != nil), .timeLimit(.minutes(10))) struct PlayerTests {
    /// As much of a browser as the script asks for; `saved` is what it kept before.
    private static func browser(story: String, saved: String) -> String {
        """
        class Element {
          constructor(tag) { this.tag = tag; this.children = []; this.listeners = {}; this.textContent = ""; }
          append(child) { this.children.push(child); child.parent = this; }
          replaceChildren() { this.children = []; }
          remove() { this.parent.children = this.parent.children.filter((child) => child !== this); }
          addEventListener(name, listener) { this.listeners[name] = listener; }
          click() { if (!this.disabled) this.listeners.click(); }
          focus() { document.activeElement = this; }
          closest() { return null; }
          all(tag) { return this.children.flatMap((child) => [...(child.tag === tag ? [child] : []), ...child.all(tag)]); }
        }
        const named = {};
        for (const id of ["passage", "status", "back", "restart", "pages"]) named[id] = new Element("div");
        named.story = { content: { textContent: "\(story)" } };
        globalThis.document = {
          listeners: {}, activeElement: null, getElementById: (id) => named[id],
          createElement: (tag) => new Element(tag), querySelectorAll: () => named.passage.all("button"),
          addEventListener(name, listener) { this.listeners[name] = listener; },
        };
        globalThis.window = { scrollTo() {} };
        const kept = { value: \(saved) };
        globalThis.localStorage = { getItem: () => kept.value, setItem: (_, value) => { kept.value = value; } };
        const key = (key) => document.listeners.keydown({ key, target: new Element("body"), preventDefault() {} });
        const choices = () => named.passage.all("button").map((button) => button.textContent);
        const tell = () => console.log(JSON.stringify([named.passage.all("h2")[0].textContent, choices(), kept.value]));
        """
    }

    /// What is on the page after each step: heading, choices, what was kept.
    private func play(_ book: Book, _ steps: [String], saved: String = "null") async throws -> [JSONValue] {
        let html = String(decoding: HTMLFormat().data(of: book), as: UTF8.self)
        let story = try #require(html.firstMatch(of: /<template id="story">(.*?)<\/template>/)).1
        let script = try #require(html.firstMatch(of: /<script>((?s:.*?))<\/script>/)).1
        let code =
            ([Self.browser(story: String(story), saved: saved), String(script), "tell();"]
            + steps.map { "\($0); tell();" })
            .joined(separator: "\n")
        let folder = try TemporaryFolder()
        try Data(code.utf8).write(to: URL(filePath: folder.file("play.js")))
        let outcome = try await Program.run(
            [folder.file("play.js")], of: try #require(Node.path), in: folder.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try outcome.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    private func book() throws -> Book {
        var binding = Binding(name: "Ferry") { _ throws(WorkspaceError) in nil }
        let codex = Artifact(
            id: "X", type: "codex_entry", data: ["title": "Lamp", "text": "It burns."],
            metadata: JSONObject([("player_safe", true)]))
        return try binding.book(of: Pieces.sound.map(\.artifact) + [codex])
    }

    @Test func codewordsOpenChoicesAndGoingBackTakesThemAway() async throws {
        let pages = try await play(
            book(), ["key('1')", "key('1')", "key('Backspace')", "key('Backspace')", "key('2')"])
        #expect(
            pages.map { $0.array?[1] } == [
                ["To B", "To C"], ["To C"], ["To D", "To E"], ["To C"], ["To B", "To C"], ["To E"],
            ])
    }

    @Test func progressIsKeptAndTakenUpUnlessItIsNoWayThroughTheStory() async throws {
        #expect(try await play(book(), ["key('2')"]).last?.array?[2] == "[0,2]")
        #expect(try await play(book(), [], saved: "\"[0,1,2,3]\"").first?.array?[0] == "Part D")
        for saved in ["\"[0,2,3]\"", "\"[0,9]\"", "\"[1]\"", "\"{\"", "\"null\""] {
            #expect(try await play(book(), [], saved: saved).first?.array?[0] == "Part A")
        }
    }

    @Test func restartAndPagesAndArrowKeysWork() async throws {
        let pages = try await play(
            book(),
            [
                "key('1')", "named.pages.all('button')[0].click()", "key('1')", "named.restart.click()",
                "key('ArrowDown'); key('ArrowDown'); document.activeElement.click()",
            ])
        #expect(
            pages.map { $0.array?[0].string } == ["Part A", "Part B", "Lamp", "Part B", "Part A", "Part C"])
    }

    @Test func hostileTextIsOnlyEverText() async throws {
        let book = try HostileBook.book()
        let pages = try await play(book, Array(repeating: "key('1')", count: book.scenes.count - 1))
        #expect(pages.map { $0.array?[0].string } == book.scenes.map(\.title))
        #expect(pages.last?.array?[1] == [])
    }
}
