package import Foundation

/// The book to read, print or keep under version control: CommonMark, with a link for every choice.
package struct MarkdownFormat: BookFormat {
    package let name = "markdown"
    package let fileExtension = "md"

    package func data(of book: Book) -> Data {
        var text = "# \(book.title.asMarkdown)\n"
        if !book.author.isEmpty { text += "\n\(book.author.asMarkdown)\n" }
        for page in book.frontMatter { Self.write(page, to: &text) }
        for place in book.alternateStarts {
            text += "\n[Or begin with \(book.scenes[place].name(place).asMarkdown)](#scene-\(place + 1))\n"
        }
        for (index, scene) in book.scenes.enumerated() { Self.write(scene, index, to: &text) }
        if !book.codex.isEmpty { text += "\n# Codex\n" }
        for page in book.codex { Self.write(page, to: &text) }
        return Data(text.utf8)
    }

    private static func write(_ page: Book.Page, to text: inout String) {
        if !page.title.isEmpty { text += "\n## \(page.title.asMarkdown)\n" }
        write(paragraphsOf: page.text, to: &text)
    }

    private static func write(_ scene: Book.Scene, _ index: Int, to text: inout String) {
        text += "\n<a id=\"scene-\(index + 1)\"></a>\n\n## \(scene.name(index).asMarkdown)\n"
        write(paragraphsOf: scene.text, to: &text)
        for medium in scene.media { write(paragraphsOf: medium.alternative, to: &text) }
        if !scene.sets.isEmpty { text += "\nYou now have: \(list(scene.sets)).\n" }
        if !scene.choices.isEmpty { text += "\n" }
        for choice in scene.choices {
            text += "- [\(choice.label.asMarkdown)](#scene-\(choice.target + 1))\(remark(on: choice))\n"
        }
        if scene.isEnding { text += "\n*The end*\n" }
    }

    private static func write(paragraphsOf passage: String, to text: inout String) {
        for paragraph in passage.paragraphs { text += "\n\(paragraph.asMarkdown)\n" }
    }

    private static func remark(on choice: Book.Choice) -> String {
        if !choice.requires.isEmpty { return ", if you have \(list(choice.requires))" }
        return choice.condition.isEmpty ? "" : " (\(choice.condition.asMarkdown))"
    }

    private static func list(_ codewords: [String]) -> String {
        codewords.map { "*\($0.asMarkdown)*" }.joined(separator: " and ")
    }
}

extension String {
    /// The text so that CommonMark shows it as it is; a line break stays one.
    var asMarkdown: String { lines.map { $0.lineAsMarkdown }.joined(separator: "\\\n") }
}

extension Substring {
    /// What means something anywhere in a line; a backslash before it takes that away.
    private static let markup = ASCIISet("\\`*_[]<>&#~|$!@:^")
    /// What means something at the start of a line, or after the number with which it starts.
    private static let listMarkers = ASCIISet("-+=.)")

    fileprivate var lineAsMarkdown: String {
        var line: [UInt8] = []
        line.reserveCapacity(utf8.count + 8)
        var isAtStart = true
        for byte in trimmingSpace.utf8 {
            let isAddress = byte == UInt8(ascii: ".") && line.suffix(3).elementsEqual("www".utf8)
            if Self.markup.contains(byte) || (isAtStart && Self.listMarkers.contains(byte)) || isAddress {
                line.append(UInt8(ascii: "\\"))
            }
            line.append(byte)
            isAtStart = isAtStart && (0x30...0x39).contains(byte)
        }
        return String(decoding: line, as: UTF8.self)
    }
}
