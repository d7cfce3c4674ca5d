import Configuration
import Core
import Synchronization
import TestKit

@testable import Metering
@testable import RedisStores

/// A server of a test's own, started when it is first asked for.
final class RedisShelf: Sendable {
    private let server = Mutex<RedisServer?>(nil)

    #if Redis
        /// Levels as another process has them, counted with a test's clock where it is given. As long as that moves in leaps,
        /// nobody is ever taken for gone.
        func levels(time: (any TimeSource)? = nil, owner: ULID = ULID(at: Moment(wall: 1, sinceBoot: 1))) throws
            -> RedisLevels
        {
            let keys = RedisKeys(RedisSettings(), project: "book")
            // However busy the machine is: nothing here is about time.
            let connection = RedisConnection(
                try settings(), times: RedisTimes(connect: 60_000, command: 60_000))
            return RedisLevels(connection, keys: keys, owner: owner, patience: 1 << 55, time: time)
        }

        func settings() throws -> RedisSettings {
            var settings = RedisSettings()
            settings.port = try running().port
            return settings
        }

        func running() throws -> RedisServer {
            try server.withLock { server in
                let running = try server ?? RedisServer.start()
                server = running
                return running
            }
        }
    #endif
}
