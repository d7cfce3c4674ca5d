import Core
import Terminal

/// Finds an action by what is typed and does it; tells each action's key, and of one that can do nothing why.
struct PaletteDialog: Dialog {
    var form: Form
    private var found: [KeyBinding<Action>]

    init(_ state: DashboardState) {
        form = Form([
            .text(label: "find", TextInput(limit: 60), placeholder: "part of an action's name"), .list([], selected: 0),
        ])
        form.isFinder = true
        found = []
        find(in: state)
    }

    var title: String { "Command" }
    var acceptLabel: String { found.isEmpty ? "" : "do it" }

    func notes(_ state: DashboardState) -> [DialogNote] {
        guard let binding = selected else { return [DialogNote("No action is called like that.", .muted)] }
        return [state.obstacle(of: binding).map { DialogNote($0, .warning) } ?? DialogNote(binding.about, .muted)]
    }

    mutating func formChanged(_ state: DashboardState) -> [Effect] {
        if form.text(0) != sought { find(in: state) }
        return []
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        guard let binding = selected else {
            state.dialog = self
            return []
        }
        return state.run(binding)
    }

    private var selected: KeyBinding<Action>? {
        found.indices.contains(form.selected(1)) ? found[form.selected(1)] : nil
    }

    /// What the list was made for.
    private var sought = ""

    private mutating func find(in state: DashboardState) {
        sought = form.text(0)
        let scored = state.keymap.bindings.filter { $0.action != .palette }.enumerated().compactMap { place, binding in
            rank(binding, place).map { (binding, $0) }
        }
        found = scored.sorted { $0.1 < $1.1 }.map(\.0)
        form.fields[1] = .list(found.map { Self.option($0, state) }, selected: 0)
    }

    /// How far an action is from what is sought: by its names, of two the shorter first, then by what it is about.
    private func rank(_ binding: KeyBinding<Action>, _ place: Int) -> (cost: Int, length: Int, place: Int)? {
        guard !sought.isEmpty else { return (0, 0, place) }
        let name = Self.name(of: binding)
        let best = [binding.label, name].compactMap { Fuzzy.cost(of: sought, in: $0) }.min()
        let isAbout = sought.count >= 3 && binding.about.lowercased().contains(sought.lowercased())
        return best.map { ($0, name.count, place) } ?? (isAbout ? (.max, 0, place) : nil)
    }

    private static func name(of binding: KeyBinding<Action>) -> String {
        binding.action.name.replacing("_", with: " ")
    }

    private static func option(_ binding: KeyBinding<Action>, _ state: DashboardState) -> Form.Option {
        let name = name(of: binding)
        return Form.Option(
            text: state.obstacle(of: binding) == nil ? name : "\(name) (not now)",
            figures: [binding.names(state.glyphs)])
    }
}
