/// Something done with the mouse.
public struct MouseEvent: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The first button went down.
        case press
        case wheelUp, wheelDown
    }

    public var kind: Kind
    /// The column and the row, from 0.
    public var x: Int
    public var y: Int

    public init(_ kind: Kind, x: Int, y: Int) {
        self.kind = kind
        self.x = x
        self.y = y
    }

    /// Reads what a terminal sends between `ESC [ <` and the letter that ends it (mode 1006); nil for what nobody asks for:
    /// other buttons, releases and moves.
    init?(report: String) {
        guard report.last == "M" else { return nil }
        let parts = report.dropLast().split(separator: ";", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        guard parts.count == 3, numbers.count == 3, numbers[1] > 0, numbers[2] > 0 else { return nil }
        // Shift, Meta and Control are told in three bits of their own.
        switch numbers[0] & ~0b11100 {
        case 0: kind = .press
        case 64: kind = .wheelUp
        case 65: kind = .wheelDown
        default: return nil
        }
        (x, y) = (numbers[1] - 1, numbers[2] - 1)
    }
}
