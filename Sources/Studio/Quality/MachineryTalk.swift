/// Finds where a text for readers talks of the machinery: codewords, sections by number, assignments, scene ids.
struct MachineryTalk: Sendable {
    struct Remark: Hashable, Sendable {
        var status: Bar.Status
        var words: String
    }

    private static let moves: Set<String> = ["go", "turn", "jump", "proceed", "return", "continue", "skip"]
    private static let places: Set<String> = [
        "section", "scene", "passage", "page", "paragraph", "chapter", "node", "step",
    ]
    private static let states: Set<String> = ["state", "flag", "variable", "var"]

    /// The ids that no text says by chance: they have a digit or an underscore, and a letter.
    private let ids: Set<String>

    init(ids: [String]) {
        self.ids = Set(
            ids.filter { id in
                id.utf8.contains { $0.isASCIIDigit || $0 == UInt8(ascii: "_") }
                    && id.utf8.contains(where: \.isASCIILetter)
            })
    }

    /// What a text says of the machinery, each remark once.
    func remarks(in text: String) -> [Remark] {
        var remarks: [Remark] = []
        func add(_ status: Bar.Status, _ words: String) {
            let remark = Remark(status: status, words: words.inFindings())
            if !remarks.contains(remark) { remarks.append(remark) }
        }
        var before: [Substring] = []
        for word in Words(text: text) {
            guard word != "=" else {
                if let name = before.last?.lowercased(), Self.states.contains(name) { add(.red, "\(name) =") }
                before.removeAll(keepingCapacity: true)
                continue
            }
            if isInteresting(word) {
                let lowered = word.lowercased()
                // A story of spies may say it in earnest.
                if lowered == "codeword" || lowered == "codewords" { add(.yellow, lowered) }
                if ids.contains(String(word)) { add(.red, String(word)) }
                if let move = Self.move(before, to: word) { add(.red, move) }
            }
            if before.count == 3 { before.removeFirst() }
            before.append(word)
        }
        return remarks
    }

    /// Most words are neither a number, nor an id, nor the one that is looked for.
    private func isInteresting(_ word: Substring) -> Bool {
        guard let first = word.utf8.first else { return false }
        return first | 0x20 == UInt8(ascii: "c") || word.utf8.contains { $0.isASCIIDigit || $0 == UInt8(ascii: "_") }
    }

    /// `go to section 5`, when the words before a number say so.
    private static func move(_ before: [Substring], to number: Substring) -> String? {
        guard number.utf8.allSatisfy(\.isASCIIDigit), before.count == 3, before[1].lowercased() == "to",
            moves.contains(before[0].lowercased()), places.contains(before[2].lowercased())
        else { return nil }
        return (before + [number]).joined(separator: " ").lowercased()
    }
}

/// The words of a text, of letters, digits, hyphens and underscores, and its equals signs.
private struct Words: Sequence, IteratorProtocol {
    private let text: String
    private var place: String.Index

    init(text: String) {
        self.text = text
        place = text.startIndex
    }

    mutating func next() -> Substring? {
        let bytes = text.utf8
        while place < bytes.endIndex, !bytes[place].isOfAWord {
            let start = place
            place = bytes.index(after: place)
            if bytes[start] == UInt8(ascii: "=") { return text[start..<place] }
        }
        let start = place
        while place < bytes.endIndex, bytes[place].isOfAWord { place = bytes.index(after: place) }
        return start == place ? nil : text[start..<place]
    }
}

extension UInt8 {
    fileprivate var isASCIIDigit: Bool { (0x30...0x39).contains(self) }
    fileprivate var isASCIILetter: Bool { (0x61...0x7A).contains(self | 0x20) }
    /// Whether it belongs to a word; what is beyond ASCII does.
    fileprivate var isOfAWord: Bool {
        isASCIIDigit || isASCIILetter || self == UInt8(ascii: "-") || self == UInt8(ascii: "_") || self >= 0x80
    }
}
