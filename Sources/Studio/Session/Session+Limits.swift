import Configuration
public import Core
public import Metering
import Workspace

/// A limit, and what it shall be for now.
///
/// It travels as one value: an amount of money among many other arguments of an asynchronous call ends up at the wrong
/// place (Swift 6.3 on x86-64).
public struct LimitOrder: Hashable, Sendable {
    public var scope: Status.Scope
    /// The provider, model or role; nil for the global scope.
    public var name: String?
    /// As the configuration spells it: `cost_per_day`, `requests_per_minute`, `max_concurrent`.
    public var key: String
    /// Units, calls, or pico-dollars for a cost.
    public var value: Int64

    public init(scope: Status.Scope, name: String?, key: String, value: Int64) {
        self.scope = scope
        self.name = name
        self.key = key
        self.value = value
    }
}

extension Session {
    /// Raises or lowers a limit for a while, for every process of the workspace; a run that pauses there goes on.
    ///
    /// Throws as ``changeLimit(_:at:to:by:)`` does, and when there is no such limit.
    public func changeLimit(_ order: LimitOrder) throws {
        guard let scope = LimitScope(kind: order.scope.rawValue, name: order.name ?? ""),
            let key = LimitKey(order.key)
        else { throw RunError(.order, "there is no such limit") }
        try changeLimit(key, at: scope, to: order.value, by: "dashboard")
    }

    /// Raises or lowers a limit for a while, for every process of the workspace; a run that pauses there goes on.
    ///
    /// A budget's change holds until its period ends; any other until the session ends that runs now, or where none does,
    /// the one that begins next; what shall last is written in config.yml. It is recorded with its time and `author`.
    /// Returns what holds now. Throws when no provider is called as the scope says, when limits are switched off, and
    /// when the ledger cannot be written.
    @discardableResult
    public func changeLimit(
        _ key: LimitKey, at scope: LimitScope, to value: Int64, by author: String
    ) throws -> LimitChange {
        try checkLimit(at: scope)
        let change = try limiter.change(key, at: scope, to: value, during: runningSession(), by: author)
        hub.emit(.notice(isError: false, text: "\(change), \(change.ending)"))
        bookkeeping.warn()
        return change
    }

    private func checkLimit(at scope: LimitScope) throws {
        let configuration = try live.current()
        guard configuration.rateLimiting.enabled else {
            throw RunError(
                .configuration, "no limit counts now: set rate_limiting.enabled to true in config.yml first")
        }
        guard case .provider(let name) = scope, configuration.kinds(of: name).isEmpty else { return }
        let known = ProviderKind.allCases.flatMap { configuration.providers[$0]?.entries.map(\.name) ?? [] }
        let list = ([ProviderType.embedded.rawValue] + known).map { $0.visible() }.joined(separator: ", ")
        throw RunError(.order, "there is no provider called \(name.visible()); in config.yml there are: \(list)")
    }

    /// The session that generates now: this one, else the one that began last of those that still run.
    private func runningSession() throws -> ULID? {
        if lock != nil { return id }
        return try ledger.openSessions().first { SessionLock.isHeld(by: $0, folder: workspace.paths.run) }
    }
}

extension LimitChange {
    /// How long it holds, in words.
    public var ending: String {
        switch end {
        case .at(let wall): "until its period ends: \(JSONValue(time: wall).string ?? "then")"
        case .withSession: "until the session ends that runs now"
        case .withNextSession: "until the next session ends: none runs now"
        }
    }

    /// The document that `limits set --json` prints.
    public var json: JSONValue {
        let isCost = if case .cost = key { true } else { false }
        var until: Int64?
        var session: String?
        switch end {
        case .at(let wall): until = wall
        case .withSession(let id): session = id.description
        case .withNextSession: session = "next"
        }
        return [
            "scope": JSONValue(scope.kind), "name": JSONValue(scope.name.isEmpty ? nil : scope.name),
            "key": JSONValue(key.description),
            "value": isCost ? JSONValue(Money(picodollars: value).dollars) : JSONValue(value),
            "until": JSONValue(time: until), "session": JSONValue(session),
        ]
    }
}
