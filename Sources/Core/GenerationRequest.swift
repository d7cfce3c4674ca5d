/// Which piece of work a request belongs to: what the ledger records beside it. No part of the cache key.
public struct RequestOrigin: Hashable, Codable, Sendable {
    public var session: ULID
    public var run: ULID
    public var loop: String
    public var step: String
    public var role: RoleName

    public init(session: ULID, run: ULID, loop: String, step: String, role: RoleName) {
        self.session = session
        self.run = run
        self.loop = loop
        self.step = step
        self.role = role
    }
}

/// A provider of a role's list that cannot be asked as it is configured.
public struct UnusableProvider: Hashable, Sendable {
    public var name: String
    /// What is missing or wrong, and what to do.
    public var message: String

    public init(name: String, message: String) {
        self.name = name
        self.message = message
    }
}

/// Who is asked when the providers before it have failed.
public enum Fallback: Hashable, Sendable {
    case call(ModelCall)
    case unusable(UnusableProvider)
}

/// A request on its one way: cache, single flight, reservation, provider, settlement, check, cache.
public struct GenerationRequest: Sendable {
    /// Reads an answer as the asking role will; returns what is wrong with it, or nil when it can be used.
    public typealias Check = @Sendable (Answer) -> String?

    public var id: ULID
    public var call: ModelCall
    /// The providers that come before ``call``'s and cannot be asked.
    public var passedOver: [UnusableProvider]
    /// Who is asked in order when ``call`` has failed for good.
    public var fallbacks: [Fallback]
    public var origin: RequestOrigin
    /// Whether the cache's look-up is skipped and its entry replaced.
    public var isFresh: Bool
    /// Whether this asks a consulted role for its note, and not for the step's own answer.
    public var isConsultation: Bool
    public var check: Check

    public init(
        id: ULID, call: ModelCall, passedOver: [UnusableProvider] = [], fallbacks: [Fallback] = [],
        origin: RequestOrigin, isFresh: Bool = false, isConsultation: Bool = false,
        check: @escaping Check = { _ in nil }
    ) {
        self.id = id
        self.call = call
        self.passedOver = passedOver
        self.fallbacks = fallbacks
        self.origin = origin
        self.isFresh = isFresh
        self.isConsultation = isConsultation
        self.check = check
    }
}

/// Proof that a provider call was reserved at every level and has its durable attempt row.
///
/// A provider cannot be called without one, and only the rate limiter makes them, so that no call can go round the
/// cache, the limits and the ledger.
public struct Permit: Hashable, Sendable {
    /// The attempt's row in the ledger.
    public let attempt: ULID
    /// The request that the attempt serves; every try of one request carries the same.
    public let idempotencyKey: ULID

    package init(attempt: ULID, idempotencyKey: ULID) {
        self.attempt = attempt
        self.idempotencyKey = idempotencyKey
    }
}
