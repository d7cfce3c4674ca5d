import Core
import Studio

/// The budget that is nearest to its end, when that is near enough to be said.
struct Alert {
    /// The share of a budget from which it is said.
    static let threshold = 0.8

    let text: String
    let percent: String
    let isSpent: Bool

    init?(_ status: Status?) {
        let shares = (status?.budgets ?? []).map { budget -> (budget: Status.Budget, share: Double) in
            let used = budget.spent + budget.reserved
            guard budget.limit > .zero else { return (budget, 1) }
            return (budget, Double(used.picodollars) / Double(budget.limit.picodollars))
        }
        guard let worst = shares.max(by: { $0.share < $1.share }), worst.share >= Self.threshold else { return nil }
        let period = worst.budget.period == "day" ? "today" : worst.budget.period
        let name = [worst.budget.name, period].compactMap { $0 }.joined(separator: " ")
        percent = Figures.percent(worst.share)
        text = "\(name) \(percent)"
        isSpent = worst.share >= 1
    }
}
