import Core
import Studio

/// Raises or lowers a limit for now, for every process of the workspace: a budget until its period ends, any other until
/// the session ends.
struct LimitDialog: Dialog {
    var form: Form
    private let rows: [LimitRow]
    private let isRaising: Bool
    private var problem: String?

    /// Offers a quarter more, or a fifth less, of a limit; `selected` counts the rows, of which there is one at least.
    init(_ rows: [LimitRow], isRaising: Bool, selected: Int) {
        self.rows = rows
        self.isRaising = isRaising
        form = Form([
            .list(rows.map(Self.option), selected: selected),
            .text(label: "limit", TextInput(""), placeholder: "dollars, or how many"),
        ])
        form.setText(1, offer)
    }

    var title: String { isRaising ? "Raise a limit" : "Lower a limit" }
    var acceptLabel: String { "set" }

    private var row: LimitRow { rows[min(form.selected(0), rows.count - 1)] }

    private var offer: String {
        let limit = row.value
        let part = max(row.budget == nil ? 1 : 0, isRaising ? limit / 4 : limit / 5)
        return row.written(isRaising ? limit + part : max(row.least, limit - part))
    }

    private static func option(_ row: LimitRow) -> Form.Option {
        Form.Option(text: "\(row.title) \(Figures.words(row.key))", detail: "\(row.left) left of \(row.whole)")
    }

    func notes(_ state: DashboardState) -> [DialogNote] {
        if let problem { return [DialogNote(problem, .bad)] }
        let end = row.budget.map { "the budget resets in \(Figures.duration($0.resetsAt - state.now))" }
        return [DialogNote("It holds for every process until \(end ?? "the session ends").", .muted)]
    }

    mutating func formChanged(_ state: DashboardState) -> [Effect] {
        problem = nil
        if form.focus == 0 { form.setText(1, offer) }
        return []
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        guard let value = row.value(of: form.text(1)) else {
            var open = self
            open.problem = row.budget == nil ? "Type a whole number." : "Type an amount of dollars, such as 8 or 2.50."
            state.dialog = open
            return []
        }
        return [.changeLimit(LimitOrder(scope: row.scope, name: row.name, key: row.key, value: value))]
    }
}
