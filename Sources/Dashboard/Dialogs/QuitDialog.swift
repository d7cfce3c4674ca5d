/// Asks what becomes of the run under way.
struct QuitDialog: Dialog {
    var form = Form([.buttons(["Stay", "Quit when it is done", "Cancel it and quit"], selected: 0)])

    var title: String { "Quit" }
    var acceptLabel: String { "choose" }

    func intro(_ state: DashboardState) -> [DialogNote] {
        let loop = state.run?.loop ?? "A run"
        let text = state.isBusy ? "\(loop) is under way. What it has stored stays." : "The run has ended."
        return [DialogNote(text)]
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        switch form.selected(0) {
        case 1:
            guard state.isBusy else { return [.quit(.quit)] }
            state.quitsAfterRun = true
            state.say("The dashboard ends when the run is done.")
            return []
        case 2: return [.quit(.quit)]
        default:
            state.quitsAfterRun = false
            return []
        }
    }
}
