public import Core
import Foundation

extension Configuration {
    /// Expands and checks a provider's values, now that it is used.
    ///
    /// Throws when no provider has the name, it is not available yet, a variable that it names is unset, a value
    /// cannot be used, or its API key would go where it must not: to any host but loopback and the provider's own,
    /// or over plain http.
    public func resolveProvider(
        _ name: String, kind: ProviderKind = .text, environment: [String: String]
    ) throws(ConfigurationError) -> ResolvedProvider {
        guard let entry = entry(name, kind: kind) else {
            throw ConfigurationError(.unknownProvider, unknownProvider(name, kind: kind))
        }
        guard entry.type.isAvailable(for: kind) else {
            throw ConfigurationError(
                .notAvailable, "\(kind.rawValue) provider \(name.visible()) (\(entry.type.rawValue)): not available yet"
            )
        }
        return try ProviderResolution(entry: entry, kind: kind, environment: environment).provider()
    }

    /// The environment variable that holds a provider's API key: the one that the file names, else the usual one of its
    /// type. nil when it needs none, or the key stands in the file.
    public func keyVariable(of name: String, kind: ProviderKind = .text) -> String? {
        guard let entry = entry(name, kind: kind) else { return nil }
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
