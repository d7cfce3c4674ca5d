import Terminal

/// What stands where on a screen of a size.
///
/// Where there is room, every pane has its place in bands one below the other; else the focused pane has all of it.
/// A new pane takes its place by its shape; nothing here knows one by name.
struct Layout: Sendable {
    struct Place: Sendable {
        var pane: Pane
        var rect: Rect
    }

    var topLine: Rect
    /// Budget and figures in one line, where only one pane is shown.
    var summary: Rect?
    var places: [Place]
    var footer: Rect?

    /// Columns below which only one pane is shown.
    static let narrowWidth = 60

    init(size: Size, focus: Pane.ID, isFullSize: Bool, panes: [Pane] = Pane.all) {
        topLine = Rect(x: 0, y: 0, width: size.width, height: min(1, size.height))
        places = []
        guard size.height > 1 else { return }
        if size.height > 2 { footer = Rect(x: 0, y: size.height - 1, width: size.width, height: 1) }
        let body = Rect(x: 0, y: 1, width: size.width, height: size.height - 1 - (footer == nil ? 0 : 1))
        let shown = panes.filter { $0.shape != .line }
        if !isFullSize, panes.contains(where: { $0.id == focus }), let places = Self.bands(of: shown, in: body) {
            self.places = places
        } else {
            placeOne(focus, of: panes, in: body, isFullSize: isFullSize)
        }
    }

    private mutating func placeOne(_ focus: Pane.ID, of panes: [Pane], in body: Rect, isFullSize: Bool) {
        let isLow = body.height < 20 || body.width < Self.narrowWidth
        let hasSummary = isLow && (body.height >= 6 || body.height == 1)
        let parts = body.rows(hasSummary ? [1, body.height - 1] : [0, body.height])
        summary = hasSummary ? parts[0] : nil
        let pane = panes.first { $0.id == focus } ?? panes.first
        if let pane, !parts[1].isEmpty { places = [Place(pane: pane, rect: parts[1])] }
    }

    func place(of id: Pane.ID) -> Rect? { places.first { $0.pane.id == id }?.rect }

    // MARK: Bands

    /// Every pane's place, or nil where they do not all fit.
    private static func bands(of panes: [Pane], in body: Rect) -> [Place]? {
        guard body.width >= narrowWidth else { return nil }
        func having(_ shapes: Pane.Shape...) -> [Pane] { panes.filter { shapes.contains($0.shape) } }
        let groups =
            body.width >= having(.table, .reading).reduce(0) { $0 + $1.minimumWidth }
            ? [having(.table, .reading), having(.figures, .facts), having(.log)]
            : [having(.table), having(.figures, .facts), having(.reading, .log)]
        let bands = groups.flatMap { rows(of: $0, width: body.width) }
        guard let heights = heights(of: bands, within: body.height) else { return nil }
        return zip(bands, body.rows(heights)).flatMap { band, rect in
            zip(band, rect.columns(widths(of: band, within: rect.width))).map { Place(pane: $0, rect: $1) }
        }
    }

    /// The panes in rows, as many beside each other as fit.
    private static func rows(of panes: [Pane], width: Int) -> [[Pane]] {
        var rows: [[Pane]] = []
        var used = 0
        for pane in panes {
            if let last = rows.indices.last, used + pane.minimumWidth <= width {
                rows[last].append(pane)
                used += pane.minimumWidth
            } else {
                rows.append([pane])
                used = pane.minimumWidth
            }
        }
        return rows
    }

    private static func widths(of band: [Pane], within width: Int) -> [Int] {
        var widths = band.map(\.minimumWidth)
        var left = width - widths.reduce(0, +)
        guard left > 0 else { return band.count == 1 ? [width] : widths }
        let weights = band.map(\.shape.weight)
        let all = weights.reduce(0, +)
        let extra = left
        for index in band.indices {
            widths[index] += extra * weights[index] / all
            left -= extra * weights[index] / all
        }
        widths[widths.count - 1] += left
        return widths
    }

    /// The height of each band: at least what it needs, then what it likes, the rest to what has most to show.
    private static func heights(of bands: [[Pane]], within height: Int) -> [Int]? {
        let wishes = bands.map { band in band.map(\.shape.height).reduce(Wish(), Wish.greater) }
        var heights = wishes.map(\.least)
        var left = height - heights.reduce(0, +)
        guard left >= 0, !bands.isEmpty else { return nil }
        while left > 0 {
            let wanting = wishes.indices.filter { heights[$0] < wishes[$0].liked }
            let open = wanting.isEmpty ? wishes.indices.filter { wishes[$0].isElastic } : wanting
            let next = (open.isEmpty ? Array(wishes.indices) : open).min {
                heights[$0] * wishes[$1].weight < heights[$1] * wishes[$0].weight
            }
            guard let next else { return heights }
            heights[next] += 1
            left -= 1
        }
        return heights
    }
}

/// How high a band would be.
private struct Wish {
    var least = 0
    var liked = 0
    var weight = 1
    /// Whether it makes use of any height.
    var isElastic = false

    static func greater(_ left: Wish, _ right: Wish) -> Wish {
        Wish(
            least: max(left.least, right.least), liked: max(left.liked, right.liked),
            weight: max(left.weight, right.weight), isElastic: left.isElastic || right.isElastic)
    }
}

extension Pane.Shape {
    /// Its share of the columns that a band has to spare.
    fileprivate var weight: Int {
        switch self {
        case .line: 0
        case .table, .log: 2
        case .figures, .facts: 1
        case .reading: 4
        }
    }

    fileprivate var height: Wish {
        switch self {
        case .line: Wish()
        case .table: Wish(least: 4, liked: 23, weight: 5)
        case .figures: Wish(least: 4, liked: 8, weight: 4)
        case .facts: Wish(least: 3, liked: 3)
        case .reading: Wish(least: 4, liked: 12, weight: 4, isElastic: true)
        case .log: Wish(least: 4, liked: 9, weight: 2, isElastic: true)
        }
    }
}
