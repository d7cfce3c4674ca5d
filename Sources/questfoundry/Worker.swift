#if Redis
    import Core
    import RedisStores
    import Studio

    /// Does one job after another. It has a connection of its own, on which it waits for work.
    final class Worker: Sendable {
        private let opening: Opening
        private let line: WorkLine
        private let endsWhenEmpty: Bool
        private let name = ULID(at: SystemTime().now())

        /// A job that has cost so many workers their lives is not tried again.
        private static let mostTries = 5
        private static let keepingPause = Duration.seconds(3)

        init(_ opening: Opening, endsWhenEmpty: Bool) throws(Failure) {
            (self.opening, self.endsWhenEmpty) = (opening, endsWhenEmpty)
            line = try WorkLine(opening)
        }

        /// Works until it is cancelled, or nothing is left to do; returns how many jobs failed.
        func work() async throws -> Int {
            var failed = 0
            while !Task.isCancelled {
                do throws(RedisError) {
                    if let job = try await line.jobs.next(for: name) {
                        if await !isDone(job) { failed += 1 }
                    } else if endsWhenEmpty, try line.jobs.count() == 0 {
                        return failed
                    }
                } catch {
                    // Jobs stay where they are; with an end in sight nobody waits for a server for ever.
                    guard error.code == .away, !endsWhenEmpty else {
                        throw Failure(.unavailable, kind: "storage", error.description)
                    }
                    try? await Task.sleep(for: .seconds(1))
                }
            }
            return failed
        }

        /// Does a job. It leaves the line when its artifacts are stored, or when it cannot be done; what was cancelled, or
        /// went to another worker meanwhile, stays.
        private func isDone(_ job: ClaimedJob) async -> Bool {
            let order: RunOrder
            do throws(RunError) {
                guard job.tries <= Self.mostTries else {
                    throw RunError(.order, "it was tried \(Self.mostTries) times")
                }
                guard let json = job.order else { throw RunError(.order, "it is no JSON") }
                order = try RunOrder(job: json)
            } catch {
                Output.note("Job \(job.id.visible()): \(error.message)")
                try? line.jobs.finish(job)
                return false
            }
            guard let report = await run(order, job) else { return true }
            Output.result("Job \(job.id.visible()): \(Progress.summary(of: report))")
            if let error = report.error { Output.note("Job \(job.id.visible()): \(error.message)") }
            if report.state != .cancelled { try? line.jobs.finish(job) }
            return report.error == nil
        }

        private func run(_ order: RunOrder, _ job: ClaimedJob) async -> RunReport? {
            let session: Session
            do { session = try opening.session() } catch {
                Output.note("Job \(job.id.visible()): \(Failure(error).message)")
                return nil
            }
            let keeping = Task { await keep(job, for: session) }
            let report = await session.run(order)
            keeping.cancel()
            await session.close()
            return report
        }

        /// Says from time to time that somebody is at the job, until the task is cancelled; ends the session's run when the
        /// job went to another worker, which would store its artifacts too.
        private func keep(_ job: ClaimedJob, for session: Session) async {
            while !Task.isCancelled {
                do {
                    try await Task.sleep(for: Self.keepingPause)
                    if try await !line.jobs.keep(job, by: name) { await session.cancel() }
                } catch {
                    // Cancelled, or the server is away: it is asked again while the work goes on.
                }
            }
        }
    }
#endif
