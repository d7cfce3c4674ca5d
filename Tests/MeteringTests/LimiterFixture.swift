import Configuration
import Core
import TestKit

@testable import Metering

/// A ledger in a folder of its own with a clock that the test moves.
struct LimiterFixture {
    let folder: TemporaryFolder
    let time = ManualTime()
    let ledger: Ledger
    let session: ULID

    init() throws {
        folder = try TemporaryFolder()
        ledger = Ledger(path: folder.file("ledger.db"), time: time)
        session = ULID(at: time.now())
    }

    func limiter(_ change: (inout RateLimitSettings) throws -> Void) rethrows -> RateLimiter {
        var settings = RateLimitSettings()
        try change(&settings)
        return RateLimiter(ledger: ledger, settings: settings)
    }

    func demand(
        provider: String = "openai", role: RoleName = .sceneSmith, cost: String? = "0", lookup: Lookup = .miss,
        session: ULID? = nil
    ) -> Demand {
        let moment = time.now()
        let origin = RequestOrigin(
            session: session ?? self.session, run: ULID(at: moment), loop: "story_spark", step: "draft_scenes",
            role: role)
        return Demand(
            request: ULID(at: moment), origin: origin, provider: provider, model: "gpt-4o", lookup: lookup,
            missCause: lookup == .miss ? "new" : nil, worstInputTokens: 1_000, worstOutputTokens: 500,
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
