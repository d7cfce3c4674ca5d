import Core
import Foundation

/// Expands and checks the values of one provider that is about to be used.
struct ProviderResolution {
    var entry: ProviderEntry
    var kind: ProviderKind
    var environment: [String: String]
    var trust: ProviderTrust

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
        try checkTrust(in: address)
        provider.baseURL = address
        if entry.type.traits.regionalAddress == nil {
            provider.apiKey = try key(for: address)
        } else {
            provider.signingKeys = try signingKeys(isOwnHost: isOwnHost(address))
        }
        if !provider.secrets.isEmpty, !provider.allowHTTP { try checkSecure(address) }
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

    private func checkSecure(_ address: URL) throws(ConfigurationError) {
        guard !address.isLoopback, address.scheme?.lowercased() != "https" else { return }
        throw ConfigurationError(
            .plainHTTP,
            "\(place(of: "base_url")): the API key would travel to \((address.host() ?? "").visible()) over plain http; "
                + "use https, or write allow_http: true")
    }

    // MARK: - Trust

    /// What using the provider would send where the trust does not reach; nothing when it has no address.
    var untrusted: [TrustLine] {
        guard entry.type != .embedded, let address = try? address() else { return [] }
        return questionable(at: address).filter { !trust.covers($0) }.sorted()
    }

    private func checkTrust(in address: URL) throws(ConfigurationError) {
        let lines = untrusted
        guard !lines.isEmpty else { return }
        throw ConfigurationError(
            .untrustedHost,
            "\(place(of: "base_url")): it would send \(lines.map(\.description).joined(separator: ", ")), and this "
                + "workspace is from elsewhere; trust it once with --trust, or change the provider")
    }

    /// What a writer has to agree to where the workspace is from elsewhere: any variable but the provider's usual one to
    /// its own host, and any host but this machine and the providers' own.
    private func questionable(at address: URL) -> [TrustLine] {
        let host = address.host()?.lowercased() ?? ""
        var lines = entry.values.flatMap { key, raw -> [TrustLine] in
            let usual = isOwnHost(address) && isSecret(key) ? entry.type.keyVariables : []
            let variables = (try? Expansion(raw.scalar.text))?.variables ?? []
            return variables.filter { !usual.contains($0) }.map { TrustLine(variable: $0, host: host) }
        }
        let isKnown = address.isLoopback || isOwnHost(address) || Self.providersHosts.contains(host)
        if !isKnown { lines.append(TrustLine(host: host)) }
        return Array(Set(lines))
    }

    private func isSecret(_ key: String) -> Bool {
        guard case .scalar(.secret)? = entry.type.section.keys.first(where: { $0.name == key })?.shape else {
            return false
        }
        return true
    }

    private static let providersHosts = Set(
        ProviderType.allCases.compactMap { $0.defaultBaseURL.flatMap(URL.init(string:))?.host()?.lowercased() })
}
