/// Says what is looked for in the text that is read.
struct FindDialog: Dialog {
    var form: Form

    init(_ text: String) {
        form = Form([.text(label: "find", TextInput(text), placeholder: "words, in whichever case")])
    }

    var title: String { "Find in the text" }
    var acceptLabel: String { "find" }

    func notes(_ state: DashboardState) -> [DialogNote] {
        [DialogNote("f goes to the next place that has it, F to the one before. Nothing typed ends it.", .muted)]
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        state.find(form.text(0))
        return []
    }
}
