import Configuration
import Core
import Foundation
import GRDB
import Metering

enum LedgerBenchmarks {
    static func run() async throws -> [Figure] { try [exactCosts(), totals()] }

    /// A million settled calls, each at a price of its own, beside their sum by integers.
    private static func exactCosts() throws -> Figure {
        let ledger = Ledger(inMemoryWith: Sample.time)
        let limiter = RateLimiter(ledger: ledger, settings: RateLimitSettings())
        var expected = Money.zero
        let count = 1_000_000
        let took = try Stopwatch.milliseconds {
            for number in 0..<count {
                var settlement = Sample.settlement
                settlement.cost = Money(picodollars: number * 7_919 + 1)
                expected += Money(picodollars: number * 7_919 + 1)
                try limiter.settle(limiter.tryReserve(Sample.demand()), settlement)
            }
        }
        let costs = try CostTracker(ledger: ledger, settings: RateLimitSettings()).costs(sessionStartedAt: nil)
        let difference = costs.all.picodollars - expected.picodollars
        return Figure(
            name: "a million costs, pico-dollars off", value: Double(difference.magnitude), bound: 0, unit: "",
            details: "$\(costs.all.dollars) in \(Figure.text((took / 1_000).rounded())) s")
    }

    private static func totals() throws -> Figure {
        let folder = try ScratchFolder()
        let ledger = Ledger(path: folder.file("ledger.db"), time: Sample.time)
        let limiter = RateLimiter(ledger: ledger, settings: RateLimitSettings())
        try limiter.settle(limiter.tryReserve(Sample.demand()), Sample.settlement)
        try multiply(ledger, to: 1_000_000)
        let tracker = CostTracker(ledger: ledger, settings: RateLimitSettings())
        var today = Money.zero
        let times = try (0..<20).map { _ in
            try Stopwatch.milliseconds { today = try tracker.costs(sessionStartedAt: nil).today }
        }
        return Figure(
            name: "today's and this month's totals of 1,000,000 rows", value: Stopwatch.median(times), bound: 10,
            unit: "ms", details: "today $\(today.dollars)")
    }

    /// Copies the only row over the last 60 days, with the sums that it belongs to.
    static func multiply(_ ledger: Ledger, to count: Int) throws {
        let step = 60 * 86_400_000_000 / count
        try ledger.write { database in
            let columns = try database.columns(in: "ledger").map(\.name)
            let values = columns.map { column in
                switch column {
                case "id": "NULL"
                case "attempt": "'copy-' || number"
                case "reserved_at", "settled_at": "\(column) - number * \(step)"
                default: column
                }
            }
            try database.execute(
                sql: """
                    WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < ?)
                    INSERT INTO ledger SELECT \(values.joined(separator: ", ")) FROM ledger, numbers
                    """, arguments: [count - 1])
            try database.execute(
                sql: """
                    DELETE FROM spending; INSERT INTO spending
                    SELECT 'global', '', reserved_at / 900000000, sum(cost) FROM ledger GROUP BY 3
                    """)
        }
    }
}
