import Core

extension Configuration {
    /// Whether anything is kept in Redis.
    public var usesRedis: Bool { caching.backend == .redis || state.backend == .redis }

    /// What connecting to Redis would send where without ``trust`` reaching there: every variable that its settings
    /// name, and whatever goes to another machine.
    var untrustedByRedis: [TrustLine] {
        guard usesRedis else { return [] }
        let host = state.redis.host.lowercased()
        var lines = state.redis.variables.map { TrustLine(variable: $0, host: host) }
        if !state.redis.isLoopback { lines.append(TrustLine(host: host)) }
        return lines.filter { !trust.covers($0) }
    }

    /// The server that is used, now that it is about to be connected to; nil when none is.
    ///
    /// Throws when the workspace is from elsewhere and was not trusted with that.
    package func redisServer() throws(ConfigurationError) -> RedisSettings? {
        guard usesRedis else { return nil }
        let lines = untrustedByRedis
        guard lines.isEmpty else {
            throw ConfigurationError(
                .untrustedHost,
                "state.redis: it would send \(lines.map(\.description).joined(separator: ", ")), and this workspace is "
                    + "from elsewhere; trust it once with --trust, or change state.redis")
        }
        return state.redis
    }
}

extension Checker {
    /// What the settings of Redis have to say together, where it is used.
    mutating func checkRedis(in tree: Tree) {
        guard configuration.usesRedis else { return }
        let entries = tree.entry(at: ["state", "redis"])?.value.entries ?? []
        for entry in entries { noteVariables(of: entry) }
        let redis = configuration.state.redis
        for (key, value) in [("prefix", redis.prefix), ("project", redis.project ?? "x"), ("host", redis.host)]
        where value.isEmpty || value.utf8.count > 200 || value.contains(where: { "{}".contains($0) || $0.isWhitespace })
        {
            findings.error(
                at: (entries.first { $0.key == key }?.value ?? tree).position,
                "state.redis.\(key): expected 1 to 200 bytes without spaces and braces")
        }
        guard redis.password != nil, !redis.isLoopback, !redis.allowPlaintext else { return }
        findings.error(
            at: (entries.first { $0.key == "password" }?.value ?? tree).position,
            "state.redis.password would travel to \(redis.host.visible()) where everyone on the way can read it; use a "
                + "tunnel to 127.0.0.1, or write allow_plaintext: true")
    }

    private mutating func noteVariables(of entry: Tree.Entry) {
        guard case .scalar(let scalar) = entry.value.content, let expansion = try? Expansion(scalar.text) else {
            return
        }
        configuration.state.redis.variables += expansion.variables
        if entry.key == "password", let password = configuration.state.redis.password {
            configuration.state.redis.password = Secret(password.reveal(), variable: expansion.variables.first)
        }
        do { _ = try expansion.text(in: environment) } catch {
            findings.error(at: entry.value.position, "state.redis.\(entry.key): \(error.message)")
        }
    }
}
