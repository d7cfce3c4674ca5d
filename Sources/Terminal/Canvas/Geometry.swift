/// An extent in cells; never negative.
public struct Size: Hashable, Sendable {
    public var width: Int
    public var height: Int

    public init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
    }
}

/// A rectangle of cells. Its origin may lie outside of what it is drawn on; its extent is never negative.
public struct Rect: Hashable, Sendable {
    public var x: Int
    public var y: Int
    public var width: Int
    public var height: Int

    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }

    /// The whole of something of that size.
    public init(_ size: Size) { self.init(x: 0, y: 0, width: size.width, height: size.height) }

    /// The first column right of the rectangle.
    public var maxX: Int { x + width }
    /// The first row below the rectangle.
    public var maxY: Int { y + height }
    public var size: Size { Size(width: width, height: height) }
    public var isEmpty: Bool { width == 0 || height == 0 }

    public func contains(x column: Int, y row: Int) -> Bool {
        column >= x && column < maxX && row >= y && row < maxY
    }

    /// What both cover; empty where they do not meet.
    public func intersection(_ other: Rect) -> Rect {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return Rect(x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
    }

    /// The rectangle without that many columns at the left and right and rows at the top and bottom.
    public func inset(x columns: Int = 0, y rows: Int = 0) -> Rect {
        Rect(x: x + columns, y: y + rows, width: width - 2 * columns, height: height - 2 * rows)
    }

    /// Slices of these heights from the top down, cut to the rectangle.
    public func rows(_ heights: [Int]) -> [Rect] {
        var top = y
        return heights.map { height in
            defer { top += max(0, height) }
            return Rect(x: x, y: top, width: width, height: height).intersection(self)
        }
    }

    /// Slices of these widths from left to right, cut to the rectangle.
    public func columns(_ widths: [Int]) -> [Rect] {
        var left = x
        return widths.map { width in
            defer { left += max(0, width) }
            return Rect(x: left, y: y, width: width, height: height).intersection(self)
        }
    }

    /// A rectangle of at most that size in the middle of this one.
    public func centered(_ size: Size) -> Rect {
        let width = min(size.width, self.width)
        let height = min(size.height, self.height)
        return Rect(x: x + (self.width - width) / 2, y: y + (self.height - height) / 2, width: width, height: height)
    }
}
