public import Core

/// Why a provider gave no answer.
///
/// The message is one harmless line. Neither it nor the partial text ever holds the provider's key.
public struct ProviderError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, CaseIterable, Sendable {
        /// The configuration holds something that cannot be sent.
        case misconfigured
        /// Nobody answers at the address, or nobody who can be trusted.
        case unreachable
        case timedOut
        /// The connection broke, or the answer ended in its middle.
        case interrupted
        /// 401: the key is missing or wrong.
        case unauthorized
        /// 403: the key may not do this.
        case forbidden
        /// 404: no such model, or no such address.
        case notFound
        /// 429: too many requests or tokens.
        case rateLimited
        /// 402, or a 429 that says so: the account has no credit left.
        case outOfCredit
        /// Any other 4xx: the server does not take the request as it is.
        case rejected
        /// 5xx, or an error that the server reports in the middle of an answer.
        case serverFailed
        /// The server points to another address.
        case redirected
        /// What came back is no answer in the provider's format.
        case unreadable
        /// The answer holds no text.
        case empty
        /// The response is larger than 32 MiB.
        case tooLarge
        case cancelled
    }

    /// What the provider may charge for the call.
    public enum Billing: String, Sendable {
        /// The call never left, or was answered with an error.
        case nothing
        /// The call was sent, and how far the provider got cannot be known.
        case worstCase
    }

    public var kind: Kind
    /// The provider's name in the configuration.
    public var provider: String
    /// Where the call went, with its port when that is unusual; nil for a provider in this process.
    public var host: String?
    /// The HTTP status, when there was an answer.
    public var status: Int?
    /// What happened, where, and what to do next, in one line.
    public var message: String
    /// What had come of the answer until then, as the model wrote it: not yet fit for a terminal.
    public var partialText: String?
    public var billing: Billing
    /// What the provider said about its limits, and when to ask again; nil when it said nothing, or never answered.
    public var limits: ProviderLimits?

    public init(
        kind: Kind, provider: String, host: String? = nil, status: Int? = nil, message: String,
        partialText: String? = nil, billing: Billing, limits: ProviderLimits? = nil
    ) {
        self.kind = kind
        self.provider = provider
        self.host = host
        self.status = status
        self.message = message
        self.partialText = partialText
        self.billing = billing
        self.limits = limits
    }

    public var description: String { message }
}
