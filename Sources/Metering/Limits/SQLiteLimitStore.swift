import Configuration
import Core
import GRDB
import Synchronization

/// Levels in the ledger's database, so that they survive a restart and all processes of a workspace share them.
final class SQLiteLimitStore: LimitStore {
    private let ledger: Ledger
    private let settings: RateLimitSettings
    private let desk: Mutex<TicketDesk>
    private let periods: CalendarPeriods

    init(ledger: Ledger, settings: RateLimitSettings) {
        self.ledger = ledger
        self.settings = settings
        periods = CalendarPeriods(settings)
        desk = Mutex(TicketDesk(at: ledger.time.now()))
    }

    func takeNow(for demand: Demand, at now: Moment) throws -> Ticket {
        let ticket = desk.withLock { $0.ticket(for: demand, at: now) }
        return try ledger.write { database in try self.take(ticket, for: demand, now, in: database) }.get()
    }

    func take(for demand: Demand, at now: Moment) async throws -> Ticket {
        let ticket = desk.withLock { $0.ticket(for: demand, at: now) }
        return try await ledger.commit { database in
            try self.take(ticket, for: demand, now, in: database)
        }.get()
    }

    /// Takes what a ticket asks for at every level, or nothing; returns the ticket with the buckets.
    private func take(
        _ ticket: Ticket, for demand: Demand, _ now: Moment, in database: Database
    ) throws -> Result<Ticket, Refusal> {
        let levels = try levels(in: database, now: now)
        let buckets = try buckets(of: demand, at: levels, now: now, in: database)
        if let refusal = try refusal(of: demand, ticket.estimate, at: levels, buckets, now: now, in: database) {
            try BucketLevel.forgetTimesToCome(in: database, now: now, bootID: ledger.time.bootID)
            return .failure(refusal)
        }
        for (level, bucket) in buckets {
            var bucket = bucket
            _ = bucket.take(ticket.estimate.units(level.metric))
            try level.keep(bucket, in: database, now: now, bootID: ledger.time.bootID)
        }
        try Self.insert(ticket, for: demand, at: now, in: database)
        var ticket = ticket
        ticket.buckets = buckets.map(\.0.name)
        return .success(ticket)
    }

    func refusal(of demand: Demand, at now: Moment) throws(LedgerError) -> Refusal? {
        let estimate = desk.withLock { $0.estimate(demand) }
        func check(_ levels: LevelTable, _ database: Database?) throws -> Refusal? {
            let buckets = try buckets(of: demand, at: levels, now: now, in: database)
            return try refusal(of: demand, estimate, at: levels, buckets, now: now, in: database)
        }
        let stored = try ledger.read { database in try check(self.levels(in: database, now: now), database) }
        if let stored { return stored }
        return try fromScratch { try check($0, nil) }
    }

    func settleNow(
        _ reservation: Reservation, _ settlement: Settlement, at now: Moment
    ) throws(LedgerError) {
        try ledger.write { database in try self.settle(reservation, settlement, now, in: database) }
        desk.withLock { $0.learn(reservation.demand, from: settlement) }
    }

    func settle(_ reservation: Reservation, _ settlement: Settlement, at now: Moment) async throws(LedgerError) {
        try await ledger.commit { database in try self.settle(reservation, settlement, now, in: database) }
        desk.withLock { $0.learn(reservation.demand, from: settlement) }
    }

    private func settle(
        _ reservation: Reservation, _ settlement: Settlement, _ now: Moment, in database: Database
    ) throws {
        guard try Ledger.settle(reservation, settlement, now: now.wall, in: database) else { return }
        let demand = reservation.demand
        let levels = try levels(in: database, now: now)
        for level in levels.buckets(of: demand) where level.metric != .requests {
            guard reservation.hasTaken(from: level) else { continue }
            let unused = reservation.estimate.units(level.metric) - settlement.tokens.units(level.metric)
            try change(level, in: database, now: now) { $0.giveBack(orCharge: unused) }
        }
        for (level, left) in levels.corrections(of: demand.provider, by: settlement.limits) {
            try change(level, in: database, now: now) { $0.lower(to: left) }
        }
    }

    func releaseNow(_ reservation: Reservation, at now: Moment) throws(LedgerError) {
        try ledger.write { database in try self.release(reservation, now, in: database) }
    }

    func release(_ reservation: Reservation, at now: Moment) async throws(LedgerError) {
        try await ledger.commit { database in try self.release(reservation, now, in: database) }
    }

    private func release(_ reservation: Reservation, _ now: Moment, in database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM attempts WHERE id = ?")
            .execute(arguments: [reservation.permit.attempt.description])
        guard database.changesCount == 1 else { return }
        for level in try levels(in: database, now: now).buckets(of: reservation.demand)
        where reservation.hasTaken(from: level) {
            try change(level, in: database, now: now) { $0.giveBack(reservation.estimate.units(level.metric)) }
        }
    }

    func standings(at now: Moment) throws(LedgerError) -> Standings {
        let stored = try ledger.read { database in
            try self.standings(at: now, self.levels(in: database, now: now), in: database)
        }
        if let stored { return stored }
        return try fromScratch { try standings(at: now, $0, in: nil) }
    }

    private func standings(at now: Moment, _ levels: LevelTable, in database: Database?) throws -> Standings {
        var standings = Standings()
        for scope in levels.namedScopes {
            standings.limits += try levels.buckets(at: scope).map { level in
                LimitStanding(
                    try level.bucket(in: database, now: now, bootID: ledger.time.bootID), of: level,
                    reserved: try level.reserved(in: database), now: now)
            }
            if let level = levels.writtenConcurrency(at: scope) {
                standings.limits.append(LimitStanding(open: try level.open(in: database), of: level))
            }
            standings.budgets += try levels.budgets(at: scope).map { level in
                let bounds = periods.bounds(of: level.period, at: now.wall)
                return BudgetStanding(try level.standing(in: database, bounds: bounds), of: level)
            }
        }
        return standings
    }

    private func buckets(
        of demand: Demand, at levels: LevelTable, now: Moment, in database: Database?
    ) throws -> [(BucketLevel, TokenBucket)] {
        try levels.buckets(of: demand).map { level in
            (level, try level.bucket(in: database, now: now, bootID: ledger.time.bootID))
        }
    }

    /// The refusal that lasts longest of all levels, or nil when the call fits them all.
    private func refusal(
        of demand: Demand, _ estimate: TokenEstimate, at levels: LevelTable, _ buckets: [(BucketLevel, TokenBucket)],
        now: Moment, in database: Database?
    ) throws -> Refusal? {
        var refusals = buckets.compactMap { level, bucket in
            Refusal.check(bucket, of: level, asked: estimate.units(level.metric), now: now)
        }
        refusals += try levels.concurrency(of: demand).compactMap { level in
            Refusal.check(open: try level.open(in: database), of: level, now: now)
        }
        refusals += try levels.budgets(of: demand).compactMap { level in
            let bounds = periods.bounds(of: level.period, at: now.wall)
            let standing = try level.standing(in: database, bounds: bounds)
            return Refusal.check(
                standing, of: level, demand: demand, allowsUnpriced: settings.allowUnpriced, now: now)
        }
        return refusals.longest
    }

    /// The levels as they are now.
    private func levels(in database: Database, now: Moment) throws -> LevelTable {
        LevelTable(settings: settings, changes: try LimitChanges(in: database, now: now.wall))
    }

    /// What is asked of a ledger that was never written.
    private func fromScratch<Value>(_ body: (LevelTable) throws -> Value) throws(LedgerError) -> Value {
        do { return try body(LevelTable(settings: settings)) } catch {
            throw LedgerError(code: .other, path: "ledger.db", cause: "\(error)")
        }
    }

    private func change(
        _ level: BucketLevel, in database: Database, now: Moment, _ body: (inout TokenBucket) -> Void
    ) throws {
        try level.change(in: database, now: now, bootID: ledger.time.bootID, body)
    }

    private static let insertion =
        "INSERT INTO attempts VALUES (\(repeatElement("?", count: 18).joined(separator: ", ")))"

    /// Writes the row of an attempt, which is open from then on.
    static func insert(
        _ ticket: Ticket, for demand: Demand, at now: Moment, isShared: Bool = false, in database: Database
    ) throws {
        let origin = demand.origin
        try database.cachedStatement(sql: insertion).execute(arguments: [
            ticket.attempt.description, demand.request.description, origin.session.description,
            origin.run.description, origin.loop, origin.step, origin.role.rawValue, demand.provider, demand.model,
            demand.lookup.rawValue, demand.missCause, now.wall, demand.worstInputTokens,
            demand.worstOutputTokens, demand.worstCost?.column, ticket.estimate.input, ticket.estimate.output,
            isShared,
        ])
    }
}
