#if Redis
    import Configuration
    import Core
    import Metering
    import ResponseCache
    import TestKit
    import Testing

    @testable import Generation
    @testable import RedisStores

    /// How often a request waits for a Redis server that holds the cache and the limits.
    @Suite(.timeLimit(.minutes(10))) struct SharedRoundTripTests {
        private let server: RedisServer
        private let connection: RedisConnection
        /// Counts what comes to the server; what it asks itself is one more.
        private let observer: RedisConnection
        private let fixture: GenerationFixture

        init() throws {
            server = try RedisServer.start()
            var settings = RedisSettings()
            settings.port = server.port
            // Nothing but the requests talks to the server, and it may be silent for as long as a test wants.
            let times = RedisTimes(command: 60_000, idle: 60_000)
            connection = RedisConnection(settings, times: times)
            observer = RedisConnection(settings, times: times)
            let keys = RedisKeys(settings, project: "book")
            let time = ManualTime()
            let levels = RedisLevels(connection, keys: keys, owner: ULID(at: time.now()), time: time)
            fixture = try GenerationFixture(
                store: RedisCacheStore(connection, keys: keys), levels: levels,
                limits: {
                    $0.global.costs[.day] = try Money(dollars: "10")
                    $0.providers["scripted"] = LimitSet(maxConcurrent: 4)
                })
        }

        /// The pieces that the server has read since it was asked last; what is sent together is one.
        private func reads() throws -> Int {
            let stats = try observer.askNow([RedisCommand("INFO", "stats")]).first?.text ?? ""
            let count = stats.split(whereSeparator: \.isNewline).first { $0.hasPrefix("total_reads_processed:") }
            let reads = Int(count?.split(separator: ":").last ?? "") ?? 0
            _ = try observer.askNow([RedisCommand("CONFIG", "RESETSTAT")])
            return reads - 1
        }

        /// Waits until the server has what nobody waits for, and counts from there.
        private func startCounting() throws {
            _ = try connection.askNow([RedisCommand("PING")])
            _ = try reads()
        }

        @Test func cachedRequestWaitsOnce() async throws {
            _ = try await fixture.generate(fixture.request())
            try startCounting()
            let hit = try await fixture.generate(fixture.request())
            #expect(hit.record.source == .cache)
            #expect(try reads() == 1)
        }

        @Test func uncachedRequestWaitsThreeTimesAndNotAfterItsAnswer() async throws {
            _ = try await fixture.generate(fixture.request("Something else."))
            try startCounting()
            let count = Recorder<Int>()
            fixture.provider.whileCalled { [server] _ in
                if let reads = try? reads() { count.append(reads) }
                server.stop()
            }
            let answered = try await fixture.generate(fixture.request())
            #expect(answered.record.source == .provider && answered.record.cost?.dollars == "0.000444")
            #expect(count.elements == [3])
            server.resume()
            _ = try connection.askNow([RedisCommand("PING")])
            let budget = try fixture.limiter.standings().budgets.first
            #expect(budget?.spent.dollars == "0.000888" && budget?.reserved == .zero)
            #expect(fixture.isCached(fixture.request()))
        }
    }
#endif
