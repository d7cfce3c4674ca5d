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
    /// bill a call whose client was killed. Their runs become `interrupted`, and limits that were changed until they end
    /// are the configuration's again. Returns how many attempts there were.
    /// `isAlive` tells whether the process of a session still runs.
    @discardableResult
    public func settleAbandoned(isAlive: (ULID) -> Bool) throws(LedgerError) -> Int {
        var open =
            try read { database in
                try String.fetchAll(
                    database,
                    sql: """
                        SELECT session FROM attempts UNION SELECT session FROM runs WHERE state = 'running'
                        UNION SELECT session FROM limit_changes WHERE session != ''
                        """)
            } ?? []
        if isInMemory { open += levels.withLock { $0.openSessions }.map(\.description) }
        let gone = Set(open.filter { text in ULID(text).map { !isAlive($0) } ?? true })
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
                try LimitChanges.end(with: session, in: database)
            }
            try noteLimitChanges(in: database)
            return count
        }
    }

    /// Tells the levels in memory, where the ledger has them, which limits are changed now.
    func noteLimitChanges(in database: Database) throws {
        guard isInMemory else { return }
        let changes = try LimitChanges.written(in: database)
        levels.withLock { $0.set(changes) }
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
        guard
            let isShared = try Bool.fetchOne(
                database.cachedStatement(sql: "DELETE FROM attempts WHERE id = ? RETURNING is_shared"),
                arguments: [attempt])
        else { return false }
        if isShared, let id = ULID(attempt) {
            let cost = Money(picodollars: Int128(settlement.cost?.column ?? 0))
            try UntoldEnd(id, demand, reservedAt: reservedAt, cost: cost).keep(in: database)
        }
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
        try addUsage(demand, source, reservedAt, settlement, savedCost, savedTokens, in: database)
    }

    /// The span of ``CostTracker/tallies(of:)`` that holds everything.
    static let allTime = "all"

    /// Adds a row to the running sums of its quarter of an hour, its session and all time, in one statement.
    private static func addUsage(
        _ demand: Demand, _ source: AnswerSource, _ reservedAt: Int64, _ settlement: Settlement, _ savedCost: Money,
        _ savedTokens: Int, in database: Database
    ) throws {
        let usage = source == .provider ? settlement.usage : .zero
        let cost = settlement.cost?.column
        try database.cachedStatement(sql: usageSQL).execute(arguments: [
            demand.provider, demand.model, demand.origin.role.rawValue, demand.origin.loop, demand.lookup.rawValue,
            demand.missCause ?? "", cost == nil, usage.allInputTokens - usage.cachedInputTokens,
            usage.cachedInputTokens, usage.outputTokens, cost ?? 0, settlement.isEstimated ? cost ?? 0 : 0,
            savedCost.column, savedTokens, BudgetPeriod.quarter(of: reservedAt), demand.origin.session.description,
            allTime,
        ])
    }

    /// Amounts that pass 64 bits stay at the most that those hold.
    private static let usageSQL: String = {
        let row = "?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14"
        let counts = ["count", "unpriced", "input_tokens", "cached_input_tokens", "output_tokens", "saved_tokens"]
        let sums =
            counts.map { "\($0) = \($0) + excluded.\($0)" }
            + ["cost", "estimated_cost", "saved_cost"].map { "\($0) = min(\($0) + excluded.\($0), \(Int64.max))" }
        return "INSERT INTO usage VALUES (?15, \(row)), (?16, \(row)), (?17, \(row)) "
            + "ON CONFLICT DO UPDATE SET \(sums.joined(separator: ", "))"
    }()
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
