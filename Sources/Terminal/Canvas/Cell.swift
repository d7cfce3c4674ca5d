/// One cell of the screen.
public struct Cell: Hashable, Sendable {
    /// One grapheme without a control character; empty in the second half of a wide one.
    public let text: String
    /// Columns taken: 1, 2, or 0 for the second half of a wide grapheme.
    public let width: Int
    public let style: Style

    init(text: String, width: Int, style: Style) {
        self.text = text
        self.width = width
        self.style = style
    }
}
