public import Core
import GRDB
import Synchronization

extension Money {
    /// The amount as SQLite keeps it; amounts beyond nine million dollars are cut off there.
    var column: Int64 { Int64(clamping: picodollars) }
}

extension Ledger {
    /// Ends an attempt: replaces its worst case by what it came to, in the transaction that writes the ledger row.
    ///
    /// Settling twice changes nothing the second time, and returns false.
    static func settle(
        _ reservation: Reservation, _ settlement: Settlement, now: Int64, in database: Database
    ) throws -> Bool {
        try settle(
            reservation.demand, attempt: reservation.permit.attempt.description, reservedAt: reservation.reservedAt,
            now: now, settlement, in: database)
    }

    /// Writes the row of an attempt that was settled in memory.
    func record(_ reservation: Reservation, _ settlement: Settlement, now: Int64) {
        commitSoon { database in
            try Self.add(
                reservation.demand, attempt: reservation.permit.attempt.description,
                reservedAt: reservation.reservedAt, now: now, settlement, in: database)
        }
    }

    /// Records an answer that came without a provider call. It costs nothing and counts in no limit, so nobody waits for
    /// its row: it is written with the next ones, and is in whatever this process reads from now on.
    public func record(
        _ demand: Demand, source: AnswerSource, usage: Usage, savedCost: Money, savedTokens: Int,
        latencyMilliseconds: Int
    ) {
        let now = time.now().wall
        let settlement = Settlement(
            outcome: .answered, usage: usage, cost: .zero, isEstimated: false, latencyMilliseconds: latencyMilliseconds)
        commitSoon { database in
            try Self.insert(
                demand, attempt: nil, source: source, reservedAt: now, now: now, settlement, savedCost: savedCost,
                savedTokens: savedTokens, in: database)
        }
    }

    /// The calls that are under way, as their permits name them.
    package func openAttempts() throws(LedgerError) -> [ULID] {
        guard !isInMemory else { return levels.withLock { $0.openAttempts } }
        return try read { try String.fetchAll($0, sql: "SELECT id FROM attempts").compactMap { ULID($0) } } ?? []
    }

    /// What calls under way may still cost.
    func reservedCost(in database: Database) throws -> Money {
        guard !isInMemory else { return levels.withLock { $0.reservedCost } }
        return try SQLSum.money(database, "worst_cost", from: "attempts")
    }

    /// Settles the attempts of processes that are gone, at their worst case and marked estimated: their providers
    /// bill a call whose client was killed. Their runs become `interrupted`. Returns how many attempts there were.
    /// `isAlive` tells whether the process of a session still runs.
    @discardableResult
    public func settleAbandoned(isAlive: (ULID) -> Bool) throws(LedgerError) -> Int {
        var open =
            try read { database in
                try String.fetchAll(
                    database,
                    sql: "SELECT session FROM attempts UNION SELECT session FROM runs WHERE state = 'running'")
            } ?? []
        if isInMemory { open += levels.withLock { $0.openSessions }.map(\.description) }
        let gone = open.filter { text in ULID(text).map { !isAlive($0) } ?? true }
        guard !gone.isEmpty else { return 0 }
        let now = time.now().wall
        let inMemory = settleAbandonedInMemory(isAlive: isAlive)
        return try write { database in
            var count = inMemory
            for session in gone {
                count += try Self.settleAll(of: session, now: now, in: database)
                try database.execute(
                    sql: "UPDATE runs SET state = ?, ended_at = ? WHERE session = ? AND state = 'running'",
                    arguments: [RunState.interrupted.rawValue, now, session])
            }
            return count
        }
    }

    private func settleAbandonedInMemory(isAlive: (ULID) -> Bool) -> Int {
        guard isInMemory else { return 0 }
        let now = time.now()
        let ended = levels.withLock { $0.endAbandoned(at: now, isAlive: isAlive) }
        for reservation in ended { record(reservation, .abandoned(reservation.demand), now: now.wall) }
        return ended.count
    }

    private static func settleAll(of session: String, now: Int64, in database: Database) throws -> Int {
        let rows = try Row.fetchAll(database, sql: "SELECT * FROM attempts WHERE session = ?", arguments: [session])
        var count = 0
        for row in rows {
            guard let demand = try Demand(row: row) else { continue }
            let isSettled = try settle(
                demand, attempt: row.value("id"), reservedAt: row.value("reserved_at"), now: now, .abandoned(demand),
                in: database)
            count += isSettled ? 1 : 0
        }
        return count
    }

    private static func settle(
        _ demand: Demand, attempt: String, reservedAt: Int64, now: Int64, _ settlement: Settlement,
        in database: Database
    ) throws -> Bool {
        try database.cachedStatement(sql: "DELETE FROM attempts WHERE id = ?").execute(arguments: [attempt])
        guard database.changesCount == 1 else { return false }
        try add(demand, attempt: attempt, reservedAt: reservedAt, now: now, settlement, in: database)
        return true
    }

    /// Writes the row of a settled attempt, with the sums that it belongs to.
    private static func add(
        _ demand: Demand, attempt: String, reservedAt: Int64, now: Int64, _ settlement: Settlement,
        in database: Database
    ) throws {
        try insert(
            demand, attempt: attempt, source: .provider, reservedAt: reservedAt, now: now, settlement,
            savedCost: .zero, savedTokens: 0, in: database)
        guard let cost = settlement.cost, cost > .zero else { return }
        let scopes = [
            ("global", ""), ("provider", demand.provider), ("model", demand.model),
            ("role", demand.origin.role.rawValue),
        ]
        for (scope, name) in scopes {
            try database.cachedStatement(
                sql: """
                    INSERT INTO spending VALUES (?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET cost = cost + excluded.cost
                    """
            ).execute(arguments: [scope, name, BudgetPeriod.quarter(of: reservedAt), cost.column])
        }
        if settlement.isEstimated { try add(cost.column, to: "estimated_cost", in: database) }
    }

    private static func insert(
        _ demand: Demand, attempt: String?, source: AnswerSource, reservedAt: Int64, now: Int64,
        _ settlement: Settlement, savedCost: Money, savedTokens: Int, in database: Database
    ) throws {
        let origin = demand.origin
        let usage = settlement.usage
        try database.cachedStatement(
            sql: "INSERT INTO ledger VALUES (NULL\(String(repeating: ", ?", count: 28)))"
        ).execute(arguments: [
            attempt, demand.request.description, origin.session.description, origin.run.description, origin.loop,
            origin.step, origin.role.rawValue, demand.provider, demand.model, source.rawValue,
            demand.lookup.rawValue, demand.missCause, reservedAt, now, settlement.latencyMilliseconds,
            settlement.outcome.rawValue, usage.inputTokens, usage.cachedInputTokens, usage.cacheWriteTokens,
            usage.cacheWriteHourTokens, usage.outputTokens, usage.reasoningTokens, usage.images, usage.characters,
            settlement.cost?.column, settlement.isEstimated, savedCost.column, savedTokens,
        ])
        try database.cachedStatement(
            sql: """
                INSERT INTO tallies VALUES (?, ?, 1, ?, ?) ON CONFLICT DO UPDATE SET count = count + 1,
                saved_cost = saved_cost + excluded.saved_cost, saved_tokens = saved_tokens + excluded.saved_tokens
                """
        ).execute(arguments: [
            BudgetPeriod.quarter(of: now), demand.lookup.rawValue, savedCost.column, savedTokens,
        ])
        try add(1, to: demand.lookup.rawValue, in: database)
        guard source != .provider else { return }
        try add(savedCost.column, to: "saved_cost", in: database)
        try add(Int64(savedTokens), to: "saved_tokens", in: database)
    }

    private static func add(_ value: Int64, to name: String, in database: Database) throws {
        try database.cachedStatement(
            sql: "INSERT INTO totals VALUES (?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value"
        ).execute(arguments: [name, value])
    }
}

extension Demand {
    /// Reads an attempt's row; nil when it holds what this program never writes.
    fileprivate convenience init?(row: Row) throws {
        guard let request = ULID(try row.value("request")), let session = ULID(try row.value("session")),
            let run = ULID(try row.value("run")), let role = RoleName(rawValue: try row.value("role")),
            let lookup = Lookup(rawValue: try row.value("lookup"))
        else { return nil }
        let worstCost: Int64? = try row.valueIfAny("worst_cost")
        self.init(
            request: request,
            origin: RequestOrigin(
                session: session, run: run, loop: try row.value("loop"), step: try row.value("step"), role: role),
            provider: try row.value("provider"), model: try row.value("model"), lookup: lookup,
            missCause: try row.valueIfAny("miss_cause"), worstInputTokens: try row.value("worst_input"),
            worstOutputTokens: try row.value("worst_output"), worstCost: worstCost.map { Money(picodollars: $0) })
    }
}
