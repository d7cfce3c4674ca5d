public import Core

extension Configuration {
    /// The kinds that know a provider's name: by an entry, as their default, or as an available type of its own.
    public func kinds(of name: String) -> [ProviderKind] {
        ProviderKind.allCases.filter { kind in
            providers[kind]?.entry(name) != nil || ProviderType(rawValue: name)?.kinds.contains(kind) == true
        }
    }

    /// The kind that `provider: name` sets for a role: the one that knows the name; the role's own where several do.
    ///
    /// nil when no kind knows the name, or none that the role uses.
    public func kind(of name: String, for role: RoleName) -> ProviderKind? {
        let known = kinds(of: name)
        return known.contains(role.ownKind) ? role.ownKind : known.first { role.kinds.contains($0) }
    }

    /// The provider that a role uses for a kind.
    public func providerName(for role: RoleName, kind: ProviderKind) -> String {
        choice(for: role, kind: kind, flags: RoleLayer()).provider
    }

    /// What is in force for a role and a kind, merged key by key:
    /// flags › live override › role › provider › built-in default.
    ///
    /// A layer that names a provider other than the one under it ends the inheritance of `model`, `voice`, `width`,
    /// `height` and `fallback` from the layers under it. What stands under the role of its provider itself (`base_url`,
    /// `api_key` …) counts with the provider that `config.yml` gives the role, and with no other: not after a live switch,
    /// and not for a fallback.
    public func settings(
        for role: RoleName, kind: ProviderKind = .text, flags: RoleLayer = RoleLayer()
    ) -> RoleSettings {
        let choice = choice(for: role, kind: kind, flags: flags)
        let entry = entry(choice.provider, kind: kind, for: role)
        var settings = RoleSettings(
            role: role, kind: kind, provider: choice.provider, type: entry?.type, values: RoleLayer(),
            sources: ["provider": choice.source])
        for field in RoleField.values {
            for layer in choice.layers where layer.kind == kind && (!field.isBoundToProvider || layer.reachesProvider) {
                guard field.copy(layer.values, &settings.values) else { continue }
                settings.sources[field.key] = layer.source
                break
            }
            if settings.sources[field.key] == nil, let entry, field.copy(entry.defaults, &settings.values) {
                settings.sources[field.key] = .provider
            }
        }
        if settings.values.model == nil, let model = entry?.model {
            settings.values.model = model
            settings.sources["model"] = .default
        }
        return settings
    }

    /// One merged setting of a role, for the kind that its `provider` names: the guide's `get_role_parameter`.
    public func parameter<Setting>(
        _ setting: KeyPath<RoleLayer, Setting?>, for role: RoleName, default fallback: Setting
    ) -> Setting {
        let kind = layers(for: role, flags: RoleLayer()).first?.kind ?? .text
        return settings(for: role, kind: kind).values[keyPath: setting] ?? fallback
    }

    /// Whether the file or a live override names a role, if only with `{}`.
    public func isConfigured(_ role: RoleName) -> Bool { roles[role] != nil || overrides.roles[role] != nil }

    /// The entry of a provider, or one without values for a type that is used under its own name; for a role, with what
    /// the role says of that provider.
    func entry(_ name: String, kind: ProviderKind, for role: RoleName? = nil) -> ProviderEntry? {
        let own = role.flatMap { ownValues(of: $0, on: name, kind: kind) }
        if let entry = providers[kind]?.entry(name) { return entry.with(own ?? [:]) }
        guard let type = ProviderType(rawValue: name), type.kinds.contains(kind) else { return nil }
        return ProviderEntry(name: name, type: type).with(own ?? [:])
    }

    /// The role, where keys of the provider stand under it, so that it reaches the provider in a way of its own; else nil.
    package func owner(of name: String, kind: ProviderKind, for role: RoleName?) -> RoleName? {
        role.flatMap { ownValues(of: $0, on: name, kind: kind) == nil ? nil : $0 }
    }

    /// A provider's keys that stand under a role; nil when none do, or they are about another provider.
    func ownValues(of role: RoleName, on name: String, kind: ProviderKind) -> [String: RawValue]? {
        guard let own = ownProviders[role], own.name == name, own.kind == kind else { return nil }
        return own.values
    }
}

extension Configuration {
    /// A layer of a role's settings on its way to being merged.
    private struct Layer {
        var source: SettingSource
        var values: RoleLayer
        /// The kind that the layer's plain settings are about.
        var kind: ProviderKind = .text
        /// Whether no layer above it names another provider than the one it is about.
        var reachesProvider = true
    }

    private struct Choice {
        var provider: String
        var source: SettingSource
        /// From the top.
        var layers: [Layer]
    }

    private func layers(for role: RoleName, flags: RoleLayer) -> [Layer] {
        var layers = [
            Layer(source: .flag, values: flags),
            Layer(source: .override, values: overrides.roles[role] ?? RoleLayer()),
            Layer(source: .role, values: roles[role] ?? RoleLayer()),
        ]
        var kind = ProviderKind.text
        for index in layers.indices.reversed() {
            if let name = layers[index].values.provider { kind = self.kind(of: name, for: role) ?? .text }
            layers[index].kind = kind
        }
        return layers
    }

    private func choice(for role: RoleName, kind: ProviderKind, flags: RoleLayer) -> Choice {
        let fallback = overrides.defaults[kind]
        var provider = fallback ?? providers[kind]?.defaultName ?? ProviderType.embedded.rawValue
        var source = fallback == nil ? SettingSource.default : .override
        var layers = layers(for: role, flags: flags)
        if let fallback, fallback != providers[kind]?.defaultName {
            // A live default is a layer above the file's role, too.
            for index in layers.indices where layers[index].source == .role { layers[index].reachesProvider = false }
        }
        for index in layers.indices.reversed() {
            guard let name = self.name(in: layers[index].values, role: role, kind: kind) else { continue }
            layers[index].reachesProvider = true
            if name != provider {
                for under in layers.indices where under > index { layers[under].reachesProvider = false }
            }
            provider = name
            source = layers[index].source
        }
        return Choice(provider: provider, source: source, layers: layers)
    }

    /// The provider that a layer names for a kind.
    private func name(in layer: RoleLayer, role: RoleName, kind: ProviderKind) -> String? {
        if let explicit = layer.provider(of: kind) { return explicit }
        guard let name = layer.provider else { return nil }
        return (self.kind(of: name, for: role) ?? .text) == kind ? name : nil
    }
}
