import Core
import Foundation
import Testing
import Workspace

@testable import Studio

@Suite struct TweeTests {
    private func twee(_ book: Book) throws -> Twee {
        try Twee(String(decoding: TweeFormat().data(of: book), as: UTF8.self))
    }

    private func book(_ artifacts: [Artifact], name: String = "Ferry") throws -> Book {
        var binding = Binding(name: name) { _ throws(WorkspaceError) in nil }
        return try binding.book(of: artifacts)
    }

    private func start(_ twee: Twee) throws -> (name: String, data: JSONValue) {
        let data = try JSONValue(parsing: twee.passages["StoryData"] ?? "")
        return (try #require(data["start"]?.string), data)
    }

    @Test func aWalkAlongTheLinksReachesEveryScene() throws {
        for book in [try book(Pieces.sound.map(\.artifact)), try HostileBook.book()] {
            let twee = try twee(book)
            let (name, data) = try start(twee)
            #expect(twee.reached(from: name) == Set(twee.order.filter { !$0.hasPrefix("Story") || $0.contains("(") }))
            #expect(twee.reached(from: name).count == book.scenes.count)
            #expect(UUID(uuidString: data["ifid"]?.string ?? "") != nil && data["format"] == "SugarCube")
        }
    }

    @Test func codewordsAreSetAndAskedFor() throws {
        let twee = try twee(book(Pieces.sound.map(\.artifact)))
        #expect(twee.passages["StoryInit"]?.contains("<<set $have to []>>") == true)
        #expect(twee.passages["Part B"]?.contains("<<run $have.pushUnique(\"lamp\")>>") == true)
        #expect(
            twee.passages["Part C"]?.contains("<<if $have.includesAll(\"lamp\")>>[[\"To D\"->Part D]]\n<</if>>") == true
        )
        #expect(twee.passages["Part C"]?.contains("\n[[\"To E\"->Part E]]\n") == true)
    }

    @Test func hostileTextIsNoMarkup() throws {
        let twee = try twee(HostileBook.book())
        let specials: Set = ["StoryTitle", "StoryData", "StoryInit"]
        let allowed = [
            /<<run \$have\.pushUnique\("(?:[^"\\<>\[\]$]|\\u[0-9a-f]{4})*"\)>>\\/,
            /<<if \$have\.includesAll\("(?:[^"\\<>\[\]$]|\\u[0-9a-f]{4})*"\)>>/, /<<\/if>>\\/,
            /\[\["(?:[^"\\<>\[\]$]|\\u[0-9a-f]{4})*"->[^\[\]<>]*\]\]/,
        ]
        for name in twee.order where !specials.contains(name) {
            var rest = twee.passages[name] ?? ""
            for form in allowed { rest.replace(form, with: "") }
            let plain = rest.replacing(/&#\d+;/, with: "")
            #expect(!plain.contains(/[<>\[\]{}$_\\\/*#!@~^=|&`+%:?]|''|""|--/), "\(plain)")
        }
    }

    private static let letters = Array("abcdefgh")

    @Test func namesAreUniqueAndNoneOfTwines() throws {
        let titles = ["StoryInit", "A -> [b] | \"c\"", "Same", "Same", "Same (2)", ":: x", "", "日本語"]
        let artifacts = titles.indices.map { index in
            Pieces.scene(
                "s\(Self.letters[index])", "s\(Self.letters[(index + 1) % titles.count])",
                adding: [("title", JSONValue(titles[index])), ("ending", true)]
            )
            .artifact
        }
        let twee = try twee(book(artifacts))
        #expect(
            twee.order.dropFirst(3) == [
                "StoryInit (2)", "A - b c", "Same", "Same (2)", "Same (2) (2)", "x", "Scene 7", "日本語",
            ])
    }

    @Test func aTitleBeginsNoPassage() throws {
        let twee = try twee(book(Pieces.sound.map(\.artifact), name: ":: Part A"))
        #expect(twee.order.filter { $0 == "Part A" }.count == 1)
    }

    @Test func pagesAreInTheMenuAndLeadBack() throws {
        let codex = Artifact(
            id: "C", type: "codex_entry", data: ["title": "Lamp", "text": "It <burns>."],
            metadata: JSONObject([("player_safe", true)]))
        let twee = try twee(book(Pieces.sound.map(\.artifact) + [codex]))
        #expect(twee.targets(of: "StoryMenu") == ["Lamp"])
        #expect(twee.passages["Lamp"]?.contains("It &#60;burns&#62;.") == true)
        #expect(twee.passages["Lamp"]?.contains("<<return \"Back\">>") == true)
    }
}
