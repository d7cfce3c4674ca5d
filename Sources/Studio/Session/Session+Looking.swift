package import Configuration
package import Core
package import Metering

/// Everything that is known of one request.
package struct RequestCard: Hashable, Sendable {
    package var request: ULID
    /// The request itself; nil when another process made it, or too long ago.
    package var asked: AskedRequest?
    /// What happened with it, oldest first, without the pieces of its text.
    package var events: [SessionEventRecord]
    /// What the ledger has of it: each try is a row.
    package var lines: [LedgerLine]

    package init(request: ULID, asked: AskedRequest?, events: [SessionEventRecord], lines: [LedgerLine]) {
        (self.request, self.asked, self.events, self.lines) = (request, asked, events, lines)
    }
}

/// Everything that is known of a role, with one kind of its providers.
package struct RoleCard: Hashable, Sendable {
    package var role: RoleName
    package var kind: ProviderKind
    /// What is in force, and where each value comes from.
    package var settings: [SettingLine]
    /// The newest calls first.
    package var calls: [LedgerLine]
    package var last: RequestCard?

    package init(
        role: RoleName, kind: ProviderKind, settings: [SettingLine], calls: [LedgerLine], last: RequestCard?
    ) {
        (self.role, self.kind, self.settings, self.calls, self.last) = (role, kind, settings, calls, last)
    }
}

/// What looks into single events, requests and roles.
extension Session {
    private static let mostCalls = 100

    /// The last events of all sessions up to a wall time, oldest first, but for the pieces of texts.
    package nonisolated func events(upTo wall: Int64, last count: Int) throws -> [SessionEventRecord] {
        try ledger.journal(upTo: wall, last: count)
    }

    package func card(of request: ULID) throws -> RequestCard {
        RequestCard(
            request: request, asked: requests[request], events: try ledger.journal(ofRequest: request),
            lines: try CostTracker(ledger: ledger, settings: try live.current().rateLimiting)
                .lines(ofRequest: request))
    }

    package func card(of role: RoleName, kind: ProviderKind) throws -> RoleCard {
        let configuration = try live.current()
        let tracker = CostTracker(ledger: ledger, settings: configuration.rateLimiting)
        let calls = try tracker.lines(of: role, atMost: Self.mostCalls)
        let last = requests.last(of: role, kind: kind)?.id ?? calls.lazy.compactMap { ULID($0.request) }.first
        return RoleCard(
            role: role, kind: kind,
            settings: configuration.settingLines(of: role, kind: kind, environment: live.variables), calls: calls,
            last: try last.map { try card(of: $0) })
    }

    /// What was spent in each of the last hours or days, the oldest first.
    package func costBars(of length: CostBar.Length, count: Int) throws -> [CostBar] {
        try CostTracker(ledger: ledger, settings: try live.current().rateLimiting).bars(of: length, count: count)
    }
}
