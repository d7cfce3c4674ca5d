import Core

/// Guesses what a mistyped word was meant to be.
package enum Spelling {
    /// The known word that takes the fewest edits, when they are few enough to be a slip.
    static func nearest(to word: String, in known: [String]) -> String? {
        guard word.count <= 64 else { return nil }
        let ranked = known.map { (word: $0, distance: distance(from: word, to: $0)) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }),
            best.distance <= max(2, min(word.count, best.word.count) / 3)
        else { return nil }
        return best.word.visible()
    }

    /// Known words that are like one, the likest first: those that take few edits, then those that have all of it.
    package static func near(_ word: String, in known: [String], atMost count: Int) -> [String] {
        guard word.count <= 64 else { return [] }
        let small = word.lowercased()
        let ranked = known.filter { $0.count <= 64 }.compactMap { candidate -> (String, Int)? in
            let distance = distance(from: small, to: candidate.lowercased())
            let isNear = distance <= max(2, word.count / 3)
            return isNear || candidate.lowercased().contains(small)
                ? (candidate, isNear ? distance : 64 + distance) : nil
        }
        return ranked.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(count).map { $0.0.visible() }
    }

    /// The number of letters to insert, remove or replace (Levenshtein's distance).
    private static func distance(from left: String, to right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let cost = min(diagonal + (right[column] == letter ? 0 : 1), row[column] + 1, row[column + 1] + 1)
                diagonal = row[column + 1]
                row[column + 1] = cost
            }
        }
        return row[right.count]
    }
}
