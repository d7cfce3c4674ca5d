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
    /// nil where limits and state are kept in the workspace.
    package let levels: (any SharedLevels)?
    package let state: (any StateStore)?
    #if Redis
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

        private init(
            _ settings: RedisSettings, _ configuration: Configuration, _ project: ProjectInfo, time: any TimeSource
        ) {
            let keys = RedisKeys(settings, project: project.name)
            let owner = ULID(at: time.now())
            let watcher = Watcher()
            connection = RedisConnection(
                settings, heartbeat: RedisLevels.heartbeat(keys, owner: owner), onChange: { watcher.note($0) })
            self.watcher = watcher
            cache = configuration.caching.backend == .redis ? RedisCacheStore(connection, keys: keys) : nil
            let isShared = configuration.state.backend == .redis
            levels = isShared ? RedisLevels(connection, keys: keys, owner: owner) : nil
            state =
                isShared ? RedisStateStore(connection: connection, keys: keys, initial: project, time: time) : nil
        }
    #else
        private init() { (cache, levels, state) = (nil, nil, nil) }
    #endif

    /// Connects as a configuration says; nil where it keeps nothing in Redis. Does not wait for the server.
    ///
    /// Throws when the workspace was not trusted with that, and where the program was built without Redis.
    package static func open(
        _ configuration: Configuration, project: ProjectInfo, time: any TimeSource
    ) throws(ConfigurationError) -> RedisShare? {
        guard let settings = try configuration.redisServer() else { return nil }
        #if Redis
            return RedisShare(settings, configuration, project, time: time)
        #else
            _ = settings
            throw ConfigurationError(
                .badValue,
                "state.backend or caching.backend is redis, and this program was built without Redis: build it with the "
                    + "package trait Redis, or set both to file")
        #endif
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
