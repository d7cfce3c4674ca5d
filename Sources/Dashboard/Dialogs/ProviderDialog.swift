import Core
import Metering
import Studio
import Terminal

/// Switches the provider and model of a role, from its next request on.
struct ProviderDialog: Dialog {
    let row: Status.RoleRow
    var form = Form()
    private var choices: ProviderChoices?
    /// What the servers said so far, by the provider's name.
    private var offers: [String: ProviderOffer] = [:]
    /// What models cost that were typed and that nobody lists.
    private var typed: [ModelQuote] = []
    /// What the models have to have in their names.
    private var filter = ""
    private var problem: String?

    private let glyphs: Glyphs

    init(row: Status.RoleRow, glyphs: Glyphs) {
        self.row = row
        self.glyphs = glyphs
    }

    var title: String { "Provider of \(row.role.rawValue)" }
    var acceptLabel: String { "switch" }

    private var words: ProviderWords { ProviderWords(role: row.role, sample: choices?.request, glyphs: glyphs) }

    private enum Place { static let provider = 0, model = 1, models = 2 }

    private var all: [ProviderChoice] { choices?.all ?? [] }
    private var choice: ProviderChoice? {
        all.indices.contains(form.selected(Place.provider)) ? all[form.selected(Place.provider)] : nil
    }
    /// Whether the last entry is selected, which takes the live change back.
    private var isReset: Bool { row.isOverridden && !all.isEmpty && form.selected(Place.provider) == all.count }

    // MARK: What it says

    func intro(_ state: DashboardState) -> [DialogNote] {
        if all.isEmpty { return [DialogNote(problem ?? "Looking at the providers.", .muted)] }
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
        let last = DialogNote("A call under way finishes on the old one; the next uses the new.", .muted)
        if let problem, !all.isEmpty { return [DialogNote(problem, .bad)] }
        guard let choice else { return [last] }
        return words.notes(on: choice, offers[choice.name]) + unlisted(choice) + [
            DialogNote(words.request, .muted), last,
        ]
    }

    /// What is known of a model that was typed and that stands in no list.
    private func unlisted(_ choice: ProviderChoice) -> [DialogNote] {
        let model = form.text(Place.model)
        guard !model.isEmpty, form.focus == Place.model, !models.contains(where: { $0.model == model }) else {
            return []
        }
        var notes = typed.last { $0.model == model }.map { [words.note(on: $0)] } ?? []
        if offers[choice.name]?.health.has(model) == false {
            let others = models.isEmpty ? "" : ", Tab chooses from the list"
            notes.append(
                DialogNote("\(choice.name) lists no \(model): Enter asks for it all the same\(others).", .warning))
        }
        return notes
    }

    // MARK: What comes in

    mutating func receive(_ event: DashboardEvent) -> Bool {
        switch event {
        case .choices(let choices) where choices.role == row.role && choices.kind == row.kind: show(choices)
        case .offered(row.role, row.kind, let offer):
            offers[offer.health.provider] = offer
            layOut()
        case .quoted(row.role, row.kind, let provider, let quote) where provider == choice?.name:
            typed.append(quote)
            layOut()
        case .failed(let message): problem = message
        default: break
        }
        return false
    }

    private mutating func show(_ choices: ProviderChoices) {
        self.choices = choices
        guard !all.isEmpty else {
            problem =
                "No provider for \(row.kind.rawValue) is configured: providers.\(row.kind.rawValue) in config.yml."
            return
        }
        form = Form([.list([], selected: all.firstIndex(where: \.isCurrent) ?? 0)])
        layOut()
    }

    /// The models to choose from: those that the configuration names, then what the server lists, as far as they have
    /// what was typed.
    private var models: [ModelQuote] {
        guard let choice else { return [] }
        let configured = choice.configuredModels
        let names = Set(configured.map(\.model))
        let listed = (offers[choice.name]?.quotes ?? []).filter { !names.contains($0.model) }
        guard !filter.isEmpty else { return configured + listed }
        let wanted = filter.lowercased()
        return (configured + listed).filter { $0.model.lowercased().contains(wanted) }
    }

    /// Puts what is known into the fields; what was typed and selected stays.
    private mutating func layOut() {
        let selected = form.selected(Place.provider)
        var options = all.map { words.option($0, offers[$0.name]) }
        if row.isOverridden { options.append(Form.Option(text: "as config.yml says", detail: "takes the change back")) }
        form.titles = [Place.provider: ["provider, model", "call", "in/out per M", "request", "state"]]
        var fields: [Form.Field] = [.list(options, selected: selected)]
        if let choice {
            let hint = choice.model.map { "\($0.model) (type to filter or name another)" }
            var input = TextInput()
            if form.fields.indices.contains(Place.model), case .text(_, let kept, _) = form.fields[Place.model] {
                input = kept
            }
            fields.append(.text(label: "model", input, placeholder: hint ?? "none configured: type one"))
            let models = models
            if !models.isEmpty {
                let place = max(0, min(form.selected(Place.models), models.count - 1))
                fields.append(.list(models.map { words.option($0, isCurrent: isCurrent($0, choice)) }, selected: place))
            }
        }
        form.fields = fields
        form.focus = min(form.focus, fields.count - 1)
    }

    private func isCurrent(_ quote: ModelQuote, _ choice: ProviderChoice) -> Bool {
        choice.isCurrent && quote.model == row.model
    }

    // MARK: What is done

    mutating func formChanged(_ state: DashboardState) -> [Effect] {
        problem = nil
        var effects: [Effect] = []
        switch form.focus {
        case Place.provider:
            // Another provider brings its own model.
            (filter, typed) = ("", [])
            form.setText(Place.model, "")
            form.select(0, in: Place.models)
        case Place.model:
            filter = form.text(Place.model)
            form.select(0, in: Place.models)
            effects = pricing
        default:
            if let quote = selectedModel { form.setText(Place.model, quote.model) }
        }
        layOut()
        return effects
    }

    /// Asks what a typed model costs that nobody lists.
    private var pricing: [Effect] {
        guard let choice, !filter.isEmpty, !models.contains(where: { $0.model == filter }) else { return [] }
        return [.quote(row.role, kind: row.kind, provider: choice.name, model: filter)]
    }

    private var selectedModel: ModelQuote? {
        let place = form.selected(Place.models)
        return form.fields.count > Place.models && models.indices.contains(place) ? models[place] : nil
    }

    /// The model that Enter takes; nil when there is none.
    private var wantedModel: String? {
        if form.focus == Place.models, let selectedModel { return selectedModel.model }
        return form.text(Place.model).isEmpty ? choice?.model?.model : form.text(Place.model)
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        if isReset { return [.resetRole(row.role)] }
        var open = self
        defer { state.dialog = open.problem == nil && choice != nil ? nil : open }
        guard let choice else { return [] }
        open.problem = obstacle(choice)
        guard open.problem == nil, let model = wantedModel else { return [] }
        if choice.isCurrent, model == row.model {
            state.say("\(row.role.rawValue) uses \(choice.name) \(model) already.")
            return []
        }
        return [
            .switchRole(
                row.role, kind: row.role.kinds.count > 1 ? row.kind : nil, provider: choice.name,
                model: model == choice.model?.model ? nil : model)
        ]
    }

    /// Why the choice cannot be taken; nil when it can.
    private func obstacle(_ choice: ProviderChoice) -> String? {
        if !choice.isReady { return choice.problem ?? "\(choice.name) cannot be asked." }
        return wantedModel == nil ? "\(choice.name) has no model: type one, or choose from its list." : nil
    }
}
