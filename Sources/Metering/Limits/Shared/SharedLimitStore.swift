import Configuration
import Core
import GRDB
import Synchronization

/// Levels on a server that machines share; each process keeps its rows in its own ledger.
///
/// An attempt stands in the ledger before the server is asked, and what the server has to be told of its end is written
/// in the transaction that ends it there. So both come to the same sum, whatever dies in between.
final class SharedLimitStore: LimitStore {
    private let ledger: Ledger
    private let settings: RateLimitSettings
    private let levels: any SharedLevels
    private let desk: Mutex<TicketDesk>
    private let periods: CalendarPeriods
    /// How far the server's clock is ahead of this one's, in microseconds.
    private let clockLead = Mutex<Int64>(0)
    /// Whether ends are written that the server may not know.
    private let isBehind: Flag

    init(ledger: Ledger, settings: RateLimitSettings, levels: any SharedLevels) {
        self.ledger = ledger
        self.settings = settings
        periods = CalendarPeriods(settings)
        self.levels = levels
        desk = Mutex(TicketDesk(at: ledger.time.now()))
        isBehind = Flag(true)
    }

    // MARK: - Taking

    func takeNow(for demand: Demand, at now: Moment) throws -> Ticket {
        let ticket = desk.withLock { $0.ticket(for: demand, at: now) }
        try ledger.write { try SQLiteLimitStore.insert(ticket, for: demand, at: now, isShared: true, in: $0) }
        try catchUp()
        var order = try self.order(ticket, for: demand, at: now)
        let found: Result<LevelAnswer, SharedLevelsFault>
        do throws(SharedLevelsFault) {
            found = .success(try lookNow(&order, isOnlyALook: order.isOnlyALook))
        } catch { found = .failure(error) }
        if let failure = failure(found, order, demand) {
            try ledger.write { try self.undo(ticket, for: demand, at: now, failure, in: $0) }
            throw failure
        }
        return Ticket(attempt: ticket.attempt, estimate: ticket.estimate, buckets: order.bucketNames)
    }

    func take(for demand: Demand, at now: Moment) async throws -> Ticket {
        let ticket = desk.withLock { $0.ticket(for: demand, at: now) }
        try await ledger.commit { try SQLiteLimitStore.insert(ticket, for: demand, at: now, isShared: true, in: $0) }
        try catchUp()
        let order = try self.order(ticket, for: demand, at: now)
        let (found, asked) = await answer(to: order)
        if let failure = failure(found, asked, demand) {
            try await ledger.commit { try self.undo(ticket, for: demand, at: now, failure, in: $0) }
            throw failure
        }
        return Ticket(attempt: ticket.attempt, estimate: ticket.estimate, buckets: order.bucketNames)
    }

    private func answer(to order: SharedOrder) async -> (Result<LevelAnswer, SharedLevelsFault>, SharedOrder) {
        var order = order
        do throws(SharedLevelsFault) {
            while true {
                let answer = try await levels.take(order.order, isOnlyALook: order.isOnlyALook)
                if isInPeriod(answer, &order) { return (.success(answer), order) }
            }
        } catch {
            return (.failure(error), order)
        }
    }

    private func lookNow(
        _ order: inout SharedOrder, isOnlyALook: Bool
    ) throws(SharedLevelsFault) -> LevelAnswer {
        while true {
            let answer = try levels.takeNow(order.order, isOnlyALook: isOnlyALook)
            if isInPeriod(answer, &order) { return answer }
        }
    }

    /// Whether the calendar periods were those of the server's clock; if not, the order is moved there.
    private func isInPeriod(_ answer: LevelAnswer, _ order: inout SharedOrder) -> Bool {
        clockLead.withLock { $0 = answer.now - order.order.now }
        guard case .otherPeriod = answer.verdict else { return true }
        order.move(to: answer.now)
        return false
    }

    /// Why nothing was taken; nil when something was.
    private func failure(
        _ found: Result<LevelAnswer, SharedLevelsFault>, _ order: SharedOrder, _ demand: Demand
    ) -> (any Error)? {
        switch found {
        case .failure(let fault): return LedgerError(fault)
        case .success(let answer):
            if case .taken = answer.verdict { return nil }
            let unknown = LedgerError(code: .other, path: "the shared limits", cause: "the attempt has ended before")
            return order.refusal(of: demand, answer) ?? unknown
        }
    }

    /// Removes an attempt for which nothing was taken. Where that is not known, the server is told later.
    private func undo(
        _ ticket: Ticket, for demand: Demand, at now: Moment, _ failure: any Error, in database: Database
    ) throws {
        try database.cachedStatement(sql: "DELETE FROM attempts WHERE id = ?")
            .execute(arguments: [ticket.attempt.description])
        guard failure is LedgerError else { return }
        isBehind.set()
        try UntoldEnd(ticket.attempt, demand, reservedAt: now.wall, cost: nil).keep(in: database)
    }

    private func order(_ ticket: Ticket, for demand: Demand, at now: Moment) throws(LedgerError) -> SharedOrder {
        var order = SharedOrder(ticket, for: demand, try table(at: now), periods, now: now.wall)
        order.move(to: now.wall + clockLead.withLock { $0 })
        return order
    }

    private func table(at now: Moment) throws(LedgerError) -> LevelTable {
        let changes = try ledger.readOnce { try LimitChanges(in: $0, now: now.wall) }
        return LevelTable(settings: settings, changes: changes ?? LimitChanges())
    }

    func refusal(of demand: Demand, at now: Moment) throws(LedgerError) -> Refusal? {
        try catchUp()
        let attempt = ULID(at: now)
        let ticket = Ticket(attempt: attempt, estimate: desk.withLock { $0.estimate(demand) })
        var order = try order(ticket, for: demand, at: now)
        do throws(SharedLevelsFault) {
            return order.refusal(of: demand, try lookNow(&order, isOnlyALook: true))
        } catch { throw LedgerError(error) }
    }

    // MARK: - Ending

    func settleNow(_ reservation: Reservation, _ settlement: Settlement, at now: Moment) throws(LedgerError) {
        let isFirst = try ledger.write { try Ledger.settle(reservation, settlement, now: now.wall, in: $0) }
        try end(reservation, settlement, at: now, isFirst: isFirst)
    }

    func settle(_ reservation: Reservation, _ settlement: Settlement, at now: Moment) async throws(LedgerError) {
        let isFirst = try await ledger.commit { try Ledger.settle(reservation, settlement, now: now.wall, in: $0) }
        try end(reservation, settlement, at: now, isFirst: isFirst)
    }

    private func end(
        _ reservation: Reservation, _ settlement: Settlement, at now: Moment, isFirst: Bool
    ) throws(LedgerError) {
        guard isFirst else { return }
        desk.withLock { $0.learn(reservation.demand, from: settlement) }
        let table = try table(at: now)
        let (estimate, used) = (reservation.estimate, settlement.tokens)
        var returns = table.buckets(of: reservation.demand).filter {
            $0.metric != .requests && reservation.hasTaken(from: $0)
        }.map { level in
            LevelEnd.Return(
                bucket: level.shared(units: 0), units: estimate.units(level.metric) - used.units(level.metric))
        }
        returns += table.corrections(of: reservation.demand.provider, by: settlement.limits).map { level, left in
            LevelEnd.Return(bucket: level.shared(units: 0), units: 0, atMost: left)
        }
        tell(reservation, cost: Money(picodollars: Int128(settlement.cost?.column ?? 0)), returns, at: now)
    }

    func releaseNow(_ reservation: Reservation, at now: Moment) throws(LedgerError) {
        let isFirst = try ledger.write { try self.release(reservation, in: $0) }
        try release(reservation, at: now, isFirst: isFirst)
    }

    func release(_ reservation: Reservation, at now: Moment) async throws(LedgerError) {
        let isFirst = try await ledger.commit { try self.release(reservation, in: $0) }
        try release(reservation, at: now, isFirst: isFirst)
    }

    private func release(_ reservation: Reservation, in database: Database) throws -> Bool {
        let attempt = reservation.permit.attempt
        try database.cachedStatement(sql: "DELETE FROM attempts WHERE id = ?")
            .execute(arguments: [attempt.description])
        guard database.changesCount == 1 else { return false }
        try UntoldEnd(attempt, reservation.demand, reservedAt: reservation.reservedAt, cost: nil).keep(in: database)
        return true
    }

    private func release(_ reservation: Reservation, at now: Moment, isFirst: Bool) throws(LedgerError) {
        guard isFirst else { return }
        let returns = try table(at: now).buckets(of: reservation.demand).filter(reservation.hasTaken).map { level in
            LevelEnd.Return(bucket: level.shared(units: 0), units: reservation.estimate.units(level.metric))
        }
        tell(reservation, cost: nil, returns, at: now)
    }

    private func tell(_ reservation: Reservation, cost: Money?, _ returns: [LevelEnd.Return], at now: Moment) {
        tell(
            LevelEnd(
                attempt: reservation.permit.attempt, reservedAt: reservation.reservedAt, now: now.wall,
                scopes: LevelTable.scopes(of: reservation.demand).map(\.sharedName), cost: cost, returns: returns))
    }

    /// Tells the server of an end without waiting; what it has acknowledged is forgotten.
    private func tell(_ end: LevelEnd) {
        levels.end(end) { [ledger, isBehind] fault in
            guard fault == nil else { return isBehind.set() }
            ledger.commitSoon { try UntoldEnd.forget(end.attempt, in: $0) }
        }
    }

    /// Tells the server of every end that it may not know, also of processes that are gone.
    private func catchUp() throws(LedgerError) {
        guard isBehind.take() else { return }
        let now = ledger.time.now().wall
        for end in try ledger.read({ try UntoldEnd.all(in: $0) }) ?? [] { tell(end.levelEnd(at: now)) }
    }

    // MARK: - Standings

    func standings(at now: Moment) throws(LedgerError) -> Standings {
        try catchUp()
        var order = SharedOrder(everythingIn: try table(at: now), periods, now: now.wall)
        order.move(to: now.wall + clockLead.withLock { $0 })
        do throws(SharedLevelsFault) {
            let answer = try lookNow(&order, isOnlyALook: true)
            return order.standings(answer, try levels.callsUnderWay())
        } catch { throw LedgerError(error) }
    }
}

/// A flag that threads set and take.
private final class Flag: Sendable {
    private let isUp: Mutex<Bool>

    init(_ isUp: Bool) { self.isUp = Mutex(isUp) }

    func set() { isUp.withLock { $0 = true } }

    /// Whether it was up; it is down from then on.
    func take() -> Bool {
        isUp.withLock { isUp in
            defer { isUp = false }
            return isUp
        }
    }
}

extension LedgerError {
    init(_ fault: SharedLevelsFault) { self.init(code: .away, path: fault.place, cause: fault.message) }
}
