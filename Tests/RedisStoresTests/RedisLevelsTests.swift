#if Redis
    import Configuration
    import Core
    import Foundation
    import TestKit
    import Testing

    @testable import Metering
    @testable import RedisStores

    @Suite(.timeLimit(.minutes(10))) struct RedisLevelsTests {
        private func dollars(_ text: String) throws -> Money { try Money(dollars: text) }

        @Test func sumsBeyondWhatDoublesHoldStayExact() throws {
            let books = try SharedBooks { $0.global.costs[.month] = try Money(dollars: "900000") }
            let process = try books.process()
            var expected = Money.zero
            for index in 0..<12 {
                let worst = Money(picodollars: 9_007_199_254_740_993 + Int128(index))
                let cost = Money(picodollars: 9_007_199_254_740_993 - Int128(index * 7))
                let reservation = try process.limiter.tryReserve(process.demand(cost: worst))
                #expect(try process.limiter.budget()?.reserved == worst)
                try process.settle(reservation, cost)
                expected += cost
                #expect(try process.limiter.budget()?.spent == expected)
            }
            #expect(try process.levels.spentInAll() == expected && process.spent() == expected)
            #expect(expected.picodollars > Int128(1) << 56)
        }

        @Test func budgetEndsAtItsLastPicodollar() throws {
            let books = try SharedBooks { $0.global.costs[.day] = Money(picodollars: 20_000_000_000_000_001) }
            let (one, other) = (try books.process(), try books.process())
            _ = try one.limiter.tryReserve(one.demand(cost: Money(picodollars: 20_000_000_000_000_000)))
            let tooMuch = other.demand(cost: Money(picodollars: 2))
            let refusal = #expect(throws: Refusal.self) { try other.limiter.tryReserve(tooMuch) }
            #expect(refusal?.key == "cost_per_day" && refusal?.scope == .global)
            if case .budget(_, let left, _)? = refusal?.kind { #expect(left == Money(picodollars: 1)) }
            _ = try other.limiter.tryReserve(other.demand(cost: Money(picodollars: 1)))
        }

        @Test func requestOfOneMachineTakesFromTheBucketsOfAll() throws {
            let books = try SharedBooks { $0.providers["openai", default: LimitSet()][.requests, .minute] = 3 }
            let (one, other) = (try books.process(), try books.process())
            for process in [one, other, one] { _ = try process.limiter.tryReserve(process.demand(cost: .zero)) }
            let refusal = #expect(throws: Refusal.self) { try other.limiter.tryReserve(other.demand(cost: .zero)) }
            #expect(
                refusal?.description.hasPrefix("Would exceed limit: openai requests_per_minute (asked 1, left 0")
                    == true)
            #expect(refusal?.retryAfter == 20_000)
            books.time.advance(seconds: 20)
            _ = try other.limiter.tryReserve(other.demand(cost: .zero))
            _ = try one.limiter.tryReserve(one.demand(cost: .zero, provider: "ollama"))
        }

        @Test func whatIsSaidTwiceCountsOnce() async throws {
            let books = try SharedBooks { $0.global.costs[.day] = try Money(dollars: "10") }
            let process = try books.process()
            let demand = process.demand(cost: try dollars("1"))
            let ticket = Ticket(attempt: ULID(at: books.time.now()), estimate: TokenEstimate(input: 1, output: 1))
            let order = SharedOrder(
                ticket, for: demand, LevelTable(settings: process.limiter.settings),
                CalendarPeriods(process.limiter.settings), now: books.time.now().wall
            ).order
            for _ in 0..<3 {
                guard case .taken = try process.levels.takeNow(order, isOnlyALook: false).verdict else {
                    Issue.record("not taken")
                    continue
                }
            }
            #expect(try process.limiter.budget()?.reserved == dollars("1"))
            let end = LevelEnd(
                attempt: ticket.attempt, reservedAt: order.now, now: order.now, scopes: order.scopes,
                cost: try dollars("0.4"))
            for _ in 0..<3 { process.levels.end(end) { #expect($0 == nil) } }
            let standing = try process.limiter.budget()
            #expect(try standing?.spent == dollars("0.4") && standing?.reserved == .zero)
            #expect(try process.levels.spentInAll() == dollars("0.4"))
            // A question that was delayed on its way comes after its own end.
            #expect(throws: SharedLevelsFault.self) { try process.levels.takeNow(order, isOnlyALook: false) }
            #expect(try process.limiter.budget()?.reserved == .zero)
        }

        @Test func callOfAProcessThatIsGoneIsChargedAtItsWorstByWhoeverNeedsTheRoom() throws {
            let books = try SharedBooks {
                $0.global.costs[.day] = try Money(dollars: "10")
                $0.global.maxConcurrent = 1
            }
            let (lost, other) = (try books.process(), try books.process())
            let reservation = try lost.limiter.tryReserve(lost.demand(cost: dollars("3")))
            #expect(throws: Refusal.self) { try other.limiter.tryReserve(other.demand(cost: dollars("1"))) }
            books.time.advance(seconds: 16)
            let own = try other.limiter.tryReserve(other.demand(cost: dollars("1")))
            #expect(try other.limiter.budget()?.spent == dollars("3"))
            try other.settle(own, dollars("0.5"))
            // It was only slow: what it says counts in place of the worst.
            try lost.settle(reservation, dollars("1.25"))
            #expect(try lost.limiter.budget()?.spent == dollars("1.75"))
            #expect(try lost.spent() + other.spent() == lost.levels.spentInAll())
        }

        @Test func bothBooksComeToTheSameSumWhenAProcessDiesBetweenThem() throws {
            let books = try SharedBooks { $0.global.costs[.day] = try Money(dollars: "10") }
            let lost = try books.process(on: "shared.db")
            _ = try lost.limiter.tryReserve(lost.demand(cost: dollars("2")))
            // It has settled in its ledger, and has not told the server.
            let silent = try lost.limiter.tryReserve(lost.demand(cost: dollars("3")))
            let settlement = Settlement(
                outcome: .answered, usage: .zero, cost: try dollars("0.7"), isEstimated: false, latencyMilliseconds: 1)
            _ = try lost.ledger.write { try Ledger.settle(silent, settlement, now: 1, in: $0) }
            let next = try books.process(on: "shared.db")
            #expect(try next.ledger.settleAbandoned { $0 != lost.session } == 1)
            #expect(try next.limiter.budget()?.spent == dollars("2.7"))
            #expect(try next.spent() == dollars("2.7") && next.levels.spentInAll() == dollars("2.7"))
            #expect(try next.limiter.budget()?.reserved == .zero)
        }

        @Test func nothingIsPaidForWhileTheServerIsAway() async throws {
            let books = try SharedBooks { $0.global.costs[.day] = try Money(dollars: "10") }
            let process = try books.process()
            let under = try process.limiter.tryReserve(process.demand(cost: dollars("1")))
            await books.server.kill()
            let error = #expect(throws: LedgerError.self) {
                try process.limiter.tryReserve(process.demand(cost: dollars("1")))
            }
            #expect(error?.code == .away && error?.description.contains("127.0.0.1:\(books.server.port)") == true)
            // What is under way ends in the ledger at once.
            try process.settle(under, dollars("0.25"))
            #expect(try process.spent() == dollars("0.25"))
            let back = try books.server.restarted()
            try await eventually("the server knows") {
                (try? process.limiter.budget()?.spent) == (try dollars("0.25"))
            }
            #expect(try process.limiter.budget()?.reserved == .zero)
            _ = back
        }

        @Test func requestWaitsForTheServerAndGoesOn() async throws {
            let books = try SharedBooks { $0.global.costs[.day] = try Money(dollars: "10") }
            let process = try books.process(usesServersClock: true)
            _ = try process.limiter.tryReserve(process.demand(cost: dollars("1")))
            books.server.stop()
            async let reservation = process.limiter.reserve(process.demand(cost: dollars("2")))
            await eventually("away") { (try? process.limiter.budget()) == nil }
            books.server.resume()
            _ = try await reservation
            #expect(try process.limiter.budget()?.reserved == dollars("3"))
        }

        @Test func serverThatStaysAwayEndsTheWait() async throws {
            let books = try SharedBooks { $0.maxWaitSeconds = 1 }
            let process = try books.process(usesServersClock: true)
            await books.server.kill()
            let error = await #expect(throws: LedgerError.self) {
                try await process.limiter.reserve(process.demand(cost: .zero))
            }
            #expect(error?.code == .away)
        }

        @Test func serversClockDecidesWhichDayItIs() throws {
            let books = try SharedBooks { $0.global.costs[.day] = try Money(dollars: "10") }
            let process = try books.process(usesServersClock: true)
            let wrong = ManualTime(wall: SystemTime().now().wall - 3 * 86_400_000_000)
            let ledger = Ledger(path: books.folder.file("wrong.db"), time: wrong)
            let slow = RateLimiter(ledger: ledger, settings: process.limiter.settings, shared: process.levels)
            let reservation = try slow.tryReserve(process.demand(cost: dollars("4")))
            #expect(try process.limiter.budget()?.reserved == dollars("4"))
            try slow.release(reservation)
            #expect(try process.limiter.budget()?.reserved == .zero)
        }

        @Test func machinesSpendTheBudgetTogetherAndNeverMore() async throws {
            let books = try SharedBooks {
                $0.global.costs[.day] = try Money(dollars: "1")
                $0.global.maxConcurrent = 64
            }
            let processes = try (0..<4).map { _ in try books.process(usesServersClock: true) }
            let admitted = try await withThrowingTaskGroup(of: Int.self) { group in
                for (index, process) in processes.enumerated() {
                    for worker in 0..<8 {
                        group.addTask {
                            var random = SeededRandom(seed: UInt64(index * 8 + worker + 1))
                            var count = 0
                            for _ in 0..<25 {
                                let worst = Int128(random.number(1...40)) * 1_000_000_007
                                let demand = process.demand(cost: Money(picodollars: worst))
                                guard
                                    let reservation = try? await process.limiter.store.take(
                                        for: demand, at: process.ledger.time.now())
                                else { continue }
                                count += 1
                                let kept = Reservation(
                                    reservation, for: demand, reservedAt: process.ledger.time.now().wall)
                                if random.isOne(in: 5) {
                                    try await process.limiter.release(kept)
                                } else {
                                    try process.settle(
                                        kept, Money(picodollars: worst * Int128(random.number(0...10)) / 10))
                                }
                            }
                            return count
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(admitted > 20)
            let standing = try processes[0].limiter.budget()
            let spent = try processes.reduce(Money.zero) { $0 + (try $1.spent()) }
            try await eventually("all is told") { try processes[0].levels.spentInAll() == spent }
            #expect(try processes[0].limiter.budget()?.spent == spent && spent <= dollars("1"))
            #expect(standing.map { $0.spent + $0.reserved <= $0.limit } == true)
        }

        @Test func callTakesOneRoundTripToBeginAndOneToEnd() async throws {
            let books = try SharedBooks {
                $0.global.costs[.day] = try Money(dollars: "100")
                $0.global[.tokens, .hour] = 1_000_000
            }
            let process = try books.process()
            try process.settle(try process.limiter.tryReserve(process.demand(cost: dollars("1"))), dollars("1"))
            _ = try process.limiter.standings()
            try await books.server.command("CONFIG", "RESETSTAT")
            for _ in 0..<50 {
                try process.settle(
                    try await process.limiter.reserve(process.demand(cost: dollars("1"))), dollars("0.1"))
            }
            _ = try process.levels.spentInAll()
            let stats = try await books.server.command("INFO", "commandstats")
            #expect(stats.contains("cmdstat_evalsha:calls=100,"), "\(stats)")
        }
    }
#endif
