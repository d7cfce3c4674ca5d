import Core
import Foundation

/// Expands and checks the values of one provider that is about to be used.
struct ProviderResolution {
    var entry: ProviderEntry
    var kind: ProviderKind
    var environment: [String: String]

    func provider() throws(ConfigurationError) -> ResolvedProvider {
        var provider = ResolvedProvider(name: entry.name, kind: kind, type: entry.type)
        provider.model = try text("model") ?? entry.model
        guard entry.type != .embedded else { return provider }
        provider.organization = try text("organization")
        provider.timeoutSeconds = try seconds("timeout_seconds") ?? provider.timeoutSeconds
        provider.firstByteTimeoutSeconds = try seconds("first_byte_timeout_seconds") ?? provider.firstByteTimeoutSeconds
        provider.idleTimeoutSeconds = try seconds("idle_timeout_seconds") ?? provider.idleTimeoutSeconds
        provider.allowHTTP = try flag("allow_http") ?? false
        let address = try address()
        provider.baseURL = address
        if entry.type.traits.regionalAddress == nil {
            provider.apiKey = try key(for: address)
        } else {
            provider.signingKeys = try signingKeys(isOwnHost: isOwnHost(address))
        }
        if !provider.secrets.isEmpty { try checkTrust(in: address, allowHTTP: provider.allowHTTP) }
        return provider
    }

    // MARK: - Values

    func text(_ key: String, _ shape: ScalarShape = .text) throws(ConfigurationError) -> String? {
        guard case .text(let text) = try value(key, shape) else { return nil }
        return text
    }

    private func seconds(_ key: String) throws(ConfigurationError) -> Double? {
        guard case .number(let number) = try value(key, .seconds) else { return nil }
        return number
    }

    private func flag(_ key: String) throws(ConfigurationError) -> Bool? {
        guard case .flag(let flag) = try value(key, .flag) else { return nil }
        return flag
    }

    private func value(_ key: String, _ shape: ScalarShape) throws(ConfigurationError) -> Value? {
        guard let raw = entry.values[key] else { return nil }
        do {
            return try shape.read(raw.scalar, in: environment)
        } catch {
            let message = "\(place(of: key)): \(error.message)"
            guard error.unset != nil else { throw ConfigurationError(.badValue, message) }
            throw ConfigurationError(
                shape == .secret ? .missingKey : .unsetVariable,
                "\(message); set it, or let the role use another provider")
        }
    }

    /// Names the provider, the key and where it stands.
    func place(of key: String) -> String {
        let place = (entry.values[key]?.place ?? entry.place).map { " (\($0))" } ?? ""
        return "\(kind.rawValue) provider \(entry.name.visible()), \(key)\(place)"
    }

    // MARK: - Address and key

    private func address() throws(ConfigurationError) -> URL {
        var written = try text("base_url", .address)
        if written == nil { written = try ownAddress() }
        guard let url = written.flatMap(URL.init(string:)) else {
            throw ConfigurationError(
                .badValue, "\(place(of: "base_url")): missing, expected \(ScalarShape.address.expected)")
        }
        return url
    }

    /// The configured key; else, at the provider's own address, the one of its usual variables that is set first.
    private func key(for address: URL) throws(ConfigurationError) -> Secret? {
        if let raw = entry.values["api_key"] {
            guard let key = try text("api_key", .secret), !key.isEmpty else {
                throw missingKey("is empty")
            }
            return Secret(key, variable: (try? Expansion(raw.scalar.text))?.variables.first)
        }
        guard isOwnHost(address) else { return nil }
        for variable in entry.type.keyVariables {
            if let key = environment[variable], !key.isEmpty { return Secret(key, variable: variable) }
        }
        guard entry.type.keyVariables.isEmpty else { throw missingKey("is missing") }
        return nil
    }

    private func missingKey(_ what: String) -> ConfigurationError {
        let variable = entry.type.keyVariables.first ?? "a variable"
        return ConfigurationError(
            .missingKey, "\(place(of: "api_key")) \(what): set \(variable), and api_key: ${\(variable)} in the file")
    }

    private func isOwnHost(_ address: URL) -> Bool {
        guard let own = (try? ownAddress()).flatMap(URL.init(string:))?.host() else { return false }
        return address.host()?.lowercased() == own
    }

    private func checkTrust(in address: URL, allowHTTP: Bool) throws(ConfigurationError) {
        guard !address.isLoopback else { return }
        let host = (address.host() ?? "").visible()
        guard isOwnHost(address) else {
            throw ConfigurationError(
                .untrustedHost,
                "\(place(of: "base_url")): an API key goes only to this machine and to the provider's own host, "
                    + "not to \(host); leave api_key out, or change base_url")
        }
        guard address.scheme?.lowercased() == "https" || allowHTTP else {
            throw ConfigurationError(
                .plainHTTP,
                "\(place(of: "base_url")): the API key would travel to \(host) over plain http; "
                    + "use https, or write allow_http: true")
        }
    }
}
