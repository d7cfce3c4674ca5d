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

    /// nil where answers are kept elsewhere.
    package var cache: (any CacheStore)?
    /// nil where limits are kept in the workspace.
    package var levels: (any SharedLevels)?
    /// nil where the state is kept in the workspace.
    package var state: (any StateStore)?
    package var health: @Sendable () -> Health
    /// Has a function called whenever the server goes away or comes back.
    package var watch: @Sendable (@escaping @Sendable (Health) -> Void) -> Void
    /// Ends the connection, when what was said is said.
    package var close: @Sendable () -> Void

    package init(
        cache: (any CacheStore)?, levels: (any SharedLevels)?, state: (any StateStore)?,
        health: @escaping @Sendable () -> Health,
        watch: @escaping @Sendable (@escaping @Sendable (Health) -> Void) -> Void,
        close: @escaping @Sendable () -> Void
    ) {
        self.cache = cache
        self.levels = levels
        self.state = state
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
