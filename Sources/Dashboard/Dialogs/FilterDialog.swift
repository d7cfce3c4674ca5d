/// Says which rows of a pane's list are shown.
struct FilterDialog: Dialog {
    var form: Form
    private let pane: Pane.ID

    init(pane: Pane.ID, filter: String) {
        self.pane = pane
        form = Form([.text(label: "has", TextInput(filter), placeholder: "words that a row has to have, all of them")])
    }

    var title: String { "Filter the list" }
    var acceptLabel: String { "filter" }

    func notes(_ state: DashboardState) -> [DialogNote] { [DialogNote("Nothing typed shows all of them.", .muted)] }

    func accept(_ state: inout DashboardState) -> [Effect] {
        state.tables[pane, default: TableChoice()].filter = form.text(0)
        return []
    }
}
