#if Redis
    package import Core
    import Foundation

    /// What happens in the sessions of all machines, in a stream on the server that keeps the last thousands.
    package final class RedisEvents: Sendable {
        private let redis: RedisConnection
        private let key: String
        /// What only this connection waits for would hold up what others ask.
        private let reader: @Sendable () -> RedisConnection

        private static let mostKept = 4_096
        private static let mostBytes = 1 << 20

        /// `reader` makes the connection that one reader waits on.
        init(
            _ redis: RedisConnection, keys: RedisKeys, reader: @escaping @Sendable () -> RedisConnection
        ) {
            (self.redis, self.reader) = (redis, reader)
            key = keys.key("events")
        }

        /// Tells all machines, without waiting. Events are for watching: what is told while the server is away is not
        /// told again, and an event of more than a mebibyte not at all.
        package func publish(_ records: [SessionEventRecord]) {
            let commands = records.compactMap { record -> RedisCommand? in
                guard let data = try? JSONEncoder().encode(record), data.count <= Self.mostBytes else { return nil }
                return RedisCommand(
                    "XADD", RedisWord(key), "MAXLEN", "~", RedisWord(Self.mostKept), "*", "event", RedisWord(data))
            }
            if !commands.isEmpty { redis.tell(commands) }
        }

        /// What happens in sessions from now on, but for one of them; until the task is cancelled or the stream dropped.
        /// While the server is away nothing comes, and afterwards what the server has.
        ///
        /// Others wrote it: its texts are bounded, and not fit for a screen as they are.
        package func events(besides own: ULID) -> AsyncStream<SessionEventRecord> {
            let (stream, continuation) = AsyncStream<SessionEventRecord>.makeStream(
                bufferingPolicy: .bufferingNewest(Self.mostKept))
            let reading = EventReading(redis: reader(), key: key, own: own)
            let task = Task {
                await reading.run { continuation.yield($0) }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
            return stream
        }

        static func record(_ data: Data) -> SessionEventRecord? {
            guard data.count <= mostBytes else { return nil }
            return try? JSONDecoder().decode(SessionEventRecord.self, from: data)
        }
    }

    /// Reads the events one after another, over a connection of its own.
    private final class EventReading: Sendable {
        private let redis: RedisConnection
        private let key: String
        private let own: ULID

        /// Less than a silent server is waited for, in milliseconds.
        private static let block = 500
        private static let page = 64

        init(redis: RedisConnection, key: String, own: ULID) { (self.redis, self.key, self.own) = (redis, key, own) }

        /// Gives out what happens from now on, until the task is cancelled.
        func run(_ give: (SessionEventRecord) -> Void) async {
            // Without a word of the server nobody knows where now is.
            var last: String?
            while !Task.isCancelled {
                guard let entries = await entries(after: last) else {
                    try? await Task.sleep(for: .milliseconds(Self.block))
                    continue
                }
                let isStart = last == nil
                last = entries.last?.list?.first?.text ?? last ?? "0-0"
                if isStart { continue }
                for entry in entries {
                    let data = entry.list?.last?.list?.last?.data
                    if let record = data.flatMap(RedisEvents.record), record.session != own { give(record) }
                }
            }
            redis.close()
        }

        /// The entries after one, none where nothing happens for a while; at first the last one that is there. nil while the
        /// server is away.
        private func entries(after last: String?) async -> [RedisReply]? {
            var words: [RedisWord] = ["XREVRANGE", RedisWord(key), "+", "-", "COUNT", "1"]
            if let last {
                words = ["XREAD", "COUNT", RedisWord(Self.page), "BLOCK", RedisWord(Self.block), "STREAMS"]
                words += [RedisWord(key), RedisWord(last)]
            }
            do {
                let reply = try await redis.answer(words)
                return (last == nil ? reply.list : reply.list?.first?.list?.last?.list) ?? []
            } catch {
                return nil
            }
        }
    }
#endif
