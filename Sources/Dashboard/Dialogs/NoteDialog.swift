import Core

/// Takes words for the next step of the run under way.
struct NoteDialog: Dialog {
    var form: Form
    private var problem: String?
    /// The step that will read it, as far as is known.
    private let reader: String

    init(run: RunProgress?) {
        form = Form([.text(label: "note", TextInput(), placeholder: "what the next step should keep in mind")])
        var next = (run?.current ?? -1) + 1
        if case .held(let held, _) = run?.hold { next = held }
        let steps = run?.steps ?? []
        reader = steps.indices.contains(next) ? steps[next].name : "the next step that asks a model"
    }

    var title: String { "Note for the next step" }
    var acceptLabel: String { "note" }

    func notes(_ state: DashboardState) -> [DialogNote] {
        if let problem { return [DialogNote(problem, .bad)] }
        return [DialogNote("It stands in the prompts of \(reader), and is kept with the run.", .muted)]
    }

    mutating func formChanged(_ state: DashboardState) -> [Effect] {
        problem = nil
        return []
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        let text = form.text(0)
        guard !text.isEmpty, text.utf8.count <= SteeringOrder.mostBytes else {
            var open = self
            open.problem = text.isEmpty ? "Type what the step should keep in mind." : "It is too long."
            state.dialog = open
            return []
        }
        return [.steer(.note(text), in: state.followed)]
    }
}
