import Core
package import Foundation

/// The book as data, for other programs: see <doc:BookFormats>.
package struct JSONFormat: BookFormat {
    package let name = "json"
    package let fileExtension = "json"

    package func data(of book: Book) -> Data { Data(Self.document(of: book).bytes(isPretty: true) + "\n".utf8) }

    /// Version 1 of the document. Media are described, and only `withMedia` holds their bytes.
    static func document(of book: Book, withMedia: Bool = false) -> JSONValue {
        [
            "format": "questfoundry-book", "version": 1, "ifid": JSONValue(book.identifier),
            "title": JSONValue(book.title), "author": JSONValue(book.author), "language": JSONValue(book.language),
            "start": JSONValue(book.scenes.first?.id ?? ""),
            "alternate_starts": .array(book.alternateStarts.map { JSONValue(book.scenes[$0].id) }),
            "front_matter": .array(book.frontMatter.map(\.json)),
            "scenes": .array(book.scenes.map { scene(of: $0, in: book, withMedia: withMedia) }),
            "codex": .array(book.codex.map(\.json)),
        ]
    }

    private static func scene(of scene: Book.Scene, in book: Book, withMedia: Bool) -> JSONValue {
        let choices = scene.choices.map { choice -> JSONValue in
            [
                "label": JSONValue(choice.label), "target": JSONValue(book.scenes[choice.target].id),
                "requires": .array(choice.requires.map { JSONValue($0) }), "condition": JSONValue(choice.condition),
            ]
        }
        let media = scene.media.map { medium -> JSONValue in
            var object = JSONObject([("type", JSONValue(medium.type)), ("text", JSONValue(medium.alternative))])
            if withMedia { object["source"] = JSONValue(medium.dataURL) }
            return .object(object)
        }
        return [
            "id": JSONValue(scene.id), "title": JSONValue(scene.title), "text": JSONValue(scene.text),
            "choices": .array(choices), "sets": .array(scene.sets.map { JSONValue($0) }),
            "ending": .bool(scene.isEnding), "media": .array(media),
        ]
    }
}

extension Book.Page {
    fileprivate var json: JSONValue { ["id": JSONValue(id), "title": JSONValue(title), "text": JSONValue(text)] }
}

extension Book.Medium {
    fileprivate var dataURL: String { "data:\(type);base64,\(Data(bytes).base64EncodedString())" }
}
