#if Redis
    import Configuration
    import Core
    import Dispatch
    import Foundation
    import Synchronization

    /// A connection to the server for all tasks and threads of the process. What is asked at the same time shares a round
    /// trip; answers come in the order of the questions.
    ///
    /// It connects when it is made, and again by itself whenever the server was away, at growing intervals. While it is away
    /// every question fails at once; an answer that was under way may have been acted upon.
    final class RedisConnection: Sendable {
        typealias Answer = Result<[RedisReply], RedisError>

        let place: String
        private let worker: RedisWorker

        /// `heartbeat` is sent at short intervals, so that a server that is gone is noticed; `onChange` is told whenever
        /// the server goes away or comes back.
        init(
            _ settings: RedisSettings, times: RedisTimes = RedisTimes(), heartbeat: RedisCommand = RedisCommand("PING"),
            onChange: @escaping @Sendable (RedisHealth) -> Void = { _ in }
        ) {
            place =
                settings.host.contains(":")
                ? "[\(settings.host)]:\(settings.port)" : "\(settings.host):\(settings.port)"
            let worker = RedisWorker(settings, place: place, times: times, heartbeat: heartbeat, onChange: onChange)
            self.worker = worker
            let thread = Thread { worker.run() }
            thread.name = "questfoundry.redis"
            thread.start()
        }

        deinit { worker.close() }

        var health: RedisHealth { worker.health }

        /// Asks without blocking the thread. Cancelling the task does not take back what was asked.
        func ask(_ commands: [RedisCommand]) async throws(RedisError) -> [RedisReply] {
            let answer = await withCheckedContinuation { continuation in
                worker.add(RedisJob(commands) { continuation.resume(returning: $0) })
            }
            return try answer.get()
        }

        /// Asks and blocks the thread until the answer is there.
        func askNow(_ commands: [RedisCommand]) throws(RedisError) -> [RedisReply] {
            let semaphore = DispatchSemaphore(value: 0)
            let found = FoundAnswer()
            worker.add(
                RedisJob(commands) { answer in
                    found.answer.withLock { $0 = answer }
                    semaphore.signal()
                })
            semaphore.wait()
            return try (found.answer.withLock { $0 } ?? .failure(RedisError(code: .closed, place: place, cause: "")))
                .get()
        }

        /// Says something whose answer only `end` is told, if at all.
        func tell(_ commands: [RedisCommand], end: @escaping @Sendable (Answer) -> Void = { _ in }) {
            worker.add(RedisJob(commands, end))
        }

        /// Ends the connection, when everything that was asked is answered; blocks until then, for a second at most.
        func close() { worker.close() }

        private final class FoundAnswer: Sendable { let answer = Mutex<Answer?>(nil) }
    }

    /// How long things may take, in milliseconds.
    struct RedisTimes: Sendable {
        var connect: Int32 = 1_000
        var command: Int64 = 1_000
        /// From one heartbeat to the next.
        var idle: Int64 = 500
        /// Between two attempts to connect: the first time, and at most.
        var backoff: ClosedRange<Int64> = 50...1_000
    }

    /// Commands that are sent together, and who waits for their answers.
    struct RedisJob: Sendable {
        var bytes: [UInt8]
        var expected: Int
        var replies: [RedisReply] = []
        /// By the boot's clock, in milliseconds.
        var askedAt: Int64 = 0
        var end: @Sendable (RedisConnection.Answer) -> Void

        init(_ commands: [RedisCommand], _ end: @escaping @Sendable (RedisConnection.Answer) -> Void) {
            bytes = commands.flatMap(\.bytes)
            expected = commands.count
            self.end = end
        }
    }
#endif
