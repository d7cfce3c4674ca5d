public import Core

/// What was changed live and outlives the session: `overrides.yml`, which has the form of `config.yml` with `roles`
/// and `providers.KIND.default` only.
public struct Overrides: Hashable, Sendable {
    public var roles: [RoleName: RoleLayer]
    public var defaults: [ProviderKind: String]

    public init(roles: [RoleName: RoleLayer] = [:], defaults: [ProviderKind: String] = [:]) {
        self.roles = roles
        self.defaults = defaults
    }
}
