#if Redis
    import CHiredis
    import Configuration
    import Core
    import Dispatch
    import Foundation
    import Synchronization

    /// What the thread of a connection does, and what others leave for it.
    final class RedisWorker: Sendable {
        private struct State {
            var waiting: [RedisJob] = []
            var health: RedisHealth
            var isClosing = false
        }

        private let settings: RedisSettings
        private let place: String
        private let times: RedisTimes
        private let heartbeat: RedisCommand
        private let onChange: @Sendable (RedisHealth) -> Void
        private let state: Mutex<State>
        private let bell: Int32
        private let ended = DispatchSemaphore(value: 0)

        init(
            _ settings: RedisSettings, place: String, times: RedisTimes, heartbeat: RedisCommand,
            onChange: @escaping @Sendable (RedisHealth) -> Void
        ) {
            self.settings = settings
            self.place = place
            self.times = times
            self.heartbeat = heartbeat
            self.onChange = onChange
            state = Mutex(State(health: RedisHealth(place: place)))
            bell = ch_bell()
        }

        deinit { Glibc.close(bell) }

        var health: RedisHealth { state.withLock { $0.health } }

        func add(_ job: RedisJob) {
            var job = job
            job.askedAt = Self.milliseconds()
            let error = state.withLock { state -> RedisError? in
                if state.isClosing { return RedisError(code: .closed, place: place, cause: "") }
                if case .away(_, let error) = state.health.state { return error }
                state.waiting.append(job)
                return nil
            }
            if let error { job.end(.failure(error)) } else { ring() }
        }

        func close() {
            let wasClosing = state.withLock { state in
                defer { state.isClosing = true }
                return state.isClosing
            }
            ring()
            guard !wasClosing else { return }
            _ = ended.wait(timeout: .now() + .milliseconds(Int(times.command)))
        }

        private func ring() { ch_ring(bell) }

        // MARK: - The thread

        func run() {
            Self.blockBrokenPipes()
            var failures = 0
            while state.withLock({ !$0.isClosing || !$0.waiting.isEmpty }) {
                do throws(RedisError) {
                    let link = try RedisLink(settings, place: place, milliseconds: times.connect)
                    failures = 0
                    change(to: .connected)
                    var service = RedisService(link: link, worker: self)
                    do throws(RedisError) { try service.serve() } catch {
                        service.fail(error)
                        throw error
                    }
                } catch {
                    change(to: .away(since: Self.wallTime(), error))
                    endWaiting(error)
                    pause(after: &failures)
                }
            }
            endWaiting(RedisError(code: .closed, place: place, cause: ""))
            ended.signal()
        }

        /// Twice as long after each failure, and never for all processes at the same time.
        private func pause(after failures: inout Int) {
            let longest = min(times.backoff.upperBound, times.backoff.lowerBound << min(failures, 10))
            failures += 1
            let end = Self.milliseconds() + Int64.random(in: longest / 2...longest)
            while !state.withLock({ $0.isClosing }), Self.milliseconds() < end {
                waitForBell(milliseconds: end - Self.milliseconds())
            }
        }

        private func waitForBell(milliseconds: Int64) {
            var descriptors = [pollfd(fd: bell, events: Int16(POLLIN), revents: 0)]
            poll(&descriptors, 1, Int32(clamping: max(1, milliseconds)))
            ch_silence(bell)
        }

        private func change(to new: RedisHealth.State) {
            let changed = state.withLock { state -> RedisHealth? in
                // It is away since it went, however often it was tried since.
                if case .away = new, case .away(let since, _) = state.health.state, case .away(_, let error) = new {
                    state.health.state = .away(since: since, error)
                    return nil
                }
                guard state.health.state != new else { return nil }
                state.health.state = new
                return state.health
            }
            if let changed { onChange(changed) }
        }

        private func endWaiting(_ error: RedisError) {
            for job in takeWaiting() { job.end(.failure(error)) }
        }

        private func takeWaiting() -> [RedisJob] {
            state.withLock { state in
                defer { state.waiting = [] }
                return state.waiting
            }
        }

        private static func blockBrokenPipes() {
            var signals = sigset_t()
            sigemptyset(&signals)
            sigaddset(&signals, SIGPIPE)
            pthread_sigmask(SIG_BLOCK, &signals, nil)
        }

        static func milliseconds() -> Int64 { read(CLOCK_BOOTTIME) / 1_000 }
        private static func wallTime() -> Int64 { read(CLOCK_REALTIME) }

        private static func read(_ clock: clockid_t) -> Int64 {
            var time = timespec()
            clock_gettime(clock, &time)
            return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
        }

        // MARK: - One link's service

        /// Takes what is asked to a link and its replies back, until one of them ends.
        private struct RedisService {
            let link: RedisLink
            let worker: RedisWorker
            /// Asked and not answered yet, in order.
            var underWay: [RedisJob] = []
            var first = 0
            var heartbeatAt = RedisWorker.milliseconds()

            init(link: RedisLink, worker: RedisWorker) { (self.link, self.worker) = (link, worker) }

            mutating func serve() throws(RedisError) {
                while true {
                    for job in worker.takeWaiting() { send(job) }
                    if worker.state.withLock({ $0.isClosing && $0.waiting.isEmpty }), first == underWay.count { return }
                    let now = RedisWorker.milliseconds()
                    if now - heartbeatAt >= worker.times.idle { sendHeartbeat() }
                    if link.hasOutput { try link.write() }
                    try receive(waiting: timeout(now))
                    try checkDeadline()
                }
            }

            mutating func fail(_ error: RedisError) {
                for job in underWay[first...] { job.end(.failure(error)) }
                underWay = []
                first = 0
            }

            private mutating func send(_ job: RedisJob) {
                link.add(job.bytes)
                underWay.append(job)
            }

            private mutating func sendHeartbeat() {
                var job = RedisJob([worker.heartbeat]) { _ in }
                heartbeatAt = RedisWorker.milliseconds()
                job.askedAt = heartbeatAt
                send(job)
            }

            private func timeout(_ now: Int64) -> Int64 {
                let heartbeat = heartbeatAt + worker.times.idle - now
                guard first < underWay.count else { return max(1, heartbeat) }
                return max(1, min(heartbeat, underWay[first].askedAt + worker.times.command - now))
            }

            private mutating func receive(waiting milliseconds: Int64) throws(RedisError) {
                let events = Int16(link.hasOutput ? POLLIN | POLLOUT : POLLIN)
                var descriptors = [
                    pollfd(fd: link.descriptor, events: events, revents: 0),
                    pollfd(fd: worker.bell, events: Int16(POLLIN), revents: 0),
                ]
                poll(&descriptors, 2, Int32(clamping: milliseconds))
                if descriptors[1].revents != 0 { ch_silence(worker.bell) }
                guard descriptors[0].revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 else { return }
                for reply in try link.read() { try take(reply) }
            }

            private mutating func take(_ reply: RedisReply) throws(RedisError) {
                guard first < underWay.count else {
                    throw RedisError(
                        code: .misunderstood, place: worker.place, cause: "an answer that nobody asked for")
                }
                underWay[first].replies.append(reply)
                guard underWay[first].replies.count == underWay[first].expected else { return }
                let job = underWay[first]
                first += 1
                if first == underWay.count || first > 1_024 {
                    underWay.removeFirst(first)
                    first = 0
                }
                let latency = (RedisWorker.milliseconds() - job.askedAt) * 1_000
                worker.state.withLock { $0.health.latencyMicroseconds = latency }
                job.end(.success(job.replies))
            }

            private func checkDeadline() throws(RedisError) {
                guard first < underWay.count else { return }
                let waited = RedisWorker.milliseconds() - underWay[first].askedAt
                guard waited >= worker.times.command else { return }
                throw RedisError(code: .away, place: worker.place, cause: "no answer in \(waited) ms")
            }
        }
    }
#endif
