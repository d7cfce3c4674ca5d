#if Redis
    package import Core
    import Foundation

    /// A piece of work that a worker has taken. What it asks for comes from outside.
    package struct ClaimedJob: Hashable, Sendable {
        package var id: String
        /// nil where it is no JSON, or too long.
        package var order: JSONValue?
        /// How often it was taken, this time included.
        package var tries: Int
    }

    /// Work that waits for whoever has time: a stream with one group of workers. A job is there until somebody has done
    /// it; one whose worker is silent for a while goes to another.
    package final class RedisJobs: Sendable {
        private let redis: RedisConnection
        private let key: String
        private let patience: Int

        private static let group = "workers"
        private static let mostBytes = 64 << 10

        /// `patienceMilliseconds` is how long a worker may be silent before its job goes to another.
        init(_ redis: RedisConnection, keys: RedisKeys, patienceMilliseconds: Int = 15_000) {
            self.redis = redis
            key = keys.key("jobs")
            patience = patienceMilliseconds
        }

        /// Adds a job; returns its name when the server has it.
        package func add(_ order: JSONValue) throws(RedisError) -> String {
            guard let id = try redis.answerNow(["XADD", RedisWord(key), "*", "job", RedisWord(order.text())]).text
            else {
                throw redis.misunderstood("a job's name")
            }
            return id
        }

        /// How many jobs wait or are under way.
        package func count() throws(RedisError) -> Int {
            Int(try redis.answerNow(["XLEN", RedisWord(key)]).number ?? 0)
        }

        /// The next job for a worker: one that another has left, else one that nobody has taken. nil where there is none
        /// for some hundred milliseconds.
        package func next(for worker: ULID) async throws(RedisError) -> ClaimedJob? {
            try await makeGroup()
            let left = try await ask(
                "XAUTOCLAIM", key, Self.group, worker.description, "\(patience)", "0-0", "COUNT", "1")
            if let parts = left.list, parts.count >= 2, let job = try await job(in: parts[1]) { return job }
            let new = try await ask(
                "XREADGROUP", "GROUP", Self.group, worker.description, "COUNT", "1", "BLOCK", "400", "STREAMS", key,
                ">")
            return try await job(in: new.list?.first?.list?.last ?? .null)
        }

        /// Says that a worker is still at its job. Returns whether it still is its job.
        package func keep(_ job: ClaimedJob, by worker: ULID) async throws(RedisError) -> Bool {
            let answer = try await Self.keepScript.run(
                redis, [key], [Self.group, worker.description, job.id].map { RedisWord($0) })
            return answer.number == 1
        }

        /// Removes a job that is done.
        package func finish(_ job: ClaimedJob) throws(RedisError) {
            _ = try Self.finishScript.runNow(redis, [key], [Self.group, job.id].map { RedisWord($0) })
        }

        private func makeGroup() async throws(RedisError) {
            let command = RedisCommand(
                "XGROUP", "CREATE", RedisWord(key), RedisWord(Self.group), "0", "MKSTREAM")
            let reply = try await redis.ask([command]).first
            if reply != .error("BUSYGROUP") { _ = try redis.checked(reply) }
        }

        private func ask(_ words: String...) async throws(RedisError) -> RedisReply {
            try await redis.answer(words.map { RedisWord($0) })
        }

        private func job(in entries: RedisReply) async throws(RedisError) -> ClaimedJob? {
            guard let parts = entries.list?.first?.list, parts.count == 2, let id = parts[0].text else { return nil }
            let pending = try await ask("XPENDING", key, Self.group, id, id, "1")
            let tries = pending.list?.first?.list?.last?.number ?? 1
            let bytes = parts[1].list?.last?.data
            let order = bytes.flatMap { $0.count <= Self.mostBytes ? try? JSONValue(parsing: $0) : nil }
            return ClaimedJob(id: id, order: order, tries: Int(tries))
        }

        private static let keepScript = RedisScript(
            """
            local held = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1)[1]
            if not held or held[2] ~= ARGV[2] then return 0 end
            redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[3], 'JUSTID')
            return 1
            """)

        private static let finishScript = RedisScript(
            """
            redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
            return redis.call('XDEL', KEYS[1], ARGV[2])
            """)
    }
#endif
