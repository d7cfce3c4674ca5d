import Terminal

/// Every key and what it does.
struct HelpDialog: Dialog {
    var form = Form()

    var title: String { "Keys" }
    var acceptLabel: String { "" }

    func intro(_ state: DashboardState) -> [DialogNote] {
        state.keymap.sections(state, state.glyphs).enumerated().flatMap { index, section in
            [DialogNote(index == 0 ? section.title : "\n" + section.title, .strong)]
                + section.rows.map { DialogNote($0.about, lead: $0.keys.fitted(to: 14, ellipsis: "") + " ") }
        }
    }

    func accept(_ state: inout DashboardState) -> [Effect] { [] }
}
