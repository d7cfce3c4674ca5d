import Core
package import Foundation

/// The book for Twine and Tweego: Twee 3 in the story format SugarCube 2.
///
/// Codewords are the items of `$have`; a choice that requires some stands in an `<<if>>`.
package struct TweeFormat: BookFormat {
    package let name = "twee"
    package let fileExtension = "twee"

    package func data(of book: Book) -> Data {
        var names = PassageNames()
        let scenes = book.scenes.enumerated().map { names.name(for: $1.name($0)) }
        let pages = (book.frontMatter + book.codex).map { (name: names.name(for: $0.title), page: $0) }
        var text =
            ":: StoryTitle\n\(book.title.drop { $0 == ":" })\n\n:: StoryData\n\(Self.storyData(of: book, start: scenes.first ?? ""))\n"
        text += "\n:: StoryInit\n<<set $have to []>>\n"
        let menu = book.alternateStarts.map { scenes[$0] } + pages.map(\.name)
        if !menu.isEmpty { text += "\n:: StoryMenu\n" + menu.map { "[[\($0)]]\n" }.joined() }
        for (index, scene) in book.scenes.enumerated() { Self.write(scene, named: scenes[index], scenes, to: &text) }
        for (name, page) in pages { text += "\n:: \(name) [page]\n\(page.text.asSugarCube)\n\n<<return \"Back\">>\n" }
        return Data(text.utf8)
    }

    private static func storyData(of book: Book, start: String) -> String {
        let data: JSONValue = [
            "ifid": JSONValue(book.identifier), "format": "SugarCube", "format-version": "2.36.1",
            "start": JSONValue(start),
        ]
        return data.text(isPretty: true)
    }

    private static func write(_ scene: Book.Scene, named name: String, _ names: [String], to text: inout String) {
        text += "\n:: \(name)\(scene.isEnding ? " [ending]" : "")\n"
        for codeword in scene.sets { text += "<<run $have.pushUnique(\(codeword.asLiteral))>>\\\n" }
        text += scene.text.paragraphs.joined(separator: "\n\n").asSugarCube + "\n"
        for medium in scene.media where !medium.alternative.isEmpty { text += "\n\(medium.alternative.asSugarCube)\n" }
        if !scene.choices.isEmpty { text += "\n" }
        for choice in scene.choices {
            let remark =
                choice.requires.isEmpty && !choice.condition.isEmpty ? " (\(choice.condition.asSugarCube))" : ""
            let link = "[[\(choice.label.asLiteral)->\(names[choice.target])]]\(remark)"
            let codewords = choice.requires.map(\.asLiteral).joined(separator: ", ")
            text += codewords.isEmpty ? "\(link)\n" : "<<if $have.includesAll(\(codewords))>>\(link)\n<</if>>\\\n"
        }
    }
}

/// Gives every passage a name that no other has and that means nothing to Twine.
private struct PassageNames {
    /// What SugarCube reads by itself.
    private static let taken: Set<String> = [
        "PassageDone", "PassageFooter", "PassageHeader", "PassageReady", "StoryAuthor", "StoryBanner", "StoryCaption",
        "StoryData", "StoryDisplayTitle", "StoryInit", "StoryInterface", "StoryMenu", "StorySettings", "StoryShare",
        "StorySubtitle", "StoryTitle",
    ]

    private var used: Set<String> = taken
    /// The next number for each title that came up more than once.
    private var next: [String: Int] = [:]

    mutating func name(for title: String) -> String {
        var plain = String(String.UnicodeScalarView(title.unicodeScalars.map { $0.isOfAName ? $0 : " " })).bookLine
        plain = String(plain.drop { $0 == ":" }.prefix(100)).bookLine
        if plain.isEmpty { plain = "Page" }
        var name = plain
        while !used.insert(name).inserted {
            next[plain, default: 1] += 1
            name = "\(plain) (\(next[plain, default: 1]))"
        }
        return name
    }
}

extension String {
    private static let markup = ASCIISet("<>[]{}$_\\/*#!@~^=|&`+%:?")
    /// Quotation marks, apostrophes and dashes are markup only when repeated.
    private static let repeated = ASCIISet("'\"-")

    /// The text so that SugarCube shows it as it is: what could be markup becomes a character reference.
    fileprivate var asSugarCube: String {
        var text: [UInt8] = []
        text.reserveCapacity(utf8.count + utf8.count / 8)
        var before: UInt8 = 0
        for byte in utf8 {
            if Self.markup.contains(byte) || (byte == before && Self.repeated.contains(byte)) {
                text += "&#\(byte);".utf8
            } else {
                text.append(byte)
            }
            before = byte
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The text as a string literal of JavaScript that needs no character which means something to Twee or SugarCube.
    fileprivate var asLiteral: String {
        var text = "\""
        for scalar in unicodeScalars {
            if scalar.isOfAName {
                text.unicodeScalars.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return text + "\""
    }
}

extension Unicode.Scalar {
    /// Whether it may stand in a passage's name and in a literal: letters, digits and a little punctuation.
    fileprivate var isOfAName: Bool {
        guard isASCII else { return !properties.isWhitespace }
        return properties.isAlphabetic || ("0"..."9").contains(self) || " ,.!?:;()-'".unicodeScalars.contains(self)
    }
}
