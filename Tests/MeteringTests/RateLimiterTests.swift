import Configuration
import Core
import Synchronization
import TestKit
import Testing

@testable import Metering

@Suite struct RateLimiterTests {
    @Test(arguments: LimiterFixture.Place.allCases) func everyLevelOrNone(place: LimiterFixture.Place) throws {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter {
            $0.global.requests[.minute] = 10
            $0.providers["openai"] = LimitSet(requests: [.minute: 1])
        }
        _ = try limiter.tryReserve(fixture.demand())
        #expect(throws: Refusal.self) { try limiter.tryReserve(fixture.demand()) }
        let standings = try limiter.standings().limits
        #expect(standings.map(\.remaining) == [9, 0])
        #expect(try limiter.canProceed(fixture.demand(provider: "ollama")) == nil)
    }

    @Test(arguments: LimiterFixture.Place.allCases) func refusalNamesLevelAskedLeftAndWhen(place: LimiterFixture.Place)
        throws
    {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter { $0.global.requests[.minute] = 1 }
        _ = try limiter.tryReserve(fixture.demand())
        let refusal = try #require(try limiter.canProceed(fixture.demand()))
        #expect(
            refusal.description == "Would exceed limit: global requests_per_minute (asked 1, left 0, enough in 60 s)")
        #expect(refusal.retryAt == fixture.time.now().wall + 60_000_000)
    }

    @Test(arguments: LimiterFixture.Place.allCases) func waitingRequestLeavesAtTheRightTime(place: LimiterFixture.Place)
        async throws
    {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter { $0.global.requests[.second] = 2 }
        _ = try await limiter.reserve(fixture.demand())
        _ = try await limiter.reserve(fixture.demand())
        async let third = limiter.reserve(fixture.demand())
        await fixture.time.waitForSleepers(1)
        #expect(limiter.line.count(at: .global, key: "requests_per_second") == 1)
        fixture.time.advance(seconds: 0.5)
        let reservation = try await third
        #expect(reservation.reservedAt == fixture.time.now().wall)
        #expect(limiter.line.count(at: .global, key: "requests_per_second") == 0)
    }

    @Test(arguments: LimiterFixture.Place.allCases) func waitersAreServedInOrderOfArrival(place: LimiterFixture.Place)
        async throws
    {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter { $0.global.requests[.second] = 1 }
        _ = try limiter.tryReserve(fixture.demand())
        let order = Recorder<Int>()
        await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<3 {
                group.addTask {
                    _ = try await limiter.reserve(fixture.demand())
                    order.append(index)
                }
                while limiter.line.size < index + 1 { await Task.yield() }
            }
            for served in 1...3 {
                await fixture.time.waitForSleepers(1)
                fixture.time.advance(seconds: 1)
                while order.count < served { await Task.yield() }
            }
        }
        #expect(order.elements == [0, 1, 2])
    }

    @Test(arguments: LimiterFixture.Place.allCases) func stoppedProviderDoesNotStopTheOthers(
        place: LimiterFixture.Place
    ) async throws {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter {
            $0.global.requests[.minute] = 100
            $0.providers["openai"] = LimitSet(requests: [.minute: 1])
        }
        _ = try limiter.tryReserve(fixture.demand())
        let held = Task { try await limiter.reserve(fixture.demand()) }
        await fixture.time.waitForSleepers(1)
        _ = try await limiter.reserve(fixture.demand(provider: "ollama"))
        held.cancel()
        await #expect(throws: CancellationError.self) { _ = try await held.value }
        #expect(limiter.line.size == 0)
    }

    @Test(arguments: LimiterFixture.Place.allCases) func cancelledWaiterLeavesNothingReserved(
        place: LimiterFixture.Place
    ) async throws {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter { $0.global.requests[.minute] = 1 }
        _ = try limiter.tryReserve(fixture.demand())
        let task = Task { try await limiter.reserve(fixture.demand()) }
        await fixture.time.waitForSleepers(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        fixture.time.advance(seconds: 60)
        #expect(try limiter.canProceed(fixture.demand()) == nil)
    }

    @Test(arguments: LimiterFixture.Place.allCases) func longWaitIsRefusedAtOnce(place: LimiterFixture.Place)
        async throws
    {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter {
            $0.global.requests[.hour] = 1
            $0.maxWaitSeconds = 60
        }
        _ = try await limiter.reserve(fixture.demand())
        let refusal = await #expect(throws: Refusal.self) { _ = try await limiter.reserve(fixture.demand()) }
        #expect(refusal?.isNever == false)
    }

    @Test(arguments: LimiterFixture.Place.allCases) func onLimitFailNeverWaits(place: LimiterFixture.Place) async throws
    {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter {
            $0.global.requests[.second] = 1
            $0.onLimit = .fail
        }
        _ = try await limiter.reserve(fixture.demand())
        await #expect(throws: Refusal.self) { _ = try await limiter.reserve(fixture.demand()) }
    }

    @Test(arguments: LimiterFixture.Place.allCases) func budgetAdmitsOnlyWhatFitsAtItsWorst(place: LimiterFixture.Place)
        throws
    {
        let fixture = try LimiterFixture(place)
        let limiter = try fixture.limiter { $0.global.costs[.day] = try Money(dollars: "0.01") }
        let first = try limiter.tryReserve(fixture.demand(cost: "0.006"))
        let refusal = try #require(try limiter.canProceed(fixture.demand(cost: "0.005")))
        #expect(refusal.kind.isBudget && refusal.scope == .global)
        try limiter.settle(first, fixture.settlement("0.001"))
        #expect(try limiter.canProceed(fixture.demand(cost: "0.009")) == nil)
        let full = try #require(try limiter.canProceed(fixture.demand(cost: "0.0095")))
        #expect(
            full.description == "Would exceed budget: global cost_per_day (may cost up to $0.0095, left $0.0090 of "
                + "$0.01, resets in 12 h)")
    }

    @Test(arguments: LimiterFixture.Place.allCases) func budgetOpensAgainAtItsReset(place: LimiterFixture.Place) throws
    {
        let fixture = try LimiterFixture(place)
        let limiter = try fixture.limiter { $0.providers["openai"] = LimitSet(costs: [.day: try Money(dollars: "1")]) }
        try limiter.settle(limiter.tryReserve(fixture.demand(cost: "1")), fixture.settlement("1"))
        #expect(try limiter.canProceed(fixture.demand(cost: "0.5")) != nil)
        #expect(try limiter.canProceed(fixture.demand(provider: "other", cost: "0.5")) == nil)
        fixture.time.advance(seconds: 12 * 3_600)
        #expect(try limiter.canProceed(fixture.demand(cost: "0.5")) == nil)
        #expect(try limiter.standings().budgets.map(\.spent) == [.zero])
    }

    @Test(arguments: LimiterFixture.Place.allCases) func largerThanTheWholeBudgetIsNever(place: LimiterFixture.Place)
        throws
    {
        let fixture = try LimiterFixture(place)
        let limiter = try fixture.limiter { $0.global.costs[.day] = try Money(dollars: "0.01") }
        let refusal = try #require(try limiter.canProceed(fixture.demand(cost: "0.02")))
        #expect(refusal.isNever)
        #expect(refusal.description.contains("raise rate_limiting.global.cost_per_day"))
    }

    @Test(arguments: LimiterFixture.Place.allCases) func unpricedModelIsRefusedWhereABudgetApplies(
        place: LimiterFixture.Place
    ) throws {
        let fixture = try LimiterFixture(place)
        let strict = try fixture.limiter { $0.global.costs[.day] = try Money(dollars: "1") }
        let refusal = try #require(try strict.canProceed(fixture.demand(cost: nil)))
        #expect(refusal.kind == .unpriced(model: "gpt-4o"))
        #expect(refusal.description.contains("allow_unpriced"))
        let lenient = try fixture.limiter {
            $0.global.costs[.day] = try Money(dollars: "1")
            $0.allowUnpriced = true
        }
        #expect(try lenient.canProceed(fixture.demand(cost: nil)) == nil)
    }

    @Test(arguments: LimiterFixture.Place.allCases) func concurrentReservationsNeverPassTheBudget(
        place: LimiterFixture.Place
    ) async throws {
        let fixture = try LimiterFixture(place)
        let limiter = try fixture.limiter { $0.global.costs[.day] = try Money(dollars: "0.01") }
        let granted = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                group.addTask { (try? limiter.tryReserve(fixture.demand(cost: "0.003"))) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(granted == 3)
    }

    @Test(arguments: LimiterFixture.Place.allCases) func releasedReservationGivesEverythingBack(
        place: LimiterFixture.Place
    ) throws {
        let fixture = try LimiterFixture(place)
        let limiter = try fixture.limiter {
            $0.global.requests[.minute] = 1
            $0.global.costs[.day] = try Money(dollars: "1")
        }
        let reservation = try limiter.tryReserve(fixture.demand(cost: "1"))
        try limiter.release(reservation)
        try limiter.release(reservation)
        #expect(try limiter.standings().limits.map(\.remaining) == [1])
        #expect(try limiter.standings().budgets.map(\.reserved) == [.zero])
    }

    @Test(arguments: LimiterFixture.Place.allCases) func reservationElsewhereIsWaitedForUntilItSettles(
        place: LimiterFixture.Place
    ) async throws {
        let fixture = try LimiterFixture(place)
        let limiter = try fixture.limiter { $0.global.costs[.day] = try Money(dollars: "1") }
        let first = try limiter.tryReserve(fixture.demand(cost: "1"))
        let waits = Mutex(0)
        async let second = limiter.reserve(fixture.demand(cost: "0.5")) { _ in waits.withLock { $0 += 1 } }
        await fixture.time.waitForSleepers(1)
        try await limiter.settle(first, fixture.settlement("0.1"))
        _ = try await second
        #expect(waits.withLock { $0 } >= 1)
    }

    @Test func levelsSurviveARestartAndRefillByTheBootClock() throws {
        let fixture = try LimiterFixture()
        let limiter = fixture.limiter { $0.global.requests[.minute] = 2 }
        _ = try limiter.tryReserve(fixture.demand())
        _ = try limiter.tryReserve(fixture.demand())
        fixture.time.setWall(fixture.time.now().wall - 3_600_000_000)
        fixture.time.advance(seconds: 30)
        let again = RateLimiter(
            ledger: Ledger(path: fixture.folder.file("ledger.db"), time: fixture.time), settings: limiter.settings)
        #expect(try again.standings().limits.map(\.remaining) == [1])
    }

    @Test func afterARebootTheWallClockTellsTheTimeBetween() throws {
        let fixture = try LimiterFixture()
        let limiter = fixture.limiter { $0.global.requests[.minute] = 2 }
        _ = try limiter.tryReserve(fixture.demand())
        _ = try limiter.tryReserve(fixture.demand())
        let rebooted = ManualTime(wall: fixture.time.now().wall + 30_000_000, sinceBoot: 1_000_000, bootID: "boot-2")
        let again = RateLimiter(
            ledger: Ledger(path: fixture.folder.file("ledger.db"), time: rebooted), settings: limiter.settings)
        #expect(try again.standings().limits.map(\.remaining) == [1])
    }

    @Test(arguments: LimiterFixture.Place.allCases) func changedLimitKeepsWhatIsInTheBucketInProportion(
        place: LimiterFixture.Place
    ) throws {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter { $0.global.requests[.minute] = 10 }
        for _ in 0..<5 { _ = try limiter.tryReserve(fixture.demand()) }
        let raised = fixture.limiter { $0.global.requests[.minute] = 20 }
        #expect(try raised.standings().limits.map(\.remaining) == [10])
    }

    @Test(arguments: LimiterFixture.Place.allCases) func burstNarrowsTheBucket(place: LimiterFixture.Place) throws {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter {
            $0.global.requests[.minute] = 100
            $0.global.burst = 2
        }
        _ = try limiter.tryReserve(fixture.demand())
        _ = try limiter.tryReserve(fixture.demand())
        #expect(throws: Refusal.self) { try limiter.tryReserve(fixture.demand()) }
        #expect(try limiter.standings().limits.map(\.capacity) == [2])
    }

    @Test(arguments: LimiterFixture.Place.allCases) func switchedOffLimitsNothing(place: LimiterFixture.Place) throws {
        let fixture = try LimiterFixture(place)
        let limiter = fixture.limiter {
            $0.global.requests[.minute] = 0
            $0.enabled = false
        }
        _ = try limiter.tryReserve(fixture.demand())
        #expect(try limiter.standings().limits.isEmpty)
    }
}

extension Refusal.Kind {
    fileprivate var isBudget: Bool { if case .budget = self { true } else { false } }
}
