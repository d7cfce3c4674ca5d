/// What signs requests to AWS.
public struct SigningKeys: Hashable, Sendable {
    public var accessKeyID: Secret
    public var secretAccessKey: Secret
    /// What makes temporary keys valid; nil for lasting ones.
    public var sessionToken: Secret?
    public var region: String

    public init(accessKeyID: Secret, secretAccessKey: Secret, sessionToken: Secret? = nil, region: String) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.region = region
    }
}

/// How one of the signing keys is named in the configuration, and in the environment.
struct SigningKeyName {
    var key: String
    var variable: String

    static let accessKeyID = SigningKeyName(key: "access_key_id", variable: "AWS_ACCESS_KEY_ID")
    static let secretAccessKey = SigningKeyName(key: "secret_access_key", variable: "AWS_SECRET_ACCESS_KEY")
    static let sessionToken = SigningKeyName(key: "session_token", variable: "AWS_SESSION_TOKEN")
    static let all = [accessKeyID, secretAccessKey, sessionToken]
    /// The variables that usually hold the region, the first one that is set counts.
    static let regionVariables = ["AWS_REGION", "AWS_DEFAULT_REGION"]
}
