/// How a cell looks. A colour left out is decided by what lies beneath (see ``Canvas``).
public struct Style: Hashable, Sendable {
    public var foreground: Color?
    public var background: Color?
    public var bold: Bool
    public var dim: Bool
    public var underline: Bool
    public var reverse: Bool

    public init(
        foreground: Color? = nil, background: Color? = nil,
        bold: Bool = false, dim: Bool = false, underline: Bool = false, reverse: Bool = false
    ) {
        self.foreground = foreground
        self.background = background
        self.bold = bold
        self.dim = dim
        self.underline = underline
        self.reverse = reverse
    }

    /// The terminal's own colours, no attribute.
    public static let plain = Style()

    /// The same style on another style's background.
    public func on(_ other: Style) -> Style {
        var style = self
        style.background = other.background
        style.reverse = other.reverse
        return style
    }
}
