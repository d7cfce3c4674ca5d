import Configuration
import Core
import Studio

/// Offers to make a workspace when there is none, and what it could write with.
struct FirstRunDialog: Dialog {
    /// How far the making has come.
    private enum Phase: Sendable, Hashable {
        case editing
        /// Enter came before it was known what lies around the place.
        case checking
        case making
        case failed(String)
    }

    var form: Form
    private var phase = Phase.editing
    /// The place that was looked at last, and the source checkout that it lies in.
    private var checked: String?
    private var checkout: String?
    /// Whether the writer has read that the place lies in a source checkout.
    private var isWarned = false
    /// The embedded provider first, which is always there.
    private var offers = [ProviderScout.Offer(.embedded)]

    init(place: String) {
        form = Form([
            .text(label: "place", TextInput(place), placeholder: "a folder, made when it is not there"),
            .choice(label: "writes", ["embedded"], selected: 0),
        ])
    }

    var title: String { "Welcome to QuestFoundry" }
    var acceptLabel: String { isWarned ? "make it there" : "make it" }
    var closeEffects: [Effect] { [.quit(.quit)] }

    private var place: String { form.text(0) }
    private var offer: ProviderScout.Offer { offers[min(form.selected(1), offers.count - 1)] }
    /// The effects that ask what lies around the place, and what could write.
    var asking: [Effect] { [.checkPlace(place), .scoutProviders] }

    func intro(_ state: DashboardState) -> [DialogNote] {
        [
            DialogNote("A story lives in a workspace: a folder with its text, its settings and its books.", nil),
            DialogNote("There is none around the current folder. Enter makes one here; Esc leaves.", .muted),
        ]
    }

    func notes(_ state: DashboardState) -> [DialogNote] {
        switch phase {
        case .making: return [DialogNote("Making it.", .muted)]
        case .failed(let message): return [DialogNote(message, .bad)]
        case .checking, .editing: break
        }
        return [about] + seen + warning
    }

    private var about: DialogNote {
        let name = offer.type.rawValue
        if let variable = offer.variable {
            return DialogNote(
                "\(name) writes with the key in \(variable), which stays there. \(name) bills what it writes.", .warning
            )
        }
        guard offer.type != .embedded else {
            return DialogNote("It starts with the embedded provider, which needs no key and costs nothing.", .muted)
        }
        let model = offer.model.map { " with \($0.visible())" } ?? ""
        return DialogNote("The \(name) on this machine writes\(model); that costs nothing.", .muted)
    }

    private var seen: [DialogNote] {
        let found = offers.compactMap { $0.variable ?? $0.models.map { "Ollama with \($0) models" } }
        guard !found.isEmpty else { return [] }
        return [DialogNote("Seen here: \(found.joined(separator: ", ")). In writes, ← and → choose.", .muted)]
    }

    private var warning: [DialogNote] {
        guard let checkout, checked == place else { return [] }
        return [
            DialogNote(
                "This place lies in the source checkout \(checkout): the story would stand among its files. "
                    + "Enter makes it there all the same.", .warning)
        ]
    }

    mutating func formChanged(_ state: DashboardState) -> [Effect] {
        phase = .editing
        guard checked != place else { return [] }
        isWarned = false
        return [.checkPlace(place)]
    }

    mutating func receive(_ event: DashboardEvent) -> Bool {
        switch event {
        case .placeChecked(place, let checkout):
            checked = place
            self.checkout = checkout
            defer { if phase == .checking { phase = .editing } }
            if checkout == nil { return phase == .checking }
            isWarned = true
        case .offers(let found): offer(found)
        case .failed(let message): phase = .failed(message)
        default: break
        }
        return false
    }

    /// What is chosen stays chosen.
    private mutating func offer(_ found: [ProviderScout.Offer]) {
        let chosen = offer
        offers = [ProviderScout.Offer(.embedded)] + found
        let selected = offers.firstIndex { $0.type == chosen.type } ?? 0
        form.fields[1] = .choice(label: "writes", offers.map(\.type.rawValue), selected: selected)
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        var open = self
        defer { state.dialog = open }
        guard !place.isEmpty, phase != .making, phase != .checking else { return [] }
        guard checked == place else {
            open.phase = .checking
            return [.checkPlace(place)]
        }
        open.phase = .making
        return [.makeWorkspace(place, offer)]
    }
}
