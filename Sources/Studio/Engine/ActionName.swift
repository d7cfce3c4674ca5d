/// What the program itself does in a step, beside or in place of asking a model.
enum ActionName: String, CaseIterable, Hashable, Sendable {
    /// Renders the pictures that the art plan lists.
    case images
    /// Speaks the cues that the audio plan lists.
    case audio
    /// Freezes what the run has come to.
    case snapshot
    /// Moves what has passed the gate from hot to cold.
    case promote
    /// Writes down what of the finished state a player may see.
    case views
    /// Writes the book.
    case export

    /// How many pictures or recordings one step makes at most.
    static let mostMedia = 12

    /// The longest question that the action asks of a provider of pictures or sounds; nil when it asks none.
    var question: Role.Question? {
        let longest = String(repeating: "x", count: 4096)
        return switch self {
        case .images: .image(prompt: longest)
        case .audio: .speech(text: longest, voice: nil)
        case .snapshot, .promote, .views, .export: nil
        }
    }
}
