/// Offers to make a workspace when there is none.
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

    init(place: String) {
        form = Form([.text(label: "place", TextInput(place), placeholder: "a folder, made when it is not there")])
    }

    var title: String { "Welcome to QuestFoundry" }
    var acceptLabel: String { isWarned ? "make it there" : "make it" }
    var closeEffects: [Effect] { [.quit(.quit)] }

    private var place: String { form.text(0) }
    /// The effect that asks what lies around the place.
    var checking: Effect { .checkPlace(place) }

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
        guard let checkout, checked == place else {
            return [DialogNote("It starts with the embedded provider, which needs no key and costs nothing.", .muted)]
        }
        return [
            DialogNote(
                "This place lies in the source checkout \(checkout): the story would stand among its files. "
                    + "Enter makes it there all the same.", .warning)
        ]
    }

    mutating func formChanged(_ state: DashboardState) -> [Effect] {
        phase = .editing
        isWarned = false
        return [checking]
    }

    mutating func receive(_ event: DashboardEvent) -> Bool {
        switch event {
        case .placeChecked(place, let checkout):
            checked = place
            self.checkout = checkout
            defer { if phase == .checking { phase = .editing } }
            if checkout == nil { return phase == .checking }
            isWarned = true
        case .failed(let message): phase = .failed(message)
        default: break
        }
        return false
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        var open = self
        defer { state.dialog = open }
        guard !place.isEmpty, phase != .making, phase != .checking else { return [] }
        guard checked == place else {
            open.phase = .checking
            return [checking]
        }
        open.phase = .making
        return [.makeWorkspace(place)]
    }
}
