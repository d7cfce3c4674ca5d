import Core

/// Asks before the last step of the run under way is done once more, and says what that may cost.
struct RedoDialog: Dialog {
    private enum Price: Sendable, Hashable {
        case asked
        case failed(String)
        /// nil when a model has no price.
        case known(Money?)
    }

    var form = Form([.buttons(["Cancel", "Redo it"], selected: 0)])
    private var price = Price.asked
    private let step: String
    /// The step that is stopped for it; nil when none is under way.
    private let stopped: String?

    init(run: RunProgress, target: Int) {
        step = run.steps[target].name
        stopped = run.isHeld || run.current == target ? nil : run.currentStep?.name
    }

    var title: String { "Redo \(step)" }
    var acceptLabel: String { "choose" }

    func intro(_ state: DashboardState) -> [DialogNote] {
        let stop = stopped.map { " \($0) is stopped, and begins again after it." } ?? ""
        return [
            DialogNote("\(step) is asked again, past the cache; its new answers replace what it wrote.\(stop)"), cost,
        ]
    }

    private var cost: DialogNote {
        switch price {
        case .asked: DialogNote("Working out what it may cost.", .muted)
        case .failed(let message): DialogNote(message, .bad)
        case .known(nil): DialogNote("What it costs cannot be known: a model has no price.", .warning)
        case .known(.some(.zero)): DialogNote("It costs nothing.", .good)
        case .known(.some(let most)): DialogNote("It costs at most $\(Figures.dollars(most)).", .warning)
        }
    }

    mutating func receive(_ event: DashboardEvent) -> Bool {
        switch event {
        case .redoPriced(let most): price = .known(most)
        case .failed(let message): price = .failed(message)
        default: break
        }
        return false
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        form.selected(0) == 1 ? [.steer(.redo, in: state.followed)] : []
    }
}
