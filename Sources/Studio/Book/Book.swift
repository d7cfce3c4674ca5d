/// What a reader gets: scenes, front matter and codex, bound in the order in which a reader may come to them.
///
/// Its texts are plain text, made safe by ``Swift/StringProtocol/bookText``; a format writes them as text, never as markup.
package struct Book: Hashable, Sendable {
    package struct Choice: Hashable, Sendable {
        var label: String
        /// The number of the scene to which it leads, from 0.
        var target: Int
        /// The codewords that a reader must have, all of them.
        var requires: [String]
        /// In prose, when it may be made; empty when nothing is said.
        var condition: String
    }

    package struct Scene: Hashable, Sendable {
        var id: String
        /// Empty when it has none.
        var title: String
        var text: String
        var choices: [Choice]
        /// The codewords that a reader has from here on.
        var sets: [String]
        var isEnding: Bool
        /// Pictures and sounds.
        var media: [Medium] = []

        /// What it is called where a name is needed.
        func name(_ index: Int) -> String { title.isEmpty ? "Scene \(index + 1)" : title }
    }

    package struct Page: Hashable, Sendable {
        var id: String
        var title: String
        var text: String
    }

    package struct Medium: Hashable, Sendable {
        /// `image/png`, `audio/mpeg` and the like.
        var type: String
        var bytes: [UInt8]
        /// What it shows, or says, in words.
        var alternative: String
    }

    package var title: String
    /// Who wrote it; empty when nobody says.
    package var author: String
    /// A BCP 47 tag: `en`, `pt-BR`.
    package var language: String
    package var frontMatter: [Page]
    /// The first one is where a reader begins. Never empty.
    package var scenes: [Scene]
    /// The numbers of other scenes where a reader may begin.
    package var alternateStarts: [Int]
    package var codex: [Page]
    /// What was left out, and why.
    package var leftOut: [LeftOut]
}

/// What is not in a book, and why.
public struct LeftOut: Hashable, Sendable {
    /// The artifact's id.
    public var id: String
    /// Its type: `hook_card`.
    public var type: String
    /// Why, in words that follow on its id.
    public var reason: String
}

/// Why a book cannot be made.
public struct BookError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is missing and what to do about it, in one sentence.
    public var message: String
    public var description: String { message }
}
