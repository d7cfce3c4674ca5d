import Core
import Studio

/// Of the budgets that have come to a share at which the configuration warns, the one that is nearest to its end.
struct Alert {
    let text: String
    let percent: String
    let isSpent: Bool

    init?(_ status: Status?) {
        let budgets = (status?.budgets ?? []).filter { $0.alert != nil }
        guard let worst = budgets.max(by: { $0.share < $1.share }) else { return nil }
        let period = worst.period == "day" ? "today" : worst.period
        let name = [worst.name, period].compactMap { $0 }.joined(separator: " ")
        percent = Figures.percent(worst.share)
        text = "\(name) \(percent)"
        isSpent = worst.share >= 1
    }
}
