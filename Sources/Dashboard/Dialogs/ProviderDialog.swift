import Core
import Studio

/// Switches the provider and model of a role, from its next request on.
struct ProviderDialog: Dialog {
    let row: Status.RoleRow
    var form = Form()
    private var choices: [ProviderChoice] = []
    private var problem: String?

    init(row: Status.RoleRow) { self.row = row }

    var title: String { "Provider of \(row.role.rawValue)" }
    var acceptLabel: String { "switch" }

    func intro(_ state: DashboardState) -> [DialogNote] {
        if choices.isEmpty { return [DialogNote(problem ?? "Looking at the providers.", .muted)] }
        let now = "Now \(row.provider)\(row.model.map { " " + $0 } ?? ""), from \(origin)."
        return [DialogNote(now, .muted)]
    }

    private var origin: String {
        switch row.source {
        case "override": "a live change"
        case "flag": "the command line"
        case "role": "its own setting in config.yml"
        default: "the default in config.yml"
        }
    }

    func notes(_ state: DashboardState) -> [DialogNote] {
        guard let problem, !choices.isEmpty else {
            return [DialogNote("A call under way finishes on the old one; the next uses the new.", .muted)]
        }
        return [DialogNote(problem, .bad)]
    }

    private var choice: ProviderChoice? {
        choices.indices.contains(form.selected(0)) ? choices[form.selected(0)] : nil
    }

    /// Whether the last entry is selected, which takes the live change back.
    private var isReset: Bool { row.isOverridden && form.selected(0) == choices.count }

    mutating func receive(_ event: DashboardEvent) -> Bool {
        switch event {
        case .choices(row.role, row.kind, let choices): show(choices)
        case .failed(let message): problem = message
        default: break
        }
        return false
    }

    private mutating func show(_ choices: [ProviderChoice]) {
        self.choices = choices
        guard !choices.isEmpty else {
            problem =
                "No provider for \(row.kind.rawValue) is configured: providers.\(row.kind.rawValue) in config.yml."
            return
        }
        let selected = choices.firstIndex(where: \.isCurrent) ?? 0
        var options = choices.map(Self.option)
        if row.isOverridden { options.append(Form.Option(text: "as config.yml says", detail: "takes the change back")) }
        let model = choices[selected].isCurrent ? row.model : choices[selected].model
        form = Form([
            .list(options, selected: selected),
            .text(label: "model", TextInput(model ?? ""), placeholder: "none configured: type one"),
        ])
    }

    private static func option(_ choice: ProviderChoice) -> Form.Option {
        let name = choice.name == choice.type ? choice.name : "\(choice.name) (\(choice.type))"
        let current = choice.isCurrent ? " *" : ""
        if let problem = choice.problem { return Form.Option(text: name + current, detail: problem, isProblem: true) }
        return Form.Option(text: name + current, detail: "\(choice.model ?? "no model"), \(price(choice))")
    }

    private static func price(_ choice: ProviderChoice) -> String {
        guard let input = choice.inputPrice, let output = choice.outputPrice else { return "no price" }
        guard input > .zero || output > .zero else { return "free" }
        return "$\(Figures.dollars(input * 1_000_000))/$\(Figures.dollars(output * 1_000_000)) per M tokens"
    }

    mutating func formChanged(_ state: DashboardState) -> [Effect] {
        problem = nil
        // Another provider brings its own model; typing keeps what is typed.
        if form.focus == 0 { form.setText(1, isReset ? "" : choice?.model ?? "") }
        return []
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        if isReset { return [.resetRole(row.role)] }
        var open = self
        guard let choice else {
            state.dialog = open
            return []
        }
        let model = form.text(1)
        if !choice.isReady, model == choice.model ?? "" {
            open.problem = choice.problem ?? "\(choice.name) cannot be asked."
            state.dialog = open
            return []
        }
        return [
            .switchRole(
                row.role, kind: row.role.kinds.count > 1 ? row.kind : nil, provider: choice.name,
                model: model.isEmpty || model == choice.model ? nil : model)
        ]
    }
}
