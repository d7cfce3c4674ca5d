import RedisStores
import Studio

extension SharedStores {
    /// What is kept in Redis, as a session takes it.
    init(_ share: RedisShare) {
        self.init(
            cache: share.cache, levels: share.levels, state: share.state, health: { Health(share.health) },
            watch: { told in share.watch { told(Health($0)) } }, close: { share.close() })
    }
}

extension SharedStores.Health {
    init(_ health: RedisHealth) {
        var absence: (text: String, since: Int64)?
        if case .away(let since, let error) = health.state { absence = (error.description, since) }
        self.init(
            place: health.place, absence: absence?.text, awaySince: absence?.since,
            latencyMicroseconds: health.latencyMicroseconds)
    }
}
