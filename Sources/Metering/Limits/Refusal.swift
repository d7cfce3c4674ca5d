public import Core

/// What a limit is about: everything, one provider, one model or one role.
public enum LimitScope: Hashable, Sendable, CustomStringConvertible {
    case global
    case provider(String)
    case model(String)
    case role(RoleName)

    /// `global`, `provider`, `model` or `role`.
    public var kind: String {
        switch self {
        case .global: "global"
        case .provider: "provider"
        case .model: "model"
        case .role: "role"
        }
    }

    /// The provider's, model's or role's name; empty for the global scope.
    public var name: String {
        switch self {
        case .global: ""
        case .provider(let name), .model(let name): name
        case .role(let role): role.rawValue
        }
    }

    public var description: String { name.isEmpty ? kind : name }
}

/// Why a request was not admitted: the level that binds, what was asked, what is left, and when enough will be there.
public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// A bucket of requests or tokens is too empty.
        case rateLimit(asked: Int64, left: Int64)
        /// So many calls are under way already.
        case concurrency(limit: Int)
        /// A budget would be passed.
        case budget(asked: Money, left: Money, limit: Money)
        /// A budget applies and the model has no price.
        case unpriced(model: String)
    }

    public var kind: Kind
    public var scope: LimitScope
    /// The limit's key in the configuration: `requests_per_minute`, `cost_per_day`.
    public var key: String
    /// The wall time in microseconds at which enough will be there; nil when the request can never fit.
    public var retryAt: Int64?
    /// `retryAt` counted from the refusal, in milliseconds.
    public var retryAfter: Int64?

    /// Whether no waiting helps: the request is larger than the bucket or the whole budget.
    public var isNever: Bool { retryAt == nil }

    /// Whether this says something else than an earlier refusal of the same request: another limit, or another time.
    /// Where a call under way is waited for, the time is only when one looks again.
    func isNews(since earlier: Refusal) -> Bool {
        guard scope == earlier.scope, key == earlier.key else { return true }
        guard case .rateLimit = kind, let retryAt, let before = earlier.retryAt else { return false }
        return abs(retryAt - before) > 1_000_000
    }

    public var description: String {
        let place = scope == .global ? "rate_limiting.global" : "rate_limiting.\(scope.kind)s.\(scope.name)"
        switch kind {
        case .unpriced(let model):
            return "\(scope) \(key) is set, but \(model) has no price: add cost_per_input_token and "
                + "cost_per_output_token under rate_limiting.models.\(model), or set rate_limiting.allow_unpriced"
        case .rateLimit(let asked, let left):
            let when = retryAfter.map { "enough in \(Self.duration($0))" }
            return "Would exceed limit: \(scope) \(key) (asked \(asked.grouped), left \(left.grouped), "
                + (when ?? "never enough: raise \(place).\(key)") + ")"
        case .concurrency(let limit):
            return "Would exceed limit: \(scope) \(key) (\(limit) calls are under way)"
        case .budget(let asked, let left, let limit):
            let figures =
                "may cost up to $\(asked.dollars(decimals: 4)), left $\(left.dollars(decimals: 4)) "
                + "of $\(limit.dollars)"
            let when = retryAfter.map { "resets in \(Self.duration($0))" }
            return "Would exceed budget: \(scope) \(key) (\(figures), "
                + (when ?? "more than the whole budget: raise \(place).\(key)") + ")"
        }
    }

    /// A stretch of time in its largest fitting unit: `8 s`, `12 min`, `5 h`, `3 d`; rounded up.
    static func duration(_ milliseconds: Int64) -> String {
        let seconds = (max(0, milliseconds) + 999) / 1000
        return switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7_200: "\((seconds + 59) / 60) min"
        case ..<172_800: "\((seconds + 3_599) / 3_600) h"
        default: "\((seconds + 86_399) / 86_400) d"
        }
    }
}
