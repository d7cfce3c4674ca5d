import Core
import Studio

/// Raises or lowers a budget until its period ends, for every process of the workspace.
struct BudgetDialog: Dialog {
    var form: Form
    private let budgets: [Status.Budget]
    private let isRaising: Bool
    private var problem: String?

    /// Offers a quarter more, or a fifth less, of the budget that is closest to its end.
    init(budgets: [Status.Budget], isRaising: Bool) {
        self.budgets = budgets
        self.isRaising = isRaising
        let tightest = budgets.indices.min { budgets[$0].share < budgets[$1].share } ?? 0
        form = Form([
            .list(budgets.map(Self.option), selected: tightest),
            .text(label: "dollars", TextInput(""), placeholder: "the new budget"),
        ])
        form.setText(1, offer)
    }

    var title: String { isRaising ? "Raise a budget" : "Lower a budget" }
    var acceptLabel: String { "set" }

    private var budget: Status.Budget { budgets[min(form.selected(0), budgets.count - 1)] }

    private var offer: String {
        let limit = budget.limit.picodollars
        return Money(picodollars: isRaising ? limit + limit / 4 : limit - limit / 5).dollars
    }

    private static func option(_ budget: Status.Budget) -> Form.Option {
        let spent = Figures.dollars(budget.spent + budget.reserved)
        return Form.Option(
            text: "\(budget.name ?? budget.scope.rawValue) cost per \(budget.period)",
            detail: "$\(spent) of $\(Figures.dollars(budget.limit))")
    }

    func notes(_ state: DashboardState) -> [DialogNote] {
        if let problem { return [DialogNote(problem, .bad)] }
        let reset = Figures.duration(budget.resetsAt - state.now)
        return [DialogNote("It holds for every process until the budget resets in \(reset).", .muted)]
    }

    mutating func formChanged(_ state: DashboardState) -> [Effect] {
        problem = nil
        if form.focus == 0 { form.setText(1, offer) }
        return []
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        guard let limit = try? Money(dollars: form.text(1)), limit >= .zero else {
            var open = self
            open.problem = "Type an amount of dollars, such as 8 or 2.50."
            state.dialog = open
            return []
        }
        return [
            .changeBudget(BudgetChange(scope: budget.scope, name: budget.name, period: budget.period, limit: limit))
        ]
    }
}

extension Status.Budget {
    /// How much of the budget is left, from 0 to 1.
    fileprivate var share: Double {
        limit > .zero ? Double(remaining.picodollars) / Double(limit.picodollars) : 0
    }
}
