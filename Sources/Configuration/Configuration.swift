public import Core

/// Everything that `config.yml` says, as typed values; `Configuration()` is what an empty file says.
public struct Configuration: Sendable {
    public var providers: [ProviderKind: ProviderSection]
    public var roles: [RoleName: RoleLayer] = [:]
    public var caching = CachingSettings()
    public var rateLimiting = RateLimitSettings()
    public var costs = CostSettings()
    public var retry = RetrySettings()
    public var state = StateSettings()
    public var dashboard = DashboardSettings()
    /// What its providers may send where, beside what needs no question.
    public var trust = ProviderTrust.lines([])
    /// What was changed live; see ``applying(_:)``.
    public internal(set) var overrides = Overrides()
    /// Where each value stands that a file sets: `config.yml:5` by its path of keys.
    var written: [[String]: String] = [:]

    public init() {
        providers = Dictionary(uniqueKeysWithValues: ProviderKind.allCases.map { ($0, ProviderSection()) })
    }

    /// The configuration with live changes on top, which replace those of an earlier call.
    public func applying(_ overrides: Overrides) -> Configuration {
        var changed = self
        changed.overrides = overrides
        return changed
    }
}
