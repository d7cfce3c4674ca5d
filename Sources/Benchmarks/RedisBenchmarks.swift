#if Redis
    import Configuration
    import Core
    import Foundation
    import Metering
    import RedisStores
    import ResponseCache

    /// Shared limits and the shared cache beside a PING over the same connection, on a server of its own.
    enum RedisBenchmarks {
        static func run() async throws -> [Figure] {
            let folder = FileManager.default.temporaryDirectory.appending(path: "redis-" + UUID().uuidString)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let port = 20_000 + Int(getpid()) % 20_000
            let server = Process()
            server.executableURL = URL(filePath: "/usr/bin/redis-server")
            server.arguments = ["--port", "\(port)", "--bind", "127.0.0.1", "--save", "", "--dir", folder.path]
            server.standardOutput = FileHandle.nullDevice
            try server.run()
            defer {
                // It inherits a thread's mask, in which the signal that asks it to end is blocked.
                kill(server.processIdentifier, SIGKILL)
                try? FileManager.default.removeItem(at: folder)
            }
            var configuration = Configuration()
            (configuration.state.backend, configuration.caching.backend) = (.redis, .redis)
            configuration.state.redis.port = port
            guard let share = try RedisShare.open(configuration, project: "benchmark"), let cache = share.cache else {
                return []
            }
            defer { share.close() }
            let deadline = DispatchTime.now() + .seconds(10)
            while share.health.state != .connected, DispatchTime.now() < deadline { usleep(1_000) }
            return try figures(share, cache)
        }

        private static func figures(_ share: RedisShare, _ cache: any CacheStore) throws -> [Figure] {
            let limiter = RateLimiter(
                ledger: Ledger(inMemoryWith: Sample.time), settings: try everyLevel(), shared: share.levels)
            let demand = Sample.demand(cost: Money(picodollars: 1))
            let times = try Stopwatch.medians(
                rounds: 200, each: 20,
                [
                    { _ in try share.ping() },
                    { _ in consume(try limiter.canProceed(demand)) },
                    { _ in try limiter.release(limiter.tryReserve(demand)) },
                    { _ in consume(try cache.find("0000", tellsCause: true)) },
                ])
            let details = { (time: Double) in String(format: "PING %.0f µs, this %.0f µs", times[0], time) }
            return [
                Figure(
                    name: "limit script, 4 scopes", value: times[1] / times[0], bound: 3, details: details(times[1])),
                Figure(
                    name: "take and give back, with the ledger's rows in memory", value: times[2] / times[0], bound: 12,
                    details: details(times[2])),
                Figure(
                    name: "look-up in the shared cache", value: times[3] / times[0], bound: 2,
                    details: details(times[3])),
            ]
        }

        private static func everyLevel() throws -> RateLimitSettings {
            var settings = RateLimitSettings()
            var set = LimitSet(maxConcurrent: 1_000_000)
            set[.requests, .minute] = 1_000_000_000
            set.costs[.day] = try Money(dollars: "1000000")
            settings.global = set
            settings.providers["openai"] = set
            settings.models["gpt-4o-mini"] = set
            settings.roles[.sceneSmith] = set
            return settings
        }
    }
#endif
