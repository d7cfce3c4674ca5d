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

    private struct State {
        private(set) var kept: [String: Kept] = [:]
        /// How many entries there are of each prompt, and bytes of each provider.
        private var prompts: [String: Int] = [:]
        private var sizes: [String: Int] = [:]
        private var departed: [String: MissCause] = [:]
        private var victims = Victims<String>()

        func cause(of key: String) -> MissCause? { departed[key] }

        func hasPrompt(_ prompt: String, besides key: String) -> Bool {
            prompts[prompt, default: 0] > (kept[key]?.entry.prompt == prompt ? 1 : 0)
        }

        mutating func add(_ entry: CacheEntry, usedAt: Int64, caps: CacheCaps) {
            _ = remove(entry.key)
            guard entry.size <= min(caps.total, caps.provider) else { return }
            makeRoom(of: entry.provider) { $0.sizes[entry.provider, default: 0] + entry.size - caps.provider }
            makeRoom(of: nil) { $0.sizes.values.reduce(entry.size - caps.total, +) }
            victims.forget(from: usedAt)
            kept[entry.key] = Kept(entry: entry, usedAt: usedAt)
            prompts[entry.prompt, default: 0] += 1
            sizes[entry.provider, default: 0] += entry.size
            departed[entry.key] = nil
        }

        /// Removes the entry of a key, for a cause that is remembered; returns its size.
        mutating func remove(_ key: String, because cause: MissCause? = nil) -> Int? {
            guard let entry = kept.removeValue(forKey: key)?.entry else { return nil }
            prompts[entry.prompt, default: 0] -= 1
            if prompts[entry.prompt] == 0 { prompts[entry.prompt] = nil }
            sizes[entry.provider, default: 0] -= entry.size
            // Forgetting all of them only makes some causes unknown.
            if departed.count >= mostDeparted { departed = [:] }
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

    func entry(_ key: String) -> CacheEntry? { state.withLock { $0.kept[key]?.entry } }

    func hasPrompt(_ prompt: String, besides key: String) -> Bool {
        state.withLock { $0.hasPrompt(prompt, besides: key) }
    }

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

    func remove(_ filter: PruneFilter, now: Moment, bootID: String, atMost: Int) -> PruneResult {
        state.withLock { state in
            var result = PruneResult(entries: 0, bytes: 0)
            for (key, row) in state.kept where result.entries < atMost {
                guard Self.matches(row.entry, filter, now: now, bootID: bootID) else { continue }
                result.entries += 1
                result.bytes += state.remove(key, because: filter.cause) ?? 0
            }
            return result
        }
    }
}
