#if Redis
    import Configuration
    import Core
    import Foundation
    import TestKit

    @testable import Metering
    @testable import RedisStores

    /// A server, and processes that share its limits, each with a ledger of its own.
    final class SharedBooks {
        let server: RedisServer
        let folder: TemporaryFolder
        let time = ManualTime()
        private let change: (inout RateLimitSettings) throws -> Void
        private var count = 0

        init(_ change: @escaping (inout RateLimitSettings) throws -> Void) throws {
            server = try RedisServer.start()
            folder = try TemporaryFolder()
            self.change = change
        }

        struct Process {
            var limiter: RateLimiter
            var ledger: Ledger
            var levels: RedisLevels
            var session: ULID

            func demand(cost: Money, provider: String = "openai") -> Demand {
                let moment = ledger.time.now()
                let origin = RequestOrigin(
                    session: session, run: ULID(at: moment), loop: "l", step: "s", role: .sceneSmith)
                return Demand(
                    request: ULID(at: moment), origin: origin, provider: provider, model: "tiny", lookup: .miss,
                    worstInputTokens: 100, worstOutputTokens: 50, worstCost: cost)
            }

            func settle(_ reservation: Reservation, _ cost: Money) throws {
                try limiter.settle(
                    reservation,
                    Settlement(
                        outcome: .answered, usage: Usage(inputTokens: 10, outputTokens: 5), cost: cost,
                        isEstimated: true,
                        latencyMilliseconds: 1))
            }

            /// What the process's own ledger says that was spent.
            func spent() throws -> Money {
                try CostTracker(ledger: ledger, settings: RateLimitSettings()).costs(sessionStartedAt: nil).all
            }
        }

        /// A process on a ledger of its own, or on another's.
        func process(on file: String? = nil, usesServersClock: Bool = false) throws -> Process {
            count += 1
            var settings = RateLimitSettings()
            settings.timeZone = .gmt
            try change(&settings)
            let clock: any TimeSource = usesServersClock ? SystemTime() : time
            let ledger = Ledger(path: folder.file(file ?? "ledger-\(count).db"), time: clock)
            let connection = RedisConnection(.sample(server), times: .short)
            let levels = RedisLevels(
                connection, keys: RedisKeys(RedisSettings(), project: "book"), owner: ULID(at: clock.now()),
                time: usesServersClock ? nil : time)
            return Process(
                limiter: RateLimiter(ledger: ledger, settings: settings, shared: levels), ledger: ledger,
                levels: levels,
                session: ULID(at: clock.now()))
        }
    }

    extension RateLimiter {
        func budget(_ scope: LimitScope = .global) throws -> BudgetStanding? {
            try standings().budgets.first { $0.scope == scope }
        }
    }
#endif
