#if Redis
    import Core
    import Crypto
    import Foundation
    import ResponseCache

    /// Entries on a server that machines share. A hit takes one round trip; storing takes none that anybody waits for.
    final class RedisCacheStore: CacheStore {
        /// How long a record outlives its entry, in microseconds: clocks of machines differ, and only the reader's decides.
        private static let slack: Int64 = 60_000_000

        let connection: RedisConnection
        /// What the keys of the cache begin with.
        let base: String

        init(_ connection: RedisConnection, keys: RedisKeys) {
            self.connection = connection
            base = keys.key("cache:")
        }

        var keys: [String] { ["index", "used", "names", "sizes", "departed"].map { base + $0 } }

        func find(_ key: String, tellsCause: Bool) throws -> CacheFinding {
            let replies = try ask([get(key)] + (tellsCause ? [departed(key), neighbours(key)] : []))
            if let record = replies[0].data { return .record(record) }
            guard tellsCause else { return .absent(nil, hasNeighbour: false) }
            return .absent(cause(of: key, in: replies[1]), hasNeighbour: hasOther(than: key, in: replies[2]))
        }

        func record(_ key: String) throws -> Data? { try ask([get(key)])[0].data }

        func departure(of key: String) throws -> MissCause? { try cause(of: key, in: ask([departed(key)])[0]) }

        func hasNeighbour(of key: String) throws -> Bool { try hasOther(than: key, in: ask([neighbours(key)])[0]) }

        func put(_ entry: CacheEntry, usedAt: Int64, caps: CacheCaps) throws {
            if case .away(_, let error) = connection.health.state { throw described(error) }
            let milliseconds = entry.lifetime.length.map { ($0.addingSlack(Self.slack)) / 1_000 } ?? 0
            // Nobody waits for it: whoever asks over this connection finds it.
            CacheScripts.put.tell(
                connection, keys,
                [
                    RedisWord(base), RedisWord(entry.key), RedisWord(CacheLine(entry).text), RedisWord(entry.record),
                    RedisWord(usedAt), RedisWord(entry.size), RedisWord(entry.provider), RedisWord(caps.total),
                    RedisWord(caps.provider), RedisWord(milliseconds),
                ])
        }

        func remove(_ key: String) throws { _ = try run(CacheScripts.remove, [RedisWord(key)]) }

        func touch(_ uses: [String: Int64]) throws {
            guard !uses.isEmpty else { return }
            _ = try run(CacheScripts.touch, uses.flatMap { [RedisWord($0.key), RedisWord($0.value)] })
        }

        // MARK: - Asking

        func ask(_ commands: [RedisCommand]) throws -> [RedisReply] {
            do throws(RedisError) {
                let replies = try connection.askNow(commands)
                for case .error(let word) in replies { throw RedisError(word: word, place: connection.place) }
                return replies
            } catch {
                throw described(error)
            }
        }

        func run(_ script: RedisScript, _ arguments: [RedisWord]) throws -> RedisReply {
            do throws(RedisError) {
                return try script.runNow(connection, keys, [RedisWord(base)] + arguments)
            } catch {
                throw described(error)
            }
        }

        private func described(_ error: RedisError) -> CacheError {
            CacheError(unreachable: error.place, cause: error.description)
        }

        func get(_ key: String) -> RedisCommand { RedisCommand("GET", RedisWord(base + "r:" + key)) }

        private func departed(_ key: String) -> RedisCommand {
            let digest = Array(Insecure.SHA1.hash(data: Data(key.utf8)))
            let slot = (Int(digest[0]) << 8 | Int(digest[1])) % 16_384
            return RedisCommand("HGET", RedisWord(base + "departed"), RedisWord(slot))
        }

        private func cause(of key: String, in reply: RedisReply) -> MissCause? {
            guard let text = reply.text, text.hasPrefix(key + " ") else { return nil }
            return MissCause(rawValue: String(text.dropFirst(key.count + 1)))
        }

        private func neighbours(_ key: String) -> RedisCommand {
            names(from: String(key.prefix(CacheKey.wordDigits)), atMost: 2)
        }

        /// The keys that begin with a text, in order.
        func names(from prefix: String, atMost count: Int) -> RedisCommand {
            var end = Data("[\(prefix)".utf8)
            end.append(0xFF)
            return RedisCommand(
                "ZRANGEBYLEX", RedisWord(base + "names"), RedisWord("[" + prefix), RedisWord(end), "LIMIT", "0",
                RedisWord(count))
        }

        private func hasOther(than key: String, in reply: RedisReply) -> Bool {
            reply.list?.contains { $0.text != key } == true
        }
    }

    extension Int64 {
        fileprivate func addingSlack(_ slack: Int64) -> Int64 {
            let (sum, overflows) = addingReportingOverflow(slack)
            return overflows ? .max : sum
        }
    }
#endif
