import ArgumentParser
import Core
import Studio

/// `questfoundry limits`.
struct LimitsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits", abstract: "Every limit and budget: what is left, what is reserved, when there is more.",
        discussion: "Example: questfoundry limits --json | jq '.budgets[0].remaining'")

    @Flag(help: "Print one JSON document.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Opening(options: options).report(asJSON: json) { status in
            let figures: JSONValue = ["limits": status["limits"] ?? .null, "budgets": status["budgets"] ?? .null]
            return figures
        } _: { status in
            status.limitsTable
        }
    }
}

extension Status {
    fileprivate var limitsTable: String {
        guard !limits.isEmpty || !budgets.isEmpty else { return "limits: none (rate_limiting in config.yml)" }
        let limitRows = limits.map { limit in
            [
                title(limit.scope, limit.name), limit.key,
                "\(limit.remaining) of \(limit.capacity)", "\(limit.reserved)",
                limit.fullAt.map { "full in \(Words.duration($0 - takenAt))" } ?? "full", "\(limit.waiting)",
            ]
        }
        let budgetRows = budgets.map { budget in
            [
                title(budget.scope, budget.name), "cost_per_\(budget.period)",
                "$\(Words.dollars(budget.remaining)) of $\(budget.limit.dollars)",
                "$\(Words.dollars(budget.reserved))", "resets in \(Words.duration(budget.resetsAt - takenAt))", "-",
            ]
        }
        return Output.table(["scope", "limit", "left", "reserved", "more", "waiting"], limitRows + budgetRows)
    }

    private func title(_ scope: Scope, _ name: String?) -> String {
        name.map { "\(scope.rawValue) \($0)" } ?? scope.rawValue
    }
}
