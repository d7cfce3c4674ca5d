public import Core

/// How answers are cached.
public struct CachingSettings: Hashable, Sendable {
    public enum Backend: String, Hashable, Sendable { case file, memory, redis }

    /// What a provider or a role says about caching; what it does not say is nil.
    public struct Exception: Hashable, Sendable {
        public var enabled: Bool?
        public var ttlSeconds: Int?
        public var maxCacheSizeMB: Int?

        public init(enabled: Bool? = nil, ttlSeconds: Int? = nil, maxCacheSizeMB: Int? = nil) {
            self.enabled = enabled
            self.ttlSeconds = ttlSeconds
            self.maxCacheSizeMB = maxCacheSizeMB
        }
    }

    /// What is in force for one request.
    public struct Resolved: Hashable, Sendable {
        public var enabled: Bool
        /// How long an answer is kept, in seconds; 0 = it never expires.
        public var ttlSeconds: Int
        /// The most that may be stored, in MiB.
        public var maxCacheSizeMB: Int
    }

    public var enabled = true
    public var backend = Backend.file
    /// An absolute path, or one relative to the workspace.
    public var cacheDir = ".questfoundry/cache"
    /// How long an answer is kept, in seconds; 0 = it never expires.
    public var ttlSeconds = 86_400
    /// The most that all entries together may take, in MiB.
    public var maxCacheSizeMB = 500
    public var cleanupIntervalSeconds = 3_600
    /// Whether streamed answers are kept.
    public var stream = true
    public var perProvider: [String: Exception] = [:]
    public var perRole: [RoleName: Exception] = [:]

    public init() {}

    /// What is in force for a provider and a role: role › provider › caching, each value for itself.
    public func resolved(provider: String, role: RoleName) -> Resolved {
        let (role, provider) = (perRole[role], perProvider[provider])
        return Resolved(
            enabled: role?.enabled ?? provider?.enabled ?? enabled,
            ttlSeconds: role?.ttlSeconds ?? provider?.ttlSeconds ?? ttlSeconds,
            maxCacheSizeMB: role?.maxCacheSizeMB ?? provider?.maxCacheSizeMB ?? maxCacheSizeMB)
    }
}
