public import Core

extension Configuration {
    /// What is in force for a role when each provider of its `fallback` list takes its own provider's place, in order.
    ///
    /// It is what would be in force if the role named that provider: its own model, and never that of the provider
    /// which failed; `temperature`, `max_tokens` and the like carry over. A name that comes twice, or is the role's own
    /// provider, counts once. The fallback list of a fallback is not followed.
    public func fallbackSettings(
        for role: RoleName, kind: ProviderKind = .text, flags: RoleLayer = RoleLayer()
    ) -> [RoleSettings] {
        let own = settings(for: role, kind: kind, flags: flags)
        var asked: Set = [own.provider]
        return own.fallback.filter { asked.insert($0).inserted }.map { name in
            let isPlain = self.kind(of: name, for: role) == kind
            return settings(for: role, kind: kind, flags: flags.naming(name, kind: kind, isPlain: isPlain))
        }
    }
}

extension RoleLayer {
    /// The layer with another provider of one kind, without what belongs to the provider that it named.
    fileprivate func naming(_ name: String, kind: ProviderKind, isPlain: Bool) -> RoleLayer {
        var layer = RoleLayer()
        for field in RoleField.values where !field.isBoundToProvider { _ = field.copy(self, &layer) }
        if isPlain { layer.provider = name }
        switch kind {
        case .text: layer.textProvider = name
        case .image: layer.imageProvider = name
        case .audio: layer.audioProvider = name
        }
        return layer
    }
}
