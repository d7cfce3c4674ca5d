import Configuration

/// The names of all that is kept on the server. All of a project's begin alike, so that a cluster keeps them in one slot.
struct RedisKeys: Sendable {
    /// `{prefix:project}`.
    let base: String

    init(_ settings: RedisSettings, project: String) { base = "{\(settings.prefix):\(settings.project ?? project)}" }

    func key(_ name: String) -> String { "\(base):\(name)" }
}
