import Core
import Studio

/// Orders a run: which loop, about what, how many scenes; shows the most that it may cost and so is its own
/// confirmation.
struct GenerateDialog: Dialog {
    /// What is known of the price of an order.
    private enum Price: Sendable, Hashable {
        case asked
        case failed(String)
        /// nil when a model has no price.
        case known(Money?)
    }

    var form: Form
    private var price = Price.asked
    /// Whether Enter came before the price.
    private var waits = false

    private var loops: [Loop]

    init(last: GenerateOrder, loops: [Loop]) {
        self.loops = loops
        form = Self.form(last, loops)
    }

    private static func form(_ order: GenerateOrder, _ loops: [Loop]) -> Form {
        Form([
            .choice(
                label: "loop", loops.map(\.title), selected: loops.firstIndex { $0.name == order.loop } ?? 0),
            .text(label: "brief", TextInput(order.brief ?? ""), placeholder: "the project's own brief"),
            .text(
                label: "scenes", TextInput(order.count.map(String.init) ?? "", isNumber: true, limit: 3),
                placeholder: "as many as the loop plans"),
        ])
    }

    var title: String { "Generate" }
    var acceptLabel: String { "start" }

    private var loop: Loop? { loops.indices.contains(form.selected(0)) ? loops[form.selected(0)] : nil }

    var order: GenerateOrder {
        let brief = form.text(1)
        return GenerateOrder(
            loop: loop?.name ?? "", brief: brief.isEmpty ? nil : brief, count: Int(form.text(2)))
    }

    /// What is wrong with the order; nil when it can be run.
    private var problem: String? {
        guard let count = order.count else { return nil }
        let range = Loop.countRange
        return range.contains(count) ? nil : "\(range.lowerBound) to \(range.upperBound) scenes can be drafted."
    }

    func notes(_ state: DashboardState) -> [DialogNote] {
        guard let loop else { return [cost] }
        let parts = loop.madeOf.isEmpty ? loop.steps.map(\.name) : loop.madeOf
        let planned = loop.count.map { " It plans \($0) scenes unless told." } ?? ""
        return [
            DialogNote(loop.about + planned), DialogNote(parts.joined(separator: " → "), .muted), DialogNote(""), cost,
        ]
    }

    private var cost: DialogNote {
        if let problem { return DialogNote(problem, .bad) }
        switch price {
        case .asked: return DialogNote("Working out what it may cost.", .muted)
        case .failed(let message): return DialogNote(message, .bad)
        case .known(nil):
            return DialogNote("What it costs cannot be known: a model has no price in config.yml.", .warning)
        case .known(.some(.zero)): return DialogNote("It costs nothing.", .good)
        case .known(.some(let most)):
            return DialogNote(
                "It costs at most $\(Figures.dollars(most)); hits in the cache cost nothing. Tries that are made again, and "
                    + "fallbacks, come on top.", .warning)
        }
    }

    mutating func formChanged(_ state: DashboardState) -> [Effect] {
        price = .asked
        waits = false
        return problem == nil ? [.price(order)] : []
    }

    mutating func receive(_ event: DashboardEvent) -> Bool {
        switch event {
        case .priced(order, let most):
            price = .known(most)
            return waits
        case .loops(let loops) where loops != self.loops:
            form = Self.form(self.order, loops)
            self.loops = loops
        case .failed(let message):
            price = .failed(message)
            waits = false
        default: break
        }
        return false
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        guard problem == nil, price != .asked else {
            var open = self
            open.waits = problem == nil
            state.dialog = open
            return []
        }
        state.lastOrder = order
        state.isRunOrdered = true
        state.message = nil
        return [.run(order)]
    }
}
