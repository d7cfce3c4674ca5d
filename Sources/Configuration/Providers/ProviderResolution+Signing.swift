import Core
import Foundation

/// What a provider needs whose requests are signed.
extension ProviderResolution {
    /// The provider's own address, which may lie in a region; nil when it has none.
    func ownAddress() throws(ConfigurationError) -> String? {
        guard let address = entry.type.traits.regionalAddress else { return entry.type.defaultBaseURL }
        return address.replacing("REGION", with: try region())
    }

    /// The configured keys; else, at the provider's own address, those of the environment. Keys belong together: when
    /// one is configured, none is taken from elsewhere. nil when there are none and the address needs none.
    func signingKeys(isOwnHost: Bool) throws(ConfigurationError) -> SigningKeys? {
        let isConfigured = SigningKeyName.all.contains { entry.isSet($0.key) }
        guard isConfigured || isOwnHost else { return nil }
        func secret(_ name: SigningKeyName) throws(ConfigurationError) -> Secret? {
            try signingSecret(name, isConfigured: isConfigured)
        }
        guard let id = try secret(.accessKeyID) else { throw missing(.accessKeyID) }
        guard let key = try secret(.secretAccessKey) else { throw missing(.secretAccessKey) }
        return SigningKeys(
            accessKeyID: id, secretAccessKey: key, sessionToken: try secret(.sessionToken), region: try region())
    }

    private func signingSecret(_ name: SigningKeyName, isConfigured: Bool) throws(ConfigurationError) -> Secret? {
        guard isConfigured else {
            return environment[name.variable].flatMap { $0.isEmpty ? nil : Secret($0, variable: name.variable) }
        }
        guard let raw = entry.values[name.key], let text = try text(name.key, .secret), !text.isEmpty else {
            return nil
        }
        return Secret(text, variable: (try? Expansion(raw.scalar.text))?.variables.first)
    }

    private func missing(_ name: SigningKeyName) -> ConfigurationError {
        ConfigurationError(
            .missingKey,
            "\(place(of: name.key)) is missing: set \(name.variable), and \(name.key): ${\(name.variable)} in the file")
    }

    /// The configured region, else that of the environment. It becomes a part of the address.
    private func region() throws(ConfigurationError) -> String {
        let variables = SigningKeyName.regionVariables
        let usual = variables.compactMap { environment[$0] }.first { !$0.isEmpty }
        let found = try text("region") ?? usual
        guard let found else {
            throw ConfigurationError(
                .badValue, "\(place(of: "region")) is missing: write region: us-east-1, or set \(variables[0])")
        }
        let isName = found.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-")
        }
        guard isName, (1...40).contains(found.utf8.count) else {
            throw ConfigurationError(
                .badValue,
                "\(place(of: "region")): found \(found.prefix(60).visible()), expected a region like us-east-1")
        }
        return found
    }
}
