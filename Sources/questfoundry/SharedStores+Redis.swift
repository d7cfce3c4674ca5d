import Core
import RedisStores
import Studio
import Workspace

extension SharedStores {
    /// What is kept in Redis, as a session takes it.
    init(_ share: RedisShare, workspace: Workspace, time: any TimeSource) {
        self.init(
            state: share.state(workspace.info, time: time), cache: share.cache, levels: share.levels,
            health: { Health(share.health) },
            watch: { told in share.watch { told(Health($0)) } },
            publish: { share.publish($0) }, events: { share.events(besides: $0) }, close: { share.close() })
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
