import Core
import Synchronization

/// Entries in this process, for as long as it lives.
final class MemoryCacheStore: CacheStore {
    private struct Kept {
        var entry: CacheEntry
        var usedAt: Int64

        /// The greater, the earlier in a list.
        func rank(in order: CacheOrder) -> Int64 {
            switch order {
            case .used: usedAt
            case .stored: entry.lifetime.stored.wall
            case .size: Int64(entry.size)
            }
        }
    }

    private let kept = Mutex<[String: Kept]>([:])
    private let departed = Mutex<[String: MissCause]>([:])

    func entry(_ key: String) -> CacheEntry? { kept.withLock { $0[key]?.entry } }

    func hasPrompt(_ prompt: String, besides key: String) -> Bool {
        kept.withLock { kept in kept.values.contains { $0.entry.prompt == prompt && $0.entry.key != key } }
    }

    func departure(of key: String) -> MissCause? { departed.withLock { $0[key] } }

    private func noteDeparture(of key: String, _ cause: MissCause?) {
        departed.withLock { departed in
            // Forgetting all of them only makes some causes unknown.
            if departed.count >= Self.mostDeparted { departed = [:] }
            departed[key] = cause
        }
    }

    func put(_ entry: CacheEntry, usedAt: Int64, caps: CacheCaps) {
        kept.withLock { kept in
            kept[entry.key] = nil
            guard entry.size <= min(caps.total, caps.provider) else { return }
            makeRoom(entry.size, below: caps.provider, in: &kept) { $0.provider == entry.provider }
            makeRoom(entry.size, below: caps.total, in: &kept) { _ in true }
            kept[entry.key] = Kept(entry: entry, usedAt: usedAt)
            noteDeparture(of: entry.key, nil)
        }
    }

    private func makeRoom(
        _ needed: Int, below cap: Int, in kept: inout [String: Kept], among isCounted: (CacheEntry) -> Bool
    ) {
        let counted = kept.values.filter { isCounted($0.entry) }
        var excess = counted.reduce(needed - cap) { $0 + $1.entry.size }
        guard excess > 0 else { return }
        for oldest in counted.sorted(by: { ($0.usedAt, $0.entry.key) < ($1.usedAt, $1.entry.key) }) where excess > 0 {
            kept[oldest.entry.key] = nil
            noteDeparture(of: oldest.entry.key, .evicted)
            excess -= oldest.entry.size
        }
    }

    func remove(_ key: String) { kept.withLock { $0[key] = nil } }

    func touch(_ uses: [String: Int64]) {
        kept.withLock { kept in
            for (key, time) in uses { kept[key]?.usedAt = time }
        }
    }

    func count(_ filter: PruneFilter?, now: Moment, bootID: String) -> PruneResult {
        kept.withLock { kept in
            kept.values.reduce(into: PruneResult(entries: 0, bytes: 0)) { result, kept in
                guard Self.matches(kept.entry, filter, now: now, bootID: bootID) else { return }
                result.entries += 1
                result.bytes += kept.entry.size
            }
        }
    }

    func entries(
        of provider: String?, sortedBy order: CacheOrder, from first: Int, atMost count: Int, now: Moment,
        bootID: String
    ) -> [CachedEntry] {
        let sorted = kept.withLock { Array($0.values) }
            .filter { provider == nil || $0.entry.provider == provider }
            .sorted { ($1.rank(in: order), $0.entry.key) < ($0.rank(in: order), $1.entry.key) }
        return sorted.dropFirst(first).prefix(count).map {
            CachedEntry($0.entry, usedAt: $0.usedAt, now: now, bootID: bootID)
        }
    }

    func entries(withPrefix prefix: String, atMost count: Int, now: Moment, bootID: String) -> [CachedEntry] {
        let found = kept.withLock { kept in kept.values.filter { $0.entry.key.utf8.starts(with: prefix.utf8) } }
        return found.sorted { $0.entry.key < $1.entry.key }.prefix(count).map {
            CachedEntry($0.entry, usedAt: $0.usedAt, now: now, bootID: bootID)
        }
    }

    func remove(_ filter: PruneFilter, now: Moment, bootID: String, atMost: Int) -> PruneResult {
        kept.withLock { kept in
            var result = PruneResult(entries: 0, bytes: 0)
            for (key, row) in kept where result.entries < atMost {
                guard Self.matches(row.entry, filter, now: now, bootID: bootID) else { continue }
                kept[key] = nil
                noteDeparture(of: key, filter.cause)
                result.entries += 1
                result.bytes += row.entry.size
            }
            return result
        }
    }
}
