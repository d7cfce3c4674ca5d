public import Core
import Foundation

extension Configuration {
    /// Expands and checks a provider's values, now that it is used; for a role, with what the role says of that provider.
    ///
    /// Throws when no provider has the name, a variable that it names is unset, a value
    /// cannot be used, it would send something to where ``trust`` does not reach, or an API key over plain http.
    public func resolveProvider(
        _ name: String, kind: ProviderKind = .text, for role: RoleName? = nil, environment: [String: String]
    ) throws(ConfigurationError) -> ResolvedProvider {
        guard let entry = entry(name, kind: kind, for: role) else {
            throw ConfigurationError(.unknownProvider, unknownProvider(name, kind: kind))
        }
        return try ProviderResolution(entry: entry, kind: kind, environment: environment, trust: trust).provider()
    }

    /// What the configured providers would send where without ``trust`` reaching there, in a steady order.
    ///
    /// A provider whose address names a variable that is unset cannot be asked, and is left out.
    public func untrusted(environment: [String: String]) -> [TrustLine] {
        func lines(_ entry: ProviderEntry, _ kind: ProviderKind) -> [TrustLine] {
            ProviderResolution(entry: entry, kind: kind, environment: environment, trust: trust).untrusted
        }
        let shared = ProviderKind.allCases.flatMap { kind in
            (providers[kind]?.entries ?? []).flatMap { lines($0, kind) }
        }
        let own = ownProviders.flatMap { role, own in
            entry(own.name, kind: own.kind, for: role).map { lines($0, own.kind) } ?? []
        }
        return Set(shared + own + untrustedByRedis).sorted()
    }

    /// The environment variable that holds a provider's API key: the one that the file names, else the usual one of its
    /// type. nil when it needs none, or the key stands in the file.
    public func keyVariable(of name: String, kind: ProviderKind = .text, for role: RoleName? = nil) -> String? {
        guard let entry = entry(name, kind: kind, for: role) else { return nil }
        guard let written = entry.values["api_key"] else { return entry.type.keyVariables.first }
        return (try? Expansion(written.scalar.text))?.variables.first
    }

    private func unknownProvider(_ name: String, kind: ProviderKind) -> String {
        let known = (providers[kind]?.entries.map(\.name) ?? []) + [ProviderType.embedded.rawValue]
        return "no \(kind.rawValue) provider is called \(name.visible()); known: "
            + known.map { $0.visible() }.joined(separator: ", ")
            + "; add it under providers.\(kind.rawValue) or name another"
    }
}
