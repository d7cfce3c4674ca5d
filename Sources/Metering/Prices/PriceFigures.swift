import Configuration
import Core

/// The figures of a price, as far as they are known: those of the configuration, or of the built-in table.
struct PriceFigures: Hashable, Sendable {
    var input: Money?
    var output: Money?
    var cachedInput: Money?
    var cacheWrite: Money?
    var cacheWriteHour: Money?
    var request: Money?
    var image: Money?
    var character: Money?

    /// In the order of the table's columns.
    private static var all: [WritableKeyPath<PriceFigures, Money?>] {
        [\.input, \.output, \.cachedInput, \.cacheWrite, \.cacheWriteHour, \.request, \.image, \.character]
    }

    /// These figures, and those of another where there is none.
    func filled(from other: PriceFigures?) -> PriceFigures {
        guard let other else { return self }
        return Self.all.reduce(into: self) { figures, path in
            if figures[keyPath: path] == nil { figures[keyPath: path] = other[keyPath: path] }
        }
    }
}

extension PriceFigures {
    init(_ override: PriceOverride?) {
        self.init(
            input: override?.inputToken, output: override?.outputToken, cachedInput: override?.cachedInputToken,
            cacheWrite: override?.cacheWriteToken, cacheWriteHour: override?.cacheWriteToken,
            request: override?.perRequest, image: override?.perImage, character: override?.perCharacter)
    }

    /// Reads the figures' columns of a line of the table; empty and missing ones are not known. nil when one is no
    /// amount of pico-dollars, or there are too many.
    init?(columns: ArraySlice<Substring>) {
        guard columns.count <= Self.all.count else { return nil }
        self.init()
        for (path, column) in zip(Self.all, columns) where !column.isEmpty {
            guard let amount = Int64(column), amount >= 0 else { return nil }
            self[keyPath: path] = Money(picodollars: amount)
        }
    }
}
