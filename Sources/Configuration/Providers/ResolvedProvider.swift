public import Core
public import Foundation

/// A provider whose values are expanded and checked: all that its client needs.
public struct ResolvedProvider: Hashable, Sendable {
    public var name: String
    public var kind: ProviderKind
    public var type: ProviderType
    /// Where requests go; nil for a provider in this process.
    public var baseURL: URL?
    public var apiKey: Secret?
    /// What signs requests; nil where the key itself is sent, or none is needed.
    public var signingKeys: SigningKeys?
    /// The model of roles that name none.
    public var model: String?
    public var organization: String?
    /// The longest that a whole answer may take, in seconds.
    public var timeoutSeconds: Double
    /// The longest wait for an answer to begin, in seconds.
    public var firstByteTimeoutSeconds: Double
    /// The longest silence within an answer, in seconds.
    public var idleTimeoutSeconds: Double
    /// Whether an API key may travel over plain http.
    public var allowHTTP: Bool

    public init(
        name: String, kind: ProviderKind = .text, type: ProviderType, baseURL: URL? = nil, apiKey: Secret? = nil,
        signingKeys: SigningKeys? = nil, model: String? = nil, organization: String? = nil,
        timeoutSeconds: Double = 120,
        firstByteTimeoutSeconds: Double = 60, idleTimeoutSeconds: Double = 60, allowHTTP: Bool = false
    ) {
        self.name = name
        self.kind = kind
        self.type = type
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.signingKeys = signingKeys
        self.model = model
        self.organization = organization
        self.timeoutSeconds = timeoutSeconds
        self.firstByteTimeoutSeconds = firstByteTimeoutSeconds
        self.idleTimeoutSeconds = idleTimeoutSeconds
        self.allowHTTP = allowHTTP
    }

    /// All that must never be shown.
    package var secrets: [Secret] {
        let signing = [signingKeys?.accessKeyID, signingKeys?.secretAccessKey, signingKeys?.sessionToken]
        return ([apiKey] + signing).compactMap(\.self)
    }

    /// Whether requests stay on this machine, where nobody bills them.
    public var isLocal: Bool { baseURL.map(\.isLoopback) ?? true }
}

extension URL {
    /// Whether the address is this machine's own: `localhost`, `127.0.0.0/8` or `::1`, and no name that looks like it.
    package var isLoopback: Bool {
        host().map(Self.isLoopback) ?? false
    }

    /// The same of a host's name.
    static func isLoopback(host: String) -> Bool {
        let host = host.lowercased()
        if ["localhost", "::1", "[::1]"].contains(host) { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
