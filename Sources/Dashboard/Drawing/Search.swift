/// What is looked for in a text, and which of the places that have it is looked at.
struct Search: Sendable, Hashable {
    /// Empty when nothing is looked for.
    var text = ""
    /// From 0; counts on, and round.
    var current = 0
    /// Where it is looked for: what the pane shows.
    var place = ""
}

/// The places of lines that have a text, whatever the case and wherever a line breaks.
struct Matches: Sendable {
    /// A part of a match that stands on one line; columns count characters.
    private struct Piece: Sendable {
        var line: Int
        var columns: Range<Int>
    }

    private var matches: [[Piece]] = []

    var count: Int { matches.count }

    /// The line on which each match begins.
    var lines: [Int] { matches.map { $0.first?.line ?? 0 } }

    init(of text: String, in lines: [Line]) {
        let wanted = Array(text.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased())
        guard let first = wanted.first else { return }
        var letters: [Character] = []
        var places: [(line: Int, column: Int)] = []
        for (line, content) in lines.enumerated() {
            if letters.last.map({ $0 != " " }) ?? false { add(" ", at: (line, -1), to: &letters, &places) }
            for (column, letter) in content.letters.enumerated() {
                let letter = letter.isWhitespace ? " " : letter
                if letter == " ", letters.last == " " { continue }
                add(letter, at: (line, column), to: &letters, &places)
            }
        }
        var index = 0
        while index + wanted.count <= letters.count {
            let isMatch = letters[index] == first && letters[index..<index + wanted.count].elementsEqual(wanted)
            if isMatch { matches.append(Self.pieces(places[index..<index + wanted.count])) }
            index += isMatch ? wanted.count : 1
        }
    }

    private func add(
        _ letter: Character, at place: (line: Int, column: Int), to letters: inout [Character],
        _ places: inout [(line: Int, column: Int)]
    ) {
        letters.append(letter)
        places.append(place)
    }

    private static func pieces(_ places: ArraySlice<(line: Int, column: Int)>) -> [Piece] {
        var pieces: [Piece] = []
        for place in places where place.column >= 0 {
            if let last = pieces.indices.last, pieces[last].line == place.line {
                pieces[last].columns = pieces[last].columns.lowerBound..<place.column + 1
            } else {
                pieces.append(Piece(line: place.line, columns: place.column..<place.column + 1))
            }
        }
        return pieces
    }

    /// The lines with every match marked, the one that is looked at in its own way.
    func marked(_ lines: [Line], current: Int) -> [Line] {
        guard count > 0 else { return lines }
        var marked = lines
        for (index, match) in matches.enumerated() {
            for piece in match {
                marked[piece.line].mark(piece.columns, index == current % count ? .cursor : .selection)
            }
        }
        return marked
    }
}

extension Line {
    /// The characters of its texts, in lower case.
    fileprivate var letters: [Character] {
        spans.flatMap { span -> [Character] in
            guard case .text(let text) = span.content else { return [] }
            let lower = Array(text.lowercased())
            // A few letters become two in lower case; their columns would not be those of the text.
            return lower.count == text.count ? lower : Array(text)
        }
    }

    /// Gives characters a tone, wherever spans begin.
    fileprivate mutating func mark(_ columns: Range<Int>, _ tone: Tone) {
        var column = 0
        spans = spans.flatMap { span -> [Span] in
            guard case .text(let text) = span.content else { return [span] }
            let count = text.count
            defer { column += count }
            let inside = columns.clamped(to: column..<column + count)
            guard !inside.isEmpty else { return [span] }
            let letters = Array(text)
            func part(_ range: Range<Int>, _ tone: Tone?) -> Span {
                Span(String(letters[range.lowerBound - column..<range.upperBound - column]), tone)
            }
            return [
                part(column..<inside.lowerBound, span.tone), part(inside, tone),
                part(inside.upperBound..<column + count, span.tone),
            ].filter { $0.content != .text("") }
        }
    }
}
