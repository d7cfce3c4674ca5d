package import Core
package import Metering
package import ResponseCache
package import Workspace

/// What machines share, which the program hands to a session: the library itself knows no server.
package struct SharedStores: Sendable {
    /// How the server stands.
    package struct Health: Hashable, Sendable {
        /// `127.0.0.1:6379`.
        package var place: String
        /// Why it cannot be used and since which wall time, in words with the remedy; nil while it can.
        package var absence: String?
        package var awaySince: Int64?
        package var latencyMicroseconds: Int64?

        package init(place: String, absence: String?, awaySince: Int64?, latencyMicroseconds: Int64?) {
            self.place = place
            self.absence = absence
            self.awaySince = awaySince
            self.latencyMicroseconds = latencyMicroseconds
        }
    }

    /// Where artifacts, units and snapshots are; nil where they are in the workspace.
    package var state: (any StateStore)?
    /// nil where answers are kept elsewhere.
    package var cache: (any CacheStore)?
    /// nil where limits are kept in the workspace.
    package var levels: (any SharedLevels)?
    package var health: @Sendable () -> Health
    /// Has a function called whenever the server goes away or comes back.
    package var watch: @Sendable (@escaping @Sendable (Health) -> Void) -> Void
    /// Tells the sessions of all machines what happens here, without waiting.
    package var publish: @Sendable ([SessionEventRecord]) -> Void
    /// What happens in the sessions of all machines but one of them, from now on.
    package var events: @Sendable (_ besides: ULID) -> AsyncStream<SessionEventRecord>
    /// Ends the connection, when what was said is said.
    package var close: @Sendable () -> Void

    package init(
        state: (any StateStore)?, cache: (any CacheStore)?, levels: (any SharedLevels)?,
        health: @escaping @Sendable () -> Health,
        watch: @escaping @Sendable (@escaping @Sendable (Health) -> Void) -> Void,
        publish: @escaping @Sendable ([SessionEventRecord]) -> Void,
        events: @escaping @Sendable (_ besides: ULID) -> AsyncStream<SessionEventRecord>,
        close: @escaping @Sendable () -> Void
    ) {
        (self.state, self.publish, self.events) = (state, publish, events)
        self.cache = cache
        self.levels = levels
        self.health = health
        self.watch = watch
        self.close = close
    }
}

extension SharedStores.Health {
    /// What the writer is told when it changes.
    var notice: String {
        absence.map { "\($0); until it is back no new paid request is made and the shared cache is not asked" }
            ?? "Redis at \(place) is back"
    }
}
