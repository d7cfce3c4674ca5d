public import Core

/// In which order entries are listed.
public enum CacheOrder: String, CaseIterable, Hashable, Sendable {
    /// Those used last come first.
    case used
    /// Those stored last come first.
    case stored
    /// The largest come first.
    case size
}

/// What a list shows of an entry. Times are wall times in microseconds since 1970.
public struct CachedEntry: Hashable, Sendable {
    /// 64 hexadecimal digits.
    public var key: String
    public var provider: String
    public var model: String
    public var storedAt: Int64
    public var usedAt: Int64
    /// nil when it never expires.
    public var expiresAt: Int64?
    public var isExpired: Bool
    /// What it counts against a cap, in bytes.
    public var size: Int
    /// Whether the entry cannot be read; a look-up finds nothing in its place.
    public var isDamaged: Bool
    /// What the answer cost when it was made; nil when its model had no price.
    public var cost: Money?
    /// How the answer begins, as the model wrote it; of a picture or a sound, what it is and how large.
    public var opening: String

    static let openingLength = 200
}

extension CachedEntry {
    package init(_ entry: CacheEntry, usedAt: Int64, now: Moment, bootID: String) {
        let record = CacheRecord(bytes: entry.record)
        self.init(
            key: entry.key, provider: entry.provider, model: entry.model,
            storedAt: Self.calendarTime(Int128(entry.lifetime.stored.wall)), usedAt: Self.calendarTime(Int128(usedAt)),
            expiresAt: entry.lifetime.length.map { length in
                let age = entry.lifetime.age(at: now, bootID: bootID)
                return Self.calendarTime(Int128(now.wall) + Int128(length) - Int128(age))
            },
            isExpired: entry.lifetime.isOver(at: now, bootID: bootID), size: entry.size, isDamaged: record == nil,
            cost: record?.kept.cost,
            opening: record.map { Self.opening(of: $0.kept.answer) } ?? "")
    }

    private static func opening(of answer: Answer) -> String {
        answer.media?.description ?? String(answer.text.unicodeScalars.prefix(openingLength))
    }

    /// The nearest time from 1970 to the year 9999: nobody vouches for what a damaged row holds.
    private static func calendarTime(_ wall: Int128) -> Int64 { Int64(min(max(wall, 0), 253_402_300_799_000_000)) }
}
