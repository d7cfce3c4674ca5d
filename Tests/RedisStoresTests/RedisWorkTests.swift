#if Redis
    import Configuration
    import Core
    import Foundation
    import TestKit
    import Testing

    @testable import RedisStores

    @Suite struct RedisWorkTests {
        private let server: RedisServer
        private let time = ManualTime()

        init() throws { server = try RedisServer.start() }

        private func connection() -> RedisConnection { RedisConnection(.sample(server), times: .patient) }
        private let keys = RedisKeys(RedisSettings(), project: "Ferry")

        private func jobs(patience: Int = 600_000) throws -> RedisJobs {
            RedisJobs(connection(), keys: keys, patienceMilliseconds: patience)
        }

        private func worker() -> ULID { ULID(at: time.now()) }

        private func record(_ text: String, session: ULID) -> SessionEventRecord {
            SessionEventRecord(session: session, moment: time.now(), event: .notice(isError: false, text: text))
        }

        @Test func eachJobGoesToOneWorkerInTheOrderOfTheirComing() async throws {
            let jobs = try jobs()
            for number in 1...3 { _ = try jobs.add(["n": JSONValue(number)]) }
            let (first, second) = (worker(), worker())
            let (one, two, three) = (
                try await jobs.next(for: first), try await self.jobs().next(for: second),
                try await jobs.next(for: first)
            )
            #expect([one, two, three].map { $0?.order?["n"]?.int } == [1, 2, 3])
            #expect(try await jobs.next(for: second) == nil)
            #expect(try jobs.count() == 3)
            for job in [one, two, three] { try jobs.finish(#require(job)) }
            #expect(try jobs.count() == 0)
        }

        @Test func silentWorkersJobGoesToAnotherAndIsItsAlone() async throws {
            let jobs = try jobs(patience: 0)
            _ = try jobs.add(["n": 1])
            let (first, second) = (worker(), worker())
            let lost = try #require(await jobs.next(for: first))
            #expect(try await jobs.keep(lost, by: first))
            let taken = try #require(await jobs.next(for: second))
            #expect(taken.id == lost.id && taken.tries == 2 && taken.order == lost.order)
            #expect(try await !jobs.keep(lost, by: first))
            #expect(try await jobs.keep(taken, by: second))
        }

        @Test func jobOfAWorkerThatIsHeardOfStaysItsOwn() async throws {
            let jobs = try jobs()
            _ = try jobs.add(["n": 1])
            _ = try #require(await jobs.next(for: worker()))
            #expect(try await jobs.next(for: worker()) == nil)
        }

        @Test func jobThatIsNoJobIsHandedOutAsSuch() async throws {
            let redis = connection()
            _ = try redis.answerNow(["XADD", RedisWord(keys.key("jobs")), "*", "job", "{not json"])
            _ = try redis.answerNow([
                "XADD", RedisWord(keys.key("jobs")), "*", "job",
                RedisWord("\"" + String(repeating: "x", count: 100_000) + "\""),
            ])
            let jobs = try jobs()
            for _ in 0..<2 {
                let job = try #require(await jobs.next(for: worker()))
                #expect(job.order == nil)
                try jobs.finish(job)
            }
        }

        @Test func acknowledgedJobsSurviveTheServersDeath() async throws {
            _ = try jobs().add(["n": 7])
            await server.kill()
            let again = try server.restarted()
            #expect(try await jobs().next(for: worker())?.order?["n"]?.int == 7)
            withExtendedLifetime(again) {}
        }

        @Test func eventsOfOtherSessionsComeInTheirOrder() async throws {
            let (mine, theirs) = (worker(), worker())
            let redis = connection()
            let events = RedisEvents(redis, keys: keys) { connection() }
            events.publish([record("before", session: theirs)])
            _ = try redis.answerNow(["PING"])
            // From the moment on at which the reader has come, which its first event tells.
            var stream = events.events(besides: mine).makeAsyncIterator()
            let teller = Teller(events, connection(), keys: keys, mine: mine, theirs: theirs, at: time.now())
            let telling = Task { await teller.tell() }
            var seen: [Int] = []
            while seen.count < 5, let next = await stream.next() {
                #expect(next.session == theirs)
                if case .notice(_, let text) = next.event { seen.append(Int(text) ?? -1) }
            }
            telling.cancel()
            #expect(seen == (0..<5).map { (seen.first ?? 0) + $0 } && seen.first ?? -1 >= 0)
        }

        @Test func streamOfEventsIsBounded() throws {
            let redis = connection()
            let events = RedisEvents(redis, keys: keys) { connection() }
            let session = worker()
            for _ in 0..<10 { events.publish((0..<1_000).map { record("\($0)", session: session) }) }
            let length = try redis.answerNow(["XLEN", RedisWord(keys.key("events"))]).number ?? 0
            #expect((4_096..<5_000).contains(length))
            events.publish([record(String(repeating: "x", count: 2 << 20), session: session)])
            #expect(try redis.answerNow(["XLEN", RedisWord(keys.key("events"))]).number == length)
        }
    }

    /// Tells numbers in one session, and things of another, until it is cancelled.
    private final class Teller: Sendable {
        private let events: RedisEvents
        private let redis: RedisConnection
        private let key: String
        private let mine: ULID
        private let theirs: ULID
        private let moment: Moment

        init(
            _ events: RedisEvents, _ redis: RedisConnection, keys: RedisKeys, mine: ULID, theirs: ULID,
            at moment: Moment
        ) {
            (self.events, self.redis, self.mine, self.theirs, self.moment) = (events, redis, mine, theirs, moment)
            key = keys.key("events")
        }

        func tell() async {
            var number = 0
            while !Task.isCancelled {
                events.publish([record("own", mine), record("\(number)", theirs)])
                do {
                    // No event of a session's.
                    _ = try await redis.answer(["XADD", RedisWord(key), "*", "event", "{}"])
                } catch {
                    return
                }
                number += 1
            }
        }

        private func record(_ text: String, _ session: ULID) -> SessionEventRecord {
            SessionEventRecord(session: session, moment: moment, event: .notice(isError: false, text: text))
        }
    }
#endif
