import Core
import Crypto
package import Foundation

/// The book to play in a browser: one file that loads nothing and runs nothing but its own script.
///
/// The story is base64 of its JSON, so that nobody reads ahead by chance. The player's parts lie in `Player`.
package struct HTMLFormat: BookFormat {
    package let name = "html"
    package let fileExtension = "html"

    package func data(of book: Book) -> Data {
        let style = String(decoding: PackageResources.player_css, as: UTF8.self)
        let script = String(decoding: PackageResources.player_js, as: UTF8.self)
        let story = Data(JSONFormat.document(of: book, withMedia: true).bytes())
        let texts = [
            "language": book.language, "title": book.title.asHTML, "style": style, "script": script,
            "style-hash": Self.hash(of: style), "script-hash": Self.hash(of: script),
        ]
        var parts = texts.mapValues { Data($0.utf8) }
        parts["story"] = story.base64EncodedData()
        return Self.filled(String(decoding: PackageResources.player_html, as: UTF8.self), with: parts)
    }

    /// The page with each `{name}` replaced by the part of that name, once: a part's own braces stay.
    private static func filled(_ page: String, with parts: [String: Data]) -> Data {
        var data = Data(capacity: 2 * page.utf8.count + parts.values.reduce(0) { $0 + $1.count })
        for piece in page.split(separator: "{", omittingEmptySubsequences: false) {
            let halves = piece.split(separator: "}", maxSplits: 1, omittingEmptySubsequences: false)
            if halves.count == 2, let part = parts[String(halves[0])] {
                data.append(part)
                data.append(contentsOf: halves[1].utf8)
            } else {
                data.append(contentsOf: piece.utf8)
            }
        }
        return data
    }

    /// What a content security policy names an inline script or style by.
    private static func hash(of text: String) -> String {
        "sha256-" + Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
    }
}

extension String {
    fileprivate var asHTML: String {
        reduce(into: "") { text, character in
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            default: text.append(character)
            }
        }
    }
}
