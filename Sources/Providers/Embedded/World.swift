/// The people and things of a story: the same for all prompts with one brief, so that they tell of one world.
struct World {
    struct Person: Hashable {
        var name: String
        var trade: String
    }

    let town: String
    let people: [Person]
    let relic: String
    let threat: String
    let secret: String
    let title: String
    /// The things that open ways, in an order of their own.
    let tokens: [String]

    init(brief: String) {
        var writer = GrammarWriter(.all, random: StableRandom([brief], seed: 0))
        let people = (0..<3).map { _ in Person(name: writer.write("name"), trade: writer.write("trade")) }
        writer.bind("name", to: people[0].name)
        for symbol in ["town", "relic", "threat", "secret"] { writer.bind(symbol, to: writer.write(symbol)) }
        self.people = people
        (town, relic) = (writer.write("town"), writer.write("relic"))
        (threat, secret) = (writer.write("threat"), writer.write("secret"))
        title = writer.write("storyTitle")
        tokens = (0..<Grammar.all["token"].count).map { _ in writer.write("token") }
    }

    /// Whom the reader meets in a section, and somebody else who is spoken of.
    func cast(at index: Int) -> (here: Person, elsewhere: Person) {
        (people[index % people.count], people[(index + 1) % people.count])
    }

    /// The word that a reader who has a thing is known by: `thread` for `blue thread`.
    static func word(for token: String) -> String { token.split(separator: " ").last.map(String.init) ?? token }

    /// The thing that a word stands for; nil for a word of another hand.
    func token(for word: String) -> String? { tokens.first { Self.word(for: $0) == word } }
}
