import Core
import Crypto
import Foundation
import Testing
import Workspace

@testable import Studio

/// Books whose texts try to be markup, and what the formats make of them.
enum HostileBook {
    static let texts = [
        "</script><script>alert(1)</script>", "]] -> [[x]]", "<<run alert(1)>>", "--> <!--", "\"quotes\" 'and' `ticks`",
        "\u{202E}reversed", "NUL \u{0} and \u{1B}[31m", "$have _x ?tpl {{{code}}} @@style@@", "javascript:alert(1)",
        "\n:: Passage [tag]\n:: StoryInit", "# heading\n- item\n1. one\n===\n> quote",
        "*bold* _it_ [a](javascript:b) ![i](x)",
        "&lt;b&gt; &#60; {title} {story}", "''b'' //i// ~~s~~ ---- \\\\", "</template></title></style>",
        "<img src=x onerror=alert(1)>",
    ]

    /// A chain of scenes, each hostile in all its parts.
    static func artifacts() throws -> [Artifact] {
        try texts.indices.map { index in
            let text = texts[index]
            var data = JSONObject([
                ("id", JSONValue("S\(index)")), ("title", JSONValue(text)), ("text", JSONValue(text)),
                ("sets", [JSONValue(text)]),
            ])
            if index + 1 < texts.count {
                data["choices"] = [
                    ["label": JSONValue(text), "target": JSONValue("S\(index + 1)"), "requires": [JSONValue(text)]],
                    ["label": try JSONValue(parsing: #""lone \ud800""#), "target": JSONValue("S\(index + 1)")],
                ]
            } else {
                data["ending"] = true
            }
            return Artifact(
                id: "S\(index)", type: "scene", data: .object(data), metadata: JSONObject([("player_safe", true)]))
        }
    }

    static func book() throws -> Book {
        var binding = Binding(name: "</title><b>{script}") { _ throws(WorkspaceError) in nil }
        return try binding.book(of: artifacts())
    }
}

@Suite struct BookFormatTests {
    private func text(_ format: any BookFormat, _ book: Book) throws -> String {
        try #require(String(validating: format.data(of: book), as: UTF8.self))
    }

    private func sound() throws -> Book {
        var binding = Binding(name: "Ferry") { _ throws(WorkspaceError) in nil }
        return try binding.book(of: Pieces.sound.map(\.artifact))
    }

    // MARK: - JSON

    @Test func jsonSaysEverythingInItsDocumentedForm() throws {
        let document = try JSONValue(parsing: try text(JSONFormat(), sound()))
        #expect(document["format"] == "questfoundry-book" && document["version"] == 1 && document["start"] == "A")
        #expect(
            document.object?.keys == [
                "format", "version", "ifid", "title", "author", "language", "start", "alternate_starts", "front_matter",
                "scenes", "codex",
            ])
        let scene = document["scenes"]?.array?[2]
        #expect(
            scene?["choices"]?.array?[0] == ["label": "To D", "target": "D", "requires": ["lamp"], "condition": ""])
        #expect(scene?.object?.keys == ["id", "title", "text", "choices", "sets", "ending", "media"])
    }

    @Test func jsonKeepsHostileTextAsText() throws {
        let document = try JSONValue(parsing: try text(JSONFormat(), HostileBook.book()))
        let scenes = try #require(document["scenes"]?.array)
        #expect(scenes.map { $0["text"]?.string } == HostileBook.texts.map(\.bookText))
        #expect(scenes[0]["choices"]?.array?[1]["label"] == "lone \u{FFFD}")
    }

    // MARK: - Markdown

    @Test func markdownLinksEveryChoiceToItsScene() throws {
        let markdown = try text(MarkdownFormat(), sound())
        #expect(markdown.hasPrefix("# Ferry\n"))
        for number in 1...5 { #expect(markdown.contains("<a id=\"scene-\(number)\"></a>\n\n## Part ")) }
        #expect(markdown.contains("- [To D](#scene-4), if you have *lamp*\n- [To E](#scene-5)\n"))
        #expect(markdown.contains("You now have: *lamp*.") && markdown.contains("*The end*"))
    }

    @Test func markdownEscapesWhatIsMarkup() throws {
        #expect("*b* [a](b) <i> &lt; `c`".asMarkdown == #"\*b\* \[a\](b) \<i\> \&lt; \`c\`"#)
        #expect("- a\n12. b\n    c\n===\n+ d\n1) e".asMarkdown == "\\- a\\\n12\\. b\\\nc\\\n\\===\\\n\\+ d\\\n1\\) e")
        let markdown = try text(MarkdownFormat(), HostileBook.book())
        let anchors = markdown.components(separatedBy: "<a id=\"scene-").count - 1
        let tags = markdown.ranges(of: /(?:^|[^\\])</.anchorsMatchLineEndings()).count
        #expect(anchors == HostileBook.texts.count && tags == 2 * anchors)
        #expect(!markdown.contains(/[^\\]\]\(javascript/))
    }

    // MARK: - HTML

    private func parts(_ html: String) throws -> (csp: String, style: String, script: String, story: JSONValue) {
        let csp = try #require(html.firstMatch(of: /Content-Security-Policy" content="([^"]*)"/)).1
        let style = try #require(html.firstMatch(of: /<style>((?s:.*?))<\/style>/)).1
        let script = try #require(html.firstMatch(of: /<script>((?s:.*?))<\/script>/)).1
        let story = try #require(html.firstMatch(of: /<template id="story">([A-Za-z0-9+\/=]*)<\/template>/)).1
        let data = try #require(Data(base64Encoded: String(story)))
        return (String(csp), String(style), String(script), try JSONValue(parsing: data))
    }

    private func hash(_ text: String) -> String {
        "'sha256-\(Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString())'"
    }

    @Test func thePageRunsItsOwnScriptAndNothingElse() throws {
        for book in [try sound(), try HostileBook.book()] {
            let html = try text(HTMLFormat(), book)
            let parts = try parts(html)
            #expect(
                parts.csp.hasPrefix(
                    "default-src 'none'; script-src \(hash(parts.script)); style-src \(hash(parts.style));"))
            #expect(!parts.csp.contains("unsafe") && !parts.csp.contains("http"))
            #expect(
                html.components(separatedBy: "<script").count == 2 && html.components(separatedBy: "<style").count == 2)
            #expect(!html.contains("http:") && !html.contains("https:") && !parts.script.contains("innerHTML"))
            #expect(parts.story["scenes"]?.array?.count == book.scenes.count)
            for text in HostileBook.texts.prefix(4) { #expect(!html.contains(text)) }
        }
    }

    @Test func thePageHidesTheStoryAndSaysItsLanguage() throws {
        var book = try sound()
        book.language = "fr"
        book.scenes[3].media = [.init(type: "image/png", bytes: [1], alternative: "A lamp")]
        let html = try text(HTMLFormat(), book)
        #expect(html.contains("<html lang=\"fr\">") && !html.contains("The steps are wet"))
        #expect(html.contains("aria-live=\"polite\"") && html.contains("prefers-color-scheme: dark"))
        let medium = try parts(html).story["scenes"]?.array?[3]["media"]?.array?[0]
        #expect(medium == ["type": "image/png", "text": "A lamp", "source": "data:image/png;base64,AQ=="])
    }

    @Test func aTitleIsNoMarkup() throws {
        let html = try text(HTMLFormat(), HostileBook.book())
        #expect(html.contains("<title>&lt;/title&gt;&lt;b&gt;{script}</title>"))
    }

    @Test func aMegabyteOfTextStaysWhole() throws {
        let long = String(repeating: "The tide keeps its count. </script>", count: 30_000)
        var book = try sound()
        book.scenes[0].text = long
        #expect(try parts(text(HTMLFormat(), book)).story["scenes"]?.array?[0]["text"]?.string == long)
        #expect(try JSONValue(parsing: text(JSONFormat(), book))["scenes"]?.array?[0]["text"]?.string == long)
        #expect(try text(MarkdownFormat(), book).utf8.count > long.utf8.count)
        #expect(try text(TweeFormat(), book).utf8.count > long.utf8.count)
    }
}
