/// Finds words by some of their letters.
enum Fuzzy {
    /// How far a text is from what is sought, 0 for the nearest; nil when it has not all of the letters in their order.
    ///
    /// Letters that follow the one before cost nothing, those that begin a word next to nothing; others cost as many
    /// letters as are passed over.
    static func cost(of sought: String, in text: String) -> Int? {
        let letters = Array(text.lowercased())
        // The least cost at which the letter at a place can be the last one found.
        var costs = [-1: 0]
        for letter in sought.lowercased() where letter != " " {
            var next: [Int: Int] = [:]
            for place in letters.indices where letters[place] == letter {
                let beginsWord = place == 0 || letters[place - 1] == " "
                next[place] =
                    costs.filter { $0.key < place }.map { last, cost in
                        cost + (place == last + 1 ? 0 : beginsWord ? 1 : place - last + 2)
                    }.min()
            }
            costs = next
        }
        return costs.values.min()
    }
}
