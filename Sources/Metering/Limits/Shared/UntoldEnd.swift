import Core
import GRDB

/// The end of an attempt that the server of shared limits may not know yet.
struct UntoldEnd {
    var attempt: ULID
    var reservedAt: Int64
    var provider: String
    var model: String
    var role: String
    /// nil for a call that was not made.
    var cost: Money?

    init(_ attempt: ULID, _ demand: Demand, reservedAt: Int64, cost: Money?) {
        self.attempt = attempt
        self.reservedAt = reservedAt
        provider = demand.provider
        model = demand.model
        role = demand.origin.role.rawValue
        self.cost = cost
    }

    func keep(in database: Database) throws {
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO untold_ends VALUES (?, ?, ?, ?, ?, ?)")
            .execute(arguments: [attempt.description, reservedAt, provider, model, role, cost?.column])
    }

    static func forget(_ attempt: ULID, in database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM untold_ends WHERE attempt = ?")
            .execute(arguments: [attempt.description])
    }

    /// The oldest first.
    static func all(in database: Database) throws -> [UntoldEnd] {
        try Row.fetchAll(database, sql: "SELECT * FROM untold_ends ORDER BY attempt").compactMap(UntoldEnd.init)
    }

    private init?(row: Row) throws {
        guard let attempt = ULID(try row.value("attempt")) else { return nil }
        self.attempt = attempt
        reservedAt = try row.value("reserved_at")
        provider = try row.value("provider")
        model = try row.value("model")
        role = try row.value("role")
        let cost: Int64? = try row.valueIfAny("cost")
        self.cost = cost.map { Money(picodollars: Int128($0)) }
    }

    func levelEnd(at now: Int64) -> LevelEnd {
        let scopes = ["global", "provider \(provider)", "model \(model)", "role \(role)"]
        return LevelEnd(attempt: attempt, reservedAt: reservedAt, now: now, scopes: scopes, cost: cost)
    }
}
