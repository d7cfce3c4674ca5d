package import Core
package import Foundation

/// Which entries a prune removes.
public enum PruneFilter: Hashable, Sendable {
    case expired
    /// Entries that were stored longer ago than that.
    case olderThan(seconds: Int)
    case provider(String)
    /// The one entry of a key.
    case key(String)
    case everything

    /// Why a look-up finds nothing of what was removed.
    package var cause: MissCause { self == .expired ? .expired : .pruned }

    /// At most a thousand years, so that no sum with a time overflows.
    static func microseconds(_ seconds: Int) -> Int64 { Int64(min(max(seconds, 0), 31_557_600_000)) * 1_000_000 }
}

/// How many entries, and how many bytes of them.
public struct PruneResult: Hashable, Sendable {
    public var entries: Int
    public var bytes: Int

    public init(entries: Int, bytes: Int) {
        self.entries = entries
        self.bytes = bytes
    }
}

/// The most bytes that entries may take: all together, and those of the entry's own provider.
package struct CacheCaps: Hashable, Sendable {
    package var total: Int
    package var provider: Int

    package init(total: Int, provider: Int) {
        self.total = total
        self.provider = provider
    }
}

/// What a store has under a key.
package enum CacheFinding: Hashable, Sendable {
    /// Expired or damaged or not.
    case record(Data)
    /// Nothing; with why it is gone, where that is known, and whether an entry of the same words is there.
    case absent(MissCause?, hasNeighbour: Bool)
}

/// Where entries are kept. Each call is atomic, for all threads and, where the store is shared, all processes.
package protocol CacheStore: Sendable {
    /// The record under a key, or what is known of its absence, which takes time of its own and is found out on demand.
    func find(_ key: String, tellsCause: Bool) throws -> CacheFinding
    /// The record under a key, expired or damaged or not; nil when there is none.
    func record(_ key: String) throws -> Data?
    /// Whether an entry of the same words is there under another key.
    func hasNeighbour(of key: String) throws -> Bool
    /// Why the entry of a key is gone: it was evicted or removed as a filter says; nil when nothing is known of it. That
    /// is known of some thousands, until there is an entry again.
    func departure(of key: String) throws -> MissCause?
    /// Adds or replaces an entry. Entries that were used longest ago make room for it; one that does not fit by itself
    /// is not kept, and what was under its key is removed all the same.
    func put(_ entry: CacheEntry, usedAt: Int64, caps: CacheCaps) throws
    func remove(_ key: String) throws
    /// Notes when entries were used last, by wall time.
    func touch(_ uses: [String: Int64]) throws
    /// How many entries match, and their size.
    func count(_ filter: PruneFilter?, now: Moment, bootID: String) throws -> PruneResult
    /// Entries in an order, those of one provider where it is named: at most that many, from a place on, which counts
    /// from 0. Entries that tie come in the order of their keys.
    func entries(
        of provider: String?, sortedBy order: CacheOrder, from first: Int, atMost count: Int, now: Moment,
        bootID: String
    ) throws -> [CachedEntry]
    /// Entries whose keys begin with a text, in the order of their keys, at most that many.
    func entries(withPrefix prefix: String, atMost count: Int, now: Moment, bootID: String) throws -> [CachedEntry]
    /// The removal of the entries that match.
    func sweep(_ filter: PruneFilter, now: Moment, bootID: String) -> any CacheSweep
}

/// The removal of many entries, piece by piece, so that others use the store meanwhile.
package protocol CacheSweep: Sendable {
    /// Does the next piece; nil when there is none. Entries that are replaced meanwhile stay.
    mutating func next() throws -> SweepPiece?
}

package enum SweepPiece: Hashable, Sendable {
    /// Entries were looked for, and nobody was kept from the store.
    case looked
    /// So many were removed, for which the store was locked some milliseconds.
    case removed(PruneResult)
}

extension CacheStore {
    package func find(_ key: String, tellsCause: Bool) throws -> CacheFinding {
        if let record = try record(key) { return .record(record) }
        guard tellsCause else { return .absent(nil, hasNeighbour: false) }
        let cause = (try? departure(of: key)) ?? nil
        return .absent(cause, hasNeighbour: cause == nil && (try? hasNeighbour(of: key)) == true)
    }

    /// Whether an entry matches a filter.
    package static func matches(_ entry: CacheEntry, _ filter: PruneFilter?, now: Moment, bootID: String) -> Bool {
        switch filter {
        case nil, .everything: true
        case .provider(let name): entry.provider == name
        case .key(let key): entry.key == key
        case .expired: entry.lifetime.isOver(at: now, bootID: bootID)
        case .olderThan(let seconds): entry.lifetime.stored.wall <= now.wall - PruneFilter.microseconds(seconds)
        }
    }
}
