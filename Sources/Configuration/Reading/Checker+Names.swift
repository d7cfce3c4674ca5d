import Core

extension Checker {
    /// Checks what can only be checked when all is read: that every named provider exists and fits its role.
    mutating func checkNames(in tree: Tree) {
        for kind in ProviderKind.allCases { checkDefault(of: kind, in: tree) }
        for entry in tree.entry(at: ["roles"])?.value.entries ?? [] {
            guard let role = RoleName(rawValue: entry.key) else { continue }
            // A role that is named is called in, also when nothing is set for it.
            if configuration.roles[role] == nil { configuration.roles[role] = RoleLayer() }
            checkProvider(of: role, kind: nil, in: entry)
            for kind in ProviderKind.allCases { checkProvider(of: role, kind: kind, in: entry) }
            bindOwnValues(of: role, in: entry)
        }
        checkFallbacks(in: tree)
    }

    private mutating func checkDefault(of kind: ProviderKind, in tree: Tree) {
        let path = ["providers", kind.rawValue, "default"]
        guard let entry = tree.entry(at: path), let name = configuration.providers[kind]?.defaultName,
            configuration.written[path] != nil, !brokenProviders.contains(name)
        else { return }
        guard configuration.entry(name, kind: kind) != nil else {
            let known = names(of: kind)
            return findings.error(
                at: entry.value.position,
                "\(KeyPathText.joined(path)): no \(kind.rawValue) provider is called \(name.visible()); known: \(known)"
            )
        }
    }

    /// Checks `provider`, or, with a kind, `text_provider` and the like.
    private mutating func checkProvider(of role: RoleName, kind: ProviderKind?, in entry: Tree.Entry) {
        let key = kind.map { "\($0.rawValue)_provider" } ?? "provider"
        guard let position = entry.value.entry(at: [key])?.value.position,
            let name = configuration.roles[role]?.provider(of: kind), !brokenProviders.contains(name)
        else { return }
        let title = "roles.\(role.rawValue).\(key)"
        let kinds = configuration.kinds(of: name).filter { kind == nil || $0 == kind }
        guard let known = kinds.first else {
            let what = kind.map { "\($0.rawValue) provider" } ?? "provider"
            return findings.error(
                at: position, "\(title): no \(what) is called \(name.visible()); known: \(names(of: kind))")
        }
        guard kinds.contains(where: role.kinds.contains) else {
            return findings.error(
                at: position,
                "\(title): \(name.visible()) makes \(known.rawValue), and \(role.rawValue) uses no provider of "
                    + "that kind; name one of \(names(of: .text))")
        }
    }

    /// Gives a provider's keys under a role to the provider of the kind that the role's `provider` names, as its model is.
    private mutating func bindOwnValues(of role: RoleName, in entry: Tree.Entry) {
        guard let values = ownValues[role], !values.isEmpty else { return }
        let named = configuration.roles[role]?.provider
        let kind = named.flatMap { configuration.kind(of: $0, for: role) } ?? .text
        let name = configuration.providerName(for: role, kind: kind)
        guard let type = configuration.entry(name, kind: kind)?.type else { return }
        let known = type.section.keys.map(\.name)
        for field in entry.value.entries ?? [] where values[field.key] != nil && !known.contains(field.key) {
            findings.add(
                .warning, at: field.position,
                "roles.\(role.rawValue).\(field.key): not used, since the role's \(kind.rawValue) provider, "
                    + "\(name.visible()), has no such key")
        }
        let used = values.filter { known.contains($0.key) }
        guard !used.isEmpty else { return }
        configuration.ownProviders[role] = OwnProvider(name: name, kind: kind, values: used)
    }

    /// The names that a provider of a kind, or of any, may have.
    func names(of kind: ProviderKind?) -> String {
        let kinds = kind.map { [$0] } ?? ProviderKind.allCases
        let entries = kinds.flatMap { configuration.providers[$0]?.entries.map(\.name) ?? [] }
        let types = ProviderType.allCases.filter { !Set($0.kinds).isDisjoint(with: kinds) }.map(\.rawValue)
        var seen: Set<String> = []
        return (entries + types).filter { seen.insert($0).inserted }.map { $0.visible() }.joined(separator: ", ")
    }
}
