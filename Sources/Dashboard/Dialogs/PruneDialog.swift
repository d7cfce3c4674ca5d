import Core
import ResponseCache
import Studio

/// Removes entries from the cache: first which, then how many and how much, then a confirmation with Cancel first.
struct PruneDialog: Dialog {
    private static let week = 7 * 86_400

    var form: Form
    private let filters: [(name: String, filter: PruneFilter)]
    /// What the selected filter would remove; nil until it is known.
    private var plan: PruneResult?
    private var problem: String?
    /// Whether Enter has chosen the filter, so that the buttons stand there.
    private var isConfirming = false

    /// `entry` is offered first, where one is selected.
    init(providers: [String], entry: CachedEntry? = nil) {
        filters =
            (entry.map { [("entry \($0.key.prefix(12)) of \($0.provider)", .key($0.key))] } ?? [])
            + [("expired", .expired), ("older than 7 days", .olderThan(seconds: Self.week))]
            + providers.map { ("by provider \($0)", .provider($0)) } + [("everything", .everything)]
        form = Form([.list(filters.map { Form.Option(text: $0.name) }, selected: 0)])
    }

    var title: String { "Prune the cache" }
    var acceptLabel: String { isConfirming ? "confirm" : "choose" }

    private var selected: (name: String, filter: PruneFilter) { filters[min(form.selected(0), filters.count - 1)] }
    /// The effect that asks what the selected filter would remove.
    var planning: Effect { .planPrune(selected.filter) }

    func notes(_ state: DashboardState) -> [DialogNote] {
        if let problem { return [DialogNote(problem, .bad)] }
        guard let plan else { return [DialogNote("Counting.", .muted)] }
        guard plan.entries > 0 else { return [DialogNote("No entry is \(selected.name).", .muted)] }
        let amount = "\(Figures.entries(plan.entries)), \(Figures.bytes(plan.bytes))"
        return [DialogNote("It removes \(amount). What is removed is paid for again when it is asked for.", .warning)]
    }

    mutating func formChanged(_ state: DashboardState) -> [Effect] {
        guard form.focus == 0 else { return [] }
        plan = nil
        problem = nil
        isConfirming = false
        form.fields = [form.fields[0]]
        return [planning]
    }

    mutating func receive(_ event: DashboardEvent) -> Bool {
        switch event {
        case .prunePlanned(selected.filter, let plan): self.plan = plan
        case .failed(let message): problem = message
        default: break
        }
        return false
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        var open = self
        guard let plan, plan.entries > 0 else {
            state.dialog = open
            return []
        }
        guard isConfirming, form.focus == 1 else {
            open.isConfirming = true
            open.form.fields = [form.fields[0], .buttons(["Cancel", "Remove them"], selected: 0)]
            open.form.focus = 1
            state.dialog = open
            return []
        }
        return form.selected(1) == 1 ? [.prune(selected.filter)] : []
    }
}
