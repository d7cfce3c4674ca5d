#if Redis
    import Core
    import Foundation
    import ResponseCache

    extension RedisCacheStore {
        func count(_ filter: PruneFilter?, now: Moment, bootID: String) throws -> PruneResult {
            guard let filter else {
                let replies = try ask([
                    RedisCommand("HLEN", RedisWord(base + "index")),
                    RedisCommand("HGET", RedisWord(base + "sizes"), "t"),
                ])
                return PruneResult(entries: Int(replies[0].number ?? 0), bytes: Int(replies[1].number ?? 0))
            }
            return try matching(filter, now: now, bootID: bootID).values.reduce(
                into: PruneResult(entries: 0, bytes: 0)
            ) { result, line in
                result.entries += 1
                result.bytes += line.size
            }
        }

        func entries(
            of provider: String?, sortedBy order: CacheOrder, from first: Int, atMost count: Int, now: Moment,
            bootID: String
        ) throws -> [CachedEntry] {
            let lines = try lines().filter { provider == nil || $0.value.provider == provider }
            let uses = try uses()
            func rank(_ key: String, _ line: CacheLine) -> Int64 {
                switch order {
                case .used: uses[key] ?? 0
                case .stored: line.lifetime.stored.wall
                case .size: Int64(line.size)
                }
            }
            let ranked = lines.map { (key: $0.key, rank: rank($0.key, $0.value)) }
            let sorted = ranked.sorted { ($1.rank, $0.key) < ($0.rank, $1.key) }.map(\.key)
            return try sorted.dropFirst(first).prefix(count).compactMap { key in
                guard let line = lines[key] else { return nil }
                return CachedEntry(try whole(key, line), usedAt: uses[key] ?? 0, now: now, bootID: bootID)
            }
        }

        func entries(withPrefix prefix: String, atMost count: Int, now: Moment, bootID: String) throws -> [CachedEntry]
        {
            let keys =
                try ask([names(from: prefix, atMost: count == .max ? -1 : count)])[0].list?.compactMap(\.text) ?? []
            return try keys.compactMap { key in
                let replies = try ask([
                    RedisCommand("HGET", RedisWord(base + "index"), RedisWord(key)),
                    RedisCommand("ZSCORE", RedisWord(base + "used"), RedisWord(key)),
                ])
                guard let line = replies[0].data.flatMap(CacheLine.init) else { return nil }
                return CachedEntry(
                    try whole(key, line), usedAt: Self.wholeScore(replies[1]) ?? 0, now: now, bootID: bootID)
            }
        }

        func sweep(_ filter: PruneFilter, now: Moment, bootID: String) -> any CacheSweep {
            Sweep(store: self, filter: filter, now: now, bootID: bootID)
        }

        private struct Sweep: CacheSweep {
            let store: RedisCacheStore
            let filter: PruneFilter
            let now: Moment
            let bootID: String
            /// nil before they were looked for.
            private var found: [(key: String, line: CacheLine)]?

            private static let slice = 32

            init(store: RedisCacheStore, filter: PruneFilter, now: Moment, bootID: String) {
                (self.store, self.filter, self.now, self.bootID) = (store, filter, now, bootID)
            }

            mutating func next() throws -> SweepPiece? {
                guard let slice = found?.suffix(Self.slice) else {
                    found = try store.matching(filter, now: now, bootID: bootID).map { ($0.key, $0.value) }
                    return .looked
                }
                guard !slice.isEmpty else { return nil }
                let words = slice.flatMap { [RedisWord($0.key), RedisWord($0.line.text)] }
                let removed = try store.run(CacheScripts.sweep, [RedisWord(filter.cause.rawValue)] + words).list ?? []
                found?.removeLast(slice.count)
                return .removed(
                    PruneResult(
                        entries: Int(removed.first?.number ?? 0), bytes: Int(removed.last?.number ?? 0)))
            }
        }

        private func matching(_ filter: PruneFilter, now: Moment, bootID: String) throws -> [String: CacheLine] {
            try lines().filter { Self.matches($0.value.entry($0.key), filter, now: now, bootID: bootID) }
        }

        private func whole(_ key: String, _ line: CacheLine) throws -> CacheEntry {
            line.entry(key, record: try record(key) ?? Data(count: 0))
        }

        /// The whole index.
        private func lines() throws -> [String: CacheLine] {
            try scan("HSCAN", base + "index").reduce(into: [:]) { lines, pair in
                if let line = CacheLine(pair.value) { lines[pair.key] = line }
            }
        }

        private func uses() throws -> [String: Int64] {
            try scan("ZSCAN", base + "used").reduce(into: [:]) { $0[$1.key] = Self.wholeScore(.bytes($1.value)) }
        }

        private static func wholeScore(_ reply: RedisReply) -> Int64? {
            reply.text.flatMap { Double($0) }.flatMap { Int64(exactly: $0.rounded()) }
        }

        /// All pairs of a key, a thousand or so at a time, so that the server has time for others.
        private func scan(_ verb: RedisWord, _ name: String) throws -> [(key: String, value: Data)] {
            var pairs: [(key: String, value: Data)] = []
            var cursor = "0"
            repeat {
                let page =
                    try ask([RedisCommand(verb, RedisWord(name), RedisWord(cursor), "COUNT", "1000")])[0].list ?? []
                guard page.count == 2, let next = page[0].text, let words = page[1].list else { break }
                cursor = next
                for index in stride(from: 0, to: words.count - 1, by: 2) {
                    if let key = words[index].text, let value = words[index + 1].data { pairs.append((key, value)) }
                }
            } while cursor != "0"
            return pairs
        }
    }
#endif
