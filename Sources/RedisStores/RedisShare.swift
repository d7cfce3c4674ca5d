package import Configuration
package import Core
package import Metering
package import ResponseCache
import Synchronization
package import Workspace

/// What a configuration keeps in Redis, over one connection.
package final class RedisShare: Sendable {
    /// nil where answers are kept elsewhere.
    package let cache: (any CacheStore)?
    /// nil where limits are kept in the workspace.
    package let levels: (any SharedLevels)?
    #if Redis
        /// What sessions tell each other; nil where state is kept elsewhere.
        package let events: RedisEvents?
        /// Work for whoever has time; nil where state is kept elsewhere.
        package let jobs: RedisJobs?
        private let keys: RedisKeys
        private let connection: RedisConnection
        private let watcher: Watcher

        private final class Watcher: Sendable {
            let told = Mutex<(@Sendable (RedisHealth) -> Void)?>(nil)
            /// Whether it was away since the last notice: that it is there at first is no news.
            let wasAway = Mutex(false)

            func note(_ health: RedisHealth) {
                let isAway = if case .away = health.state { true } else { false }
                let isNews = wasAway.withLock { wasAway in
                    defer { wasAway = isAway }
                    return wasAway != isAway
                }
                if isNews { told.withLock { $0 }?(health) }
            }
        }

        private init(_ settings: RedisSettings, _ configuration: Configuration, project: String) {
            keys = RedisKeys(settings, project: project)
            let owner = ULID(at: SystemTime().now())
            let watcher = Watcher()
            connection = RedisConnection(
                settings, heartbeat: RedisLevels.heartbeat(keys, owner: owner), onChange: { watcher.note($0) })
            self.watcher = watcher
            cache = configuration.caching.backend == .redis ? RedisCacheStore(connection, keys: keys) : nil
            let sharesState = configuration.state.backend == .redis
            levels = sharesState ? RedisLevels(connection, keys: keys, owner: owner) : nil
            events = sharesState ? RedisEvents(connection, keys: keys) { RedisConnection(settings) } : nil
            jobs = sharesState ? RedisJobs(connection, keys: keys) : nil
        }
    #else
        private init() { (cache, levels) = (nil, nil) }
    #endif

    /// Connects as a configuration says; nil where it keeps nothing in Redis. Does not wait for the server.
    ///
    /// Throws when the workspace was not trusted with that, and where the program was built without Redis.
    package static func open(
        _ configuration: Configuration, project: String
    ) throws(ConfigurationError) -> RedisShare? {
        guard let settings = try configuration.redisServer() else { return nil }
        #if Redis
            return RedisShare(settings, configuration, project: project)
        #else
            _ = settings
            throw ConfigurationError(
                .badValue,
                "state.backend or caching.backend is redis, and this program was built without Redis: build it with the "
                    + "package trait Redis, or set both to file")
        #endif
    }

    /// The project's state, where it is kept in Redis.
    package func state(_ project: ProjectInfo, time: any TimeSource) -> (any StateStore)? {
        #if Redis
            levels == nil ? nil : RedisStateStore(connection, keys: keys, project: project, time: time)
        #else
            nil
        #endif
    }

    /// Tells the sessions of all machines what happens here, without waiting.
    package func publish(_ records: [SessionEventRecord]) {
        #if Redis
            events?.publish(records)
        #endif
    }

    /// What happens in the sessions of all machines but one of them, from now on.
    package func events(besides own: ULID) -> AsyncStream<SessionEventRecord> {
        #if Redis
            if let events { return events.events(besides: own) }
        #endif
        return AsyncStream { $0.finish() }
    }

    package var health: RedisHealth {
        #if Redis
            connection.health
        #else
            RedisHealth(place: "")
        #endif
    }

    /// Has a function called whenever the server goes away or comes back; at once where it is away already.
    package func watch(_ told: @escaping @Sendable (RedisHealth) -> Void) {
        #if Redis
            watcher.told.withLock { $0 = told }
            if watcher.wasAway.withLock({ $0 }) { told(connection.health) }
        #endif
    }

    /// Asks the server for nothing, and waits for that.
    package func ping() throws(RedisError) {
        #if Redis
            _ = try connection.askNow([RedisCommand("PING")])
        #endif
    }

    /// Ends the connection, when what was said is answered; after a second at the latest.
    package func close() {
        #if Redis
            connection.close()
        #endif
    }
}
