import Core
import Foundation
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

    private struct State {
        private(set) var kept: [String: Kept] = [:]
        /// How many entries there are of the same words, and bytes of each provider.
        private var neighbours: [Substring: Int] = [:]
        private var sizes: [String: Int] = [:]
        private var departed: [String: MissCause] = [:]
        private var victims = Victims<String>()

        func cause(of key: String) -> MissCause? { departed[key] }

        func hasNeighbour(of key: String) -> Bool {
            neighbours[Self.words(of: key), default: 0] > (kept[key] == nil ? 0 : 1)
        }

        private static let mostDeparted = 16_384

        private static func words(of key: String) -> Substring { key.prefix(CacheKey.wordDigits) }

        mutating func add(_ entry: CacheEntry, usedAt: Int64, caps: CacheCaps) {
            _ = remove(entry.key)
            guard entry.size <= min(caps.total, caps.provider) else { return }
            makeRoom(of: entry.provider) { $0.sizes[entry.provider, default: 0] + entry.size - caps.provider }
            makeRoom(of: nil) { $0.sizes.values.reduce(entry.size - caps.total, +) }
            victims.forget(from: usedAt)
            kept[entry.key] = Kept(entry: entry, usedAt: usedAt)
            neighbours[Self.words(of: entry.key), default: 0] += 1
            sizes[entry.provider, default: 0] += entry.size
            departed[entry.key] = nil
        }

        /// Removes the entry of a key, for a cause that is remembered; returns its size.
        mutating func remove(_ key: String, because cause: MissCause? = nil) -> Int? {
            guard let entry = kept.removeValue(forKey: key)?.entry else { return nil }
            let words = Self.words(of: key)
            neighbours[words] = neighbours[words].flatMap { $0 == 1 ? nil : $0 - 1 }
            sizes[entry.provider, default: 0] -= entry.size
            // Forgetting all of them only makes some causes unknown.
            if departed.count >= Self.mostDeparted { departed = [:] }
            departed[key] = cause
            return entry.size
        }

        mutating func touch(_ key: String, at time: Int64) {
            victims.forget(from: time)
            kept[key]?.usedAt = time
        }

        private mutating func makeRoom(of provider: String?, _ excess: (State) -> Int) {
            while excess(self) > 0 {
                guard let victim = nextVictim(of: provider) else { return }
                guard kept[victim.id]?.usedAt == victim.usedAt else { continue }
                _ = remove(victim.id, because: .evicted)
            }
        }

        private mutating func nextVictim(of provider: String?) -> Victims<String>.Victim? {
            if let victim = victims.next(of: provider) { return victim }
            let counted = kept.values.filter { provider == nil || $0.entry.provider == provider }
            let oldest = counted.sorted { ($0.usedAt, $0.entry.key) < ($1.usedAt, $1.entry.key) }
            victims.set(
                oldest.prefix(Victims<String>.most).map { .init(id: $0.entry.key, usedAt: $0.usedAt) }, of: provider)
            return victims.next(of: provider)
        }
    }

    private let state = Mutex(State())

    func record(_ key: String) -> Data? { state.withLock { $0.kept[key]?.entry.record } }

    func hasNeighbour(of key: String) -> Bool { state.withLock { $0.hasNeighbour(of: key) } }

    func departure(of key: String) -> MissCause? { state.withLock { $0.cause(of: key) } }

    func put(_ entry: CacheEntry, usedAt: Int64, caps: CacheCaps) {
        state.withLock { $0.add(entry, usedAt: usedAt, caps: caps) }
    }

    func remove(_ key: String) { state.withLock { _ = $0.remove(key) } }

    func touch(_ uses: [String: Int64]) {
        state.withLock { state in
            for (key, time) in uses { state.touch(key, at: time) }
        }
    }

    func count(_ filter: PruneFilter?, now: Moment, bootID: String) -> PruneResult {
        state.withLock { state in
            state.kept.values.reduce(into: PruneResult(entries: 0, bytes: 0)) { result, kept in
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
        let sorted = state.withLock { Array($0.kept.values) }
            .filter { provider == nil || $0.entry.provider == provider }
            .sorted { ($1.rank(in: order), $0.entry.key) < ($0.rank(in: order), $1.entry.key) }
        return sorted.dropFirst(first).prefix(count).map {
            CachedEntry($0.entry, usedAt: $0.usedAt, now: now, bootID: bootID)
        }
    }

    func entries(withPrefix prefix: String, atMost count: Int, now: Moment, bootID: String) -> [CachedEntry] {
        let found = state.withLock { state in state.kept.values.filter { $0.entry.key.utf8.starts(with: prefix.utf8) } }
        return found.sorted { $0.entry.key < $1.entry.key }.prefix(count).map {
            CachedEntry($0.entry, usedAt: $0.usedAt, now: now, bootID: bootID)
        }
    }

    func sweep(_ filter: PruneFilter, now: Moment, bootID: String) -> any CacheSweep {
        Sweep(store: self, filter: filter, now: now, bootID: bootID)
    }

    private struct Sweep: CacheSweep {
        let store: MemoryCacheStore
        let filter: PruneFilter
        let now: Moment
        let bootID: String
        /// nil before they were looked for.
        private var found: [String]?

        private static let slice = 32

        init(store: MemoryCacheStore, filter: PruneFilter, now: Moment, bootID: String) {
            (self.store, self.filter, self.now, self.bootID) = (store, filter, now, bootID)
        }

        mutating func next() -> SweepPiece? {
            guard let slice = found?.suffix(Self.slice) else {
                found = store.state.withLock { $0.kept.filter { matches($0.value.entry) }.map(\.key) }
                return .looked
            }
            guard !slice.isEmpty else { return nil }
            found?.removeLast(slice.count)
            return .removed(remove(slice))
        }

        private func remove(_ slice: ArraySlice<String>) -> PruneResult {
            store.state.withLock { state in
                slice.reduce(into: PruneResult(entries: 0, bytes: 0)) { removed, key in
                    guard let kept = state.kept[key], matches(kept.entry) else { return }
                    removed.entries += 1
                    removed.bytes += state.remove(key, because: filter.cause) ?? 0
                }
            }
        }

        private func matches(_ entry: CacheEntry) -> Bool {
            MemoryCacheStore.matches(entry, filter, now: now, bootID: bootID)
        }
    }
}
