import Core

/// Answers what a role asks. Nothing else waits for it; closed without an answer it can be opened again.
struct QuestionDialog: Dialog {
    let question: WriterQuestion
    var form: Form
    private var problem: String?

    init(_ question: WriterQuestion) {
        self.question = question
        let text = Form.Field.text(
            label: "answer", TextInput(),
            placeholder: question.suggestions.isEmpty ? "your answer" : "or your own answer")
        let options = question.suggestions.map { Form.Option(text: $0) }
        form = Form(options.isEmpty ? [text] : [.list(options, selected: 0), text])
    }

    var title: String { "\(question.role.rawValue) asks" }
    var acceptLabel: String { "answer" }

    func intro(_ state: DashboardState) -> [DialogNote] { [DialogNote(question.text, .strong)] }

    func notes(_ state: DashboardState) -> [DialogNote] {
        if let problem { return [DialogNote(problem, .bad)] }
        return [
            DialogNote(
                "\(question.step) waits for it, and goes on with your answer. Esc: later, i opens it again.", .muted)
        ]
    }

    mutating func formChanged(_ state: DashboardState) -> [Effect] {
        problem = nil
        return []
    }

    private var answer: String {
        let typed = form.text(form.fields.count - 1)
        guard typed.isEmpty, !question.suggestions.isEmpty else { return typed }
        return question.suggestions[min(form.selected(0), question.suggestions.count - 1)]
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        guard !answer.isEmpty, answer.utf8.count <= SteeringOrder.mostBytes else {
            var open = self
            open.problem = answer.isEmpty ? "Type an answer." : "It is too long."
            state.dialog = open
            return []
        }
        return [.steer(.answer(question: question.id, text: answer), in: state.followed)]
    }
}
