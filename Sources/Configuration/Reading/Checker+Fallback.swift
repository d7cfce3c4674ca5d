import Core

extension Checker {
    /// Checks the fallback lists of roles and of providers: whoever stands there must make what the first one makes.
    mutating func checkFallbacks(in tree: Tree) {
        for kind in ProviderKind.allCases {
            let path = ["providers", kind.rawValue]
            for entry in tree.entry(at: path)?.value.entries ?? [] {
                checkFallback(of: entry, at: path + [entry.key], kind: kind)
            }
        }
        for entry in tree.entry(at: ["roles"])?.value.entries ?? [] {
            guard let role = RoleName(rawValue: entry.key) else { continue }
            // The list belongs to the kind that the role's provider makes, as its model does.
            let named = configuration.roles[role]?.provider
            let kind = named.flatMap { configuration.kind(of: $0, for: role) } ?? .text
            checkFallback(of: entry, at: ["roles", role.rawValue], kind: kind)
        }
    }

    private mutating func checkFallback(of entry: Tree.Entry, at path: [String], kind: ProviderKind) {
        guard let list = entry.value.entry(at: ["fallback"])?.value else { return }
        let title = KeyPathText.joined(path + ["fallback"])
        for item in list.items ?? [list] {
            // Nothing is known yet of a name that holds a variable.
            guard let name = item.scalar?.text, !item.isNull, !name.contains("${"), !brokenProviders.contains(name)
            else { continue }
            let kinds = configuration.kinds(of: name)
            guard let known = kinds.first else {
                findings.error(
                    at: item.position,
                    "\(title): no provider is called \(name.visible()); known: \(names(of: kind))")
                continue
            }
            guard !kinds.contains(kind) else { continue }
            findings.error(
                at: item.position,
                "\(title): \(name.visible()) makes \(known.rawValue), not \(kind.rawValue); "
                    + "name one of \(names(of: kind))")
        }
    }
}
