import Configuration

/// The prices that are compiled into the program: those of litellm 1.110.2's price list, read on 25 November 2026.
///
/// `.ci/prices` makes the data from that release, for the providers that this program knows. Every figure is exact.
public struct PriceTable: Sendable {
    /// Where the prices come from.
    public struct Source: Hashable, Sendable, CustomStringConvertible {
        /// Whose list it is.
        public var list: String
        public var release: String
        /// The day on which the release was read: `2026-11-25`.
        public var date: String

        public var description: String { "\(list) \(release), read on \(date)" }
    }

    /// What a model costs.
    struct Listing: Hashable, Sendable {
        /// What calls cost that have more input tokens than a number.
        struct Tier: Hashable, Sendable {
            var above: Int
            var figures: PriceFigures
        }

        var figures: PriceFigures
        /// From the fewest tokens to the most.
        var tiers: [Tier] = []
    }

    /// A line of the data that cannot be; lines count from 1.
    struct Fault: Error, Hashable {
        var line: Int
    }

    fileprivate struct Key: Hashable {
        var list: String
        var model: String
    }

    public static var source: Source { builtIn.source }

    /// A test proves that the data reads without a fault.
    static let builtIn = (try? PriceTable(reading: PackageResources.prices_tsv)) ?? PriceTable()

    let source: Source
    private let listings: [Key: Listing]

    private init() {
        source = Source(list: "", release: "", date: "")
        listings = [:]
    }

    /// Reads the text that `.ci/prices` writes.
    init(reading bytes: [UInt8]) throws(Fault) {
        var reader = PriceTableReader()
        for (index, line) in String(decoding: bytes, as: UTF8.self).split(separator: "\n").enumerated() {
            guard reader.take(line) else { throw Fault(line: index + 1) }
        }
        guard let source = reader.source else { throw Fault(line: 1) }
        self.source = source
        listings = reader.listings
    }

    /// The price of a model, by the name that it has with a type of provider; nil when the table has none.
    ///
    /// Before the name may stand `models/` or the list's own name (`openai/`), after it a date that the table does not
    /// know (`-2024-08-06`, `-20240806`), after a fine-tuned model's name its owner. Bedrock's models are also known as
    /// `eu-west-1/MODEL` where their price in that region is another. Nothing else is tried: a name that is only alike
    /// has no price.
    func listing(of model: String, type: ProviderType?) -> Listing? {
        for list in type?.priceLists ?? [] {
            var name = model
            for prefix in ["models/", "\(list)/"] where name.hasPrefix(prefix) { name.removeFirst(prefix.count) }
            if name.hasPrefix("ft:") { name = name.split(separator: ":").prefix(2).joined(separator: ":") }
            let undated = name.replacing(/-([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8})$/, with: "")
            for name in [name, undated] {
                if let listing = listings[Key(list: list, model: name)] { return listing }
            }
        }
        return nil
    }
}

/// Reads a table line by line: one for the models with the same price, and below it one for each tier of theirs.
private struct PriceTableReader {
    private var head: [String: String] = [:]
    private(set) var listings: [PriceTable.Key: PriceTable.Listing] = [:]
    /// The models that the lines read last are about.
    private var keys: [PriceTable.Key] = []

    var source: PriceTable.Source? {
        guard let list = head["list"], let release = head["release"], let date = head["date"] else { return nil }
        return PriceTable.Source(list: list, release: release, date: date)
    }

    /// Takes a line; returns false when it cannot be.
    mutating func take(_ line: Substring) -> Bool {
        guard !line.hasPrefix("#") else {
            let words = line.dropFirst(2).split(separator: ": ", maxSplits: 1)
            if words.count == 2 { head[String(words[0])] = String(words[1]) }
            return true
        }
        let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard columns.count > 3, let above = Int(columns[2]), above >= 0,
            let figures = PriceFigures(columns: columns[3...])
        else { return false }
        guard above == 0 else { return add(PriceTable.Listing.Tier(above: above, figures: figures)) }
        keys = columns[1].split(separator: " ").map { PriceTable.Key(list: String(columns[0]), model: String($0)) }
        for key in keys {
            guard listings.updateValue(PriceTable.Listing(figures: figures), forKey: key) == nil else { return false }
        }
        return !keys.isEmpty
    }

    private mutating func add(_ tier: PriceTable.Listing.Tier) -> Bool {
        for key in keys {
            guard (listings[key]?.tiers.last?.above ?? 0) < tier.above else { return false }
            listings[key]?.tiers.append(tier)
        }
        return !keys.isEmpty
    }
}
