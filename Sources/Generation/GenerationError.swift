public import Configuration
public import Core
public import Metering
public import Providers
public import ResponseCache

/// Why a request got no answer. What was spent on it is in the ledger all the same.
public enum GenerationError: Error, Sendable, CustomStringConvertible {
    /// A limit or a budget did not admit it.
    case refused(Refusal)
    /// The provider failed.
    case provider(ProviderError)
    /// The provider cannot be used as it is configured.
    case configuration(ConfigurationError)
    /// The ledger could not be written: nothing is asked that cannot be accounted for.
    case ledger(LedgerError)
    case cancelled

    public var description: String {
        switch self {
        case .refused(let refusal): refusal.description
        case .provider(let error): String(describing: error)
        case .configuration(let error): String(describing: error)
        case .ledger(let error): error.description
        case .cancelled: "cancelled"
        }
    }
}

/// A request's answer, charged and recorded.
public struct Generated: Sendable {
    public var answer: Answer
    /// What names the answer in the cache.
    public var key: CacheKey
    public var record: AnswerRecord
    /// What the request's check found wrong. Such an answer is charged but not cached.
    public var rejection: String?
}
