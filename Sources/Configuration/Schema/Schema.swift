import Core

/// The whole of `config.yml` as data: a key is one entry here.
enum Schema {
    /// `overrides.yml`: what can be changed live. How a provider is reached is for `config.yml` alone to say.
    static let overrides = Section([
        SchemaKey(
            "providers",
            Section(
                ProviderKind.allCases.map { kind in
                    SchemaKey(
                        kind.rawValue,
                        Section([
                            SchemaKey("default", .text, \.overrides.defaults[kind])
                        ]))
                })),
        SchemaKey("roles", roles(and: [])),
        SchemaKey("dashboard", Section([SchemaKey("theme", .text, \.overrides.theme)])),
    ])

    static let root = Section([
        SchemaKey(
            "providers",
            Section(
                ProviderKind.allCases.map { kind in
                    SchemaKey(kind.rawValue, .providers)
                })),
        SchemaKey("roles", roles(and: providerKeys)),
        SchemaKey("caching", caching),
        SchemaKey("rate_limiting", rateLimiting),
        SchemaKey("cost_limits", costLimits),
        SchemaKey(
            "costs",
            Section([
                SchemaKey("keep_rows_days", .whole(0...36_500), \.costs.keepRowsDays)
            ])),
        SchemaKey("retry", retry),
        SchemaKey("state", state),
        SchemaKey("dashboard", dashboard),
    ])

    // MARK: - Roles

    private static func roles(and more: [SchemaKey]) -> Section {
        let keys = RoleField.all.map(SchemaKey.init) + [SchemaKey("cost_limits", costLimits)]
        return Section(each: .roles, .section(Section(keys + more)))
    }

    /// Keys of a provider that may stand under a role as well.
    private static let providerKeys: [SchemaKey] = {
        let own = Set(RoleField.all.map(\.key) + ["type", "cost_limits"])
        var keys: [SchemaKey] = []
        for type in ProviderType.allCases {
            for var key in type.section.keys
            where !own.contains(key.name) && !keys.contains(where: { $0.name == key.name }) {
                key.isOfProvider = true
                keys.append(key)
            }
        }
        return keys
    }()

    // MARK: - Caching

    private static let caching = Section([
        SchemaKey("enabled", .flag, \.caching.enabled),
        SchemaKey("backend", .choice(["file", "memory", "redis"]), \.caching.backend),
        SchemaKey("cache_dir", .text, \.caching.cacheDir),
        ttl(SchemaKey("ttl_seconds", ttlRange, \.caching.ttlSeconds)),
        SchemaKey("max_cache_size_mb", sizeRange, \.caching.maxCacheSizeMB),
        SchemaKey("cleanup_interval_seconds", .whole(1...31_536_000), \.caching.cleanupIntervalSeconds),
        SchemaKey("stream", .flag, \.caching.stream),
        SchemaKey(
            "per_provider",
            Section(
                each: .providers,
                .section(
                    Section([
                        SchemaKey("enabled", .flag, each: { \.caching[provider: $0].enabled }),
                        ttl(SchemaKey("ttl_seconds", ttlRange, each: { \.caching[provider: $0].ttlSeconds })),
                        SchemaKey(
                            "max_cache_size_mb", sizeRange, each: { \.caching[provider: $0].maxCacheSizeMB }),
                    ])))),
        SchemaKey(
            "per_role",
            Section(
                each: .roles,
                .section(
                    Section([
                        SchemaKey("enabled", .flag, each: { \.caching[role: $0].enabled }),
                        ttl(SchemaKey("ttl_seconds", ttlRange, each: { \.caching[role: $0].ttlSeconds })),
                        SchemaKey("max_cache_size_mb", sizeRange, each: { \.caching[role: $0].maxCacheSizeMB }),
                    ])))),
    ])

    private static let ttlRange = Shape.whole(0...3_153_600_000)
    private static let sizeRange = Shape.whole(0...1_048_576)

    private static func ttl(_ key: SchemaKey) -> SchemaKey {
        key.remarking { value in
            value == .whole(0)
                ? SchemaKey.Remark(
                    severity: .note, message: "0 means here: never expires (questfoundry-py took it as its default)")
                : nil
        }
    }

    // MARK: - The rest

    private static let retry = Section([
        SchemaKey("max_retries", .whole(0...100), \.retry.maxRetries),
        SchemaKey("initial_delay_ms", .whole(0...86_400_000), \.retry.initialDelayMilliseconds),
        SchemaKey("max_delay_ms", .whole(0...86_400_000), \.retry.maxDelayMilliseconds),
    ])

    private static let state = Section([
        SchemaKey("backend", .choice(["file", "sqlite", "redis", "memory"]), \.state.backend),
        SchemaKey("file_path", .text, status: .unused("accepted, but not used: state lives in the workspace")),
        SchemaKey(
            "redis",
            Section([
                SchemaKey("host", .text, \.state.redis.host), SchemaKey("port", .whole(1...65_535), \.state.redis.port),
                SchemaKey("db", .whole(0...65_535), \.state.redis.db),
                SchemaKey("username", .text, \.state.redis.username),
                SchemaKey("password", .secret, \.state.redis.password),
                SchemaKey("prefix", .text, \.state.redis.prefix), SchemaKey("project", .text, \.state.redis.project),
                SchemaKey("allow_plaintext", .flag, \.state.redis.allowPlaintext),
            ]), status: .whereUsed),
        SchemaKey(
            "retention",
            Section([
                SchemaKey("keep_backups", .whole(0...10_000), \.state.keepBackups),
                SchemaKey("backup_interval_hours", .whole(0...87_600), \.state.backupIntervalHours),
                SchemaKey("keep_sessions", .whole(0...100_000), \.state.keepSessions),
            ])),
    ])

    private static let dashboard = Section([
        SchemaKey("theme", .text, \.dashboard.theme),
        SchemaKey("mouse", .flag, \.dashboard.mouse),
        SchemaKey("ascii", .choice(["auto", "always", "never"]), \.dashboard.ascii),
        SchemaKey("refresh_hz", .whole(1...240), \.dashboard.refreshHz),
        SchemaKey("bell", .flag, \.dashboard.bell),
        SchemaKey("notifications", .flag, \.dashboard.notifications),
        SchemaKey("synchronized_output", .choice(["auto", "always", "never"]), \.dashboard.synchronizedOutput),
        // Which actions there are is known to the dashboard's own table.
        SchemaKey(
            "keys",
            Section(each: .any) { action in SchemaKey(action, .list(.text), each: { \.dashboard.keys[$0] }) }),
    ])
}

extension CachingSettings {
    fileprivate subscript(provider name: String) -> Exception {
        get { perProvider[name] ?? Exception() }
        set { perProvider[name] = newValue }
    }

    /// What a role, given by its name in the file, says about caching.
    fileprivate subscript(role name: String) -> Exception {
        get { RoleName(rawValue: name).flatMap { perRole[$0] } ?? Exception() }
        set { if let role = RoleName(rawValue: name) { perRole[role] = newValue } }
    }
}
