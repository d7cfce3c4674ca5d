public import Core
import GRDB

/// What one request of a role usually takes.
public struct TypicalUsage: Hashable, Sendable {
    /// How many calls the means are made of.
    public var calls: Int
    /// The mean of a call's input, what came from the provider's own cache included, rounded up.
    public var inputTokens: Int
    /// The mean of a call's output, reasoning included, rounded up.
    public var outputTokens: Int

    public init(calls: Int, inputTokens: Int, outputTokens: Int) {
        self.calls = calls
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
    }
}

extension CostTracker {
    /// How many of a role's calls count for ``typicalUsage(of:)`` at most.
    private static let mostCalls = 50
    /// How many of the ledger's rows are looked at for them.
    private static let window = 5_000

    /// The means of the calls of a role that were answered and counted exactly, the newest 50 among the ledger's last
    /// 5,000 rows; nil when there is none.
    public func typicalUsage(of role: RoleName) throws(LedgerError) -> TypicalUsage? {
        try typicalUsage(where: "role = ?", [role.rawValue])
    }

    /// The same of the calls for one step and with one model; where there are none, of the role's with that model.
    public func typicalUsage(
        of role: RoleName, model: String, loop: String, step: String
    ) throws(LedgerError) -> TypicalUsage? {
        let own = try typicalUsage(
            where: "role = ? AND model = ? AND loop = ? AND step = ?", [role.rawValue, model, loop, step])
        if let own { return own }
        return try typicalUsage(where: "role = ? AND model = ?", [role.rawValue, model])
    }

    /// The same of the rows that a condition of the program's own holds for.
    private func typicalUsage(where condition: String, _ values: [String]) throws(LedgerError) -> TypicalUsage? {
        let sums = try ledger.read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT input_tokens, cached_input_tokens, cache_write_tokens, cache_write_hour_tokens,
                            output_tokens FROM ledger
                        WHERE id > (SELECT max(id) FROM ledger) - \(Self.window) AND \(condition) AND source = 'provider'
                            AND outcome = 'answered' AND NOT is_estimated
                        ORDER BY id DESC LIMIT \(Self.mostCalls)
                        """), arguments: StatementArguments(values)
            ).map { row in
                (try (0..<4).reduce(0) { try $0 + row.count(at: $1) }, try row.count(at: 4))
            }
        }
        guard let sums, !sums.isEmpty else { return nil }
        func mean(_ counts: [Int]) -> Int { (counts.reduce(0, +) + counts.count - 1) / counts.count }
        return TypicalUsage(
            calls: sums.count, inputTokens: mean(sums.map(\.0)), outputTokens: mean(sums.map(\.1)))
    }
}
