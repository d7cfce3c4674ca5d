import Configuration
import Core
import Foundation
import TestKit
import Testing

@testable import Metering

/// A ledger in a folder of its own with a clock that the test moves.
struct LimiterFixture {
    let folder: TemporaryFolder
    let time = ManualTime()
    let ledger: Ledger
    let session: ULID

    /// Where a ledger and its levels are kept: one contract for all.
    enum Place: CaseIterable { case file, memory }

    init(_ place: Place = .file) throws {
        folder = try TemporaryFolder()
        ledger =
            place == .file ? Ledger(path: folder.file("ledger.db"), time: time) : Ledger(inMemoryWith: time)
        session = ULID(at: time.now())
    }

    /// What was spent, by the days of a zone.
    func tracker(zone: String = "UTC", dayStartsAt: Int = 0) throws -> CostTracker {
        var settings = RateLimitSettings()
        settings.timeZone = try #require(TimeZone(identifier: zone))
        settings.dayStartsAt = dayStartsAt
        return CostTracker(ledger: ledger, settings: settings)
    }

    func limiter(_ change: (inout RateLimitSettings) throws -> Void) rethrows -> RateLimiter {
        var settings = RateLimitSettings()
        try change(&settings)
        return RateLimiter(ledger: ledger, settings: settings)
    }

    /// A limiter with limits at one scope only.
    func limiter(at scope: LimitScope, _ change: (inout LimitSet) throws -> Void) rethrows -> RateLimiter {
        try limiter { settings in
            var set = LimitSet()
            try change(&set)
            switch scope {
            case .global: settings.global = set
            case .provider(let name): settings.providers[name] = set
            case .model(let name): settings.models[name] = set
            case .role(let role): settings.roles[role] = set
            }
        }
    }

    func demand(
        provider: String = "openai", model: String = "gpt-4o", role: RoleName = .sceneSmith, cost: String? = "0",
        loop: String = "story_spark", lookup: Lookup = .miss, cause: String = "new", request: ULID? = nil,
        session: ULID? = nil
    ) -> Demand {
        let moment = time.now()
        let origin = RequestOrigin(
            session: session ?? self.session, run: ULID(at: moment), loop: loop, step: "draft_scenes",
            role: role)
        return Demand(
            request: request ?? ULID(at: moment), origin: origin, provider: provider, model: model, lookup: lookup,
            missCause: lookup == .miss ? cause : nil, worstInputTokens: 1_000, worstOutputTokens: 500,
            worstCost: cost.flatMap { try? Money(dollars: $0) })
    }

    func settlement(_ cost: String, isEstimated: Bool = false) throws -> Settlement {
        Settlement(
            outcome: .answered, usage: Usage(inputTokens: 100, outputTokens: 50), cost: try Money(dollars: cost),
            isEstimated: isEstimated, latencyMilliseconds: 12)
    }
}

extension CostTracker {
    func totals(of session: ULID) throws -> SessionTotals { SessionTotals(try tallies(of: session).session) }
}
