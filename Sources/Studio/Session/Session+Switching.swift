import Configuration
public import Core
public import ResponseCache

extension Session {
    /// Switches a role to a provider, and to a model where one is named: from its next request on, in every process of
    /// the workspace, and until it is reset. A call under way goes on as it is.
    ///
    /// `kind` says for what, where the role uses two kinds; nil for the kind that the name belongs to, the role's own where
    /// it belongs to both. The role's provider of the other kind stays.
    ///
    /// Throws when no provider of a kind that the role uses has that name.
    public func switchRole(
        _ role: RoleName, kind: ProviderKind? = nil, to provider: String, model: String? = nil
    ) throws {
        let configuration = try live.current()
        let meant = configuration.kind(of: provider, for: role)
        guard let kind = kind ?? meant, role.kinds.contains(kind), configuration.kinds(of: provider).contains(kind)
        else {
            throw unknown(provider, kind: kind ?? role.ownKind, configuration)
        }
        let target = model.map { "\(provider) \($0)" } ?? provider
        try change("the switch of \(role.rawValue) to \(target)", roles: [role]) { overrides in
            let before = overrides.roles[role] ?? RoleLayer()
            var layer = RoleLayer(model: model)
            for other in role.kinds where other != kind {
                let isPlain = before.provider.flatMap { configuration.kind(of: $0, for: role) } == other
                layer.setProvider(before.provider(of: other) ?? (isPlain ? before.provider : nil), of: other)
            }
            layer.setProvider(provider, of: kind == meant ? nil : kind)
            overrides.roles[role] = layer
        }
        hub.emit(.roleSwitched(role: role, provider: provider, model: model))
    }

    /// Switches the provider of all roles that name none.
    public func switchDefault(_ kind: ProviderKind, to provider: String) throws {
        let configuration = try live.current()
        guard configuration.kinds(of: provider).contains(kind) else {
            throw unknown(provider, kind: kind, configuration)
        }
        try change("the switch of the default \(kind.rawValue) provider to \(provider)", defaults: [kind]) {
            $0.defaults[kind] = provider
        }
        hub.emit(.notice(isError: false, text: "\(provider.visible()) is the default \(kind.rawValue) provider now"))
    }

    /// Lets `config.yml` decide about a role again, from its next request on.
    public func resetRole(_ role: RoleName) throws {
        try change("the reset of \(role.rawValue)", roles: [role]) { $0.reset(role) }
        hub.emit(.roleReset(role: role))
    }

    /// Lets `config.yml` decide about every role and default again.
    public func resetAllRoles() throws {
        let roles = try live.current().overrides.roles.keys
        try change("the reset of every role", roles: RoleName.allCases, defaults: ProviderKind.allCases) {
            $0 = Overrides(theme: $0.theme)
        }
        for role in RoleName.allCases where roles.contains(role) { hub.emit(.roleReset(role: role)) }
    }

    /// Keeps a theme for every dashboard of the workspace; the one that `config.yml` names is kept by it alone.
    public func keepTheme(_ name: String) throws {
        let named = try live.current().dashboard.theme
        try live.change { $0.theme = name == named ? nil : name }
    }

    /// What ``prune(_:)`` would remove from the cache.
    public func prunePlan(_ filter: PruneFilter) throws -> PruneResult { try cache.prunePlan(filter) }

    /// Removes the matching entries from the cache; what was under them is asked for, and paid for, again.
    public func prune(_ filter: PruneFilter) throws -> PruneResult {
        let result = try cache.prune(filter)
        hub.emit(.cachePruned(entries: result.entries, bytes: result.bytes))
        return result
    }

    private func unknown(_ provider: String, kind: ProviderKind, _ configuration: Configuration) -> RunError {
        let error = #"no provider called "\#(provider.visible())" can be used here"#
        let known = configuration.providers[kind]?.entries.map { $0.name.visible() } ?? []
        let list = ([ProviderType.embedded.rawValue] + known).joined(separator: ", ")
        return RunError(
            .configuration, "\(error); known: \(list); add it under providers.\(kind.rawValue) in config.yml")
    }
}

/// How a configured provider stands: resolved, or what keeps it from being asked.
struct ProviderStanding {
    struct Problem {
        var state: Status.RoleRow.Readiness
        /// In a few words.
        var text: String
    }

    var provider: ResolvedProvider?
    var model: String?
    var problem: Problem?
}

extension Configuration {
    /// How a provider stands, for a role as that would reach it.
    func standing(
        of name: String, kind: ProviderKind, for role: RoleName? = nil, in variables: [String: String]
    ) -> ProviderStanding {
        do {
            let provider = try resolveProvider(name, kind: kind, for: role, environment: variables)
            return ProviderStanding(provider: provider, model: provider.model)
        } catch {
            let model = providers[kind]?.entry(name)?.model
            return ProviderStanding(model: model, problem: problem(error, name: name, kind: kind, role: role))
        }
    }

    private func problem(
        _ error: ConfigurationError, name: String, kind: ProviderKind, role: RoleName?
    ) -> ProviderStanding.Problem {
        switch error.code {
        case .missingKey:
            let remedy = keyVariable(of: name, kind: kind, for: role).map { ": set \($0.visible())" } ?? ""
            return .init(state: .noKey, text: "no key\(remedy)")
        case .untrustedHost:
            return .init(state: .notTrusted, text: "not trusted: open the dashboard again, or generate --trust")
        default: return .init(state: .failed, text: error.message)
        }
    }
}
