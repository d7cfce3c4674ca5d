import Core
import Studio

/// Orders a run: which loop, or what for, about what, how many scenes; shows what it may cost and so is its own
/// confirmation. For a goal the showrunner picks the loop first, which Enter then starts.
struct GenerateDialog: Dialog {
    /// What is known of the price of an order.
    private enum Price: Sendable, Hashable {
        case asked
        case failed(String)
        case known(CostEstimate)
    }

    var form: Form
    private var price = Price.asked
    /// Whether Enter came before the price.
    private var waits = false
    /// Whether the showrunner is picking a loop.
    private var isChoosing = false
    /// The loop that was picked for a goal.
    private var choice: LoopChoice?
    /// The goal that it was picked for.
    private var chosenFor: String?

    private var loops: [Loop]

    init(last: GenerateOrder, loops: [Loop]) {
        self.loops = loops
        form = Self.form(last, loops)
    }

    private static func form(_ order: GenerateOrder, _ loops: [Loop]) -> Form {
        Form([
            .choice(
                label: "loop", loops.map(\.title) + ["What serves the goal"],
                selected: loops.firstIndex { $0.name == order.loop } ?? 0),
            .text(label: "brief", TextInput(order.brief ?? ""), placeholder: "the project's own brief"),
            .text(
                label: "scenes", TextInput(order.count.map(String.init) ?? "", isNumber: true, limit: 3),
                placeholder: "as many as the loop plans"),
            .text(label: "goal", TextInput(order.goal ?? ""), placeholder: "none; the first step reads it"),
        ])
    }

    var title: String { "Generate" }
    var acceptLabel: String { loop == nil ? "pick a loop" : "start" }

    /// nil where the showrunner shall pick one.
    private var loop: Loop? { loops.indices.contains(form.selected(0)) ? loops[form.selected(0)] : nil }

    var order: GenerateOrder {
        let (goal, brief) = (form.text(3), form.text(1))
        return GenerateOrder(
            loop: loop?.name ?? "", goal: goal.isEmpty ? nil : goal, brief: brief.isEmpty ? nil : brief,
            count: Int(form.text(2)))
    }

    /// What is wrong with the order; nil when it can be run.
    private var problem: String? {
        if loop == nil, form.text(3).isEmpty { return "Type a goal: the showrunner picks the loop that serves it." }
        guard let count = order.count else { return nil }
        let range = Loop.countRange
        return range.contains(count) ? nil : "\(range.lowerBound) to \(range.upperBound) scenes can be drafted."
    }

    func notes(_ state: DashboardState) -> [DialogNote] {
        guard let loop else { return [picking] }
        let parts = loop.madeOf.isEmpty ? loop.steps.map(\.name) : loop.madeOf
        let planned = loop.count.map { " It plans \($0) scenes unless told." } ?? ""
        var notes = [DialogNote(loop.about + planned), DialogNote(parts.joined(separator: " → "), .muted)]
        if let choice, choice.loop == loop.name, chosenFor == form.text(3), !choice.reason.isEmpty {
            notes.insert(DialogNote("The showrunner picked it: \(choice.reason)", .accent), at: 0)
        }
        return notes + [DialogNote(""), cost]
    }

    private var picking: DialogNote {
        if let problem { return DialogNote(problem, .bad) }
        if case .failed(let message) = price { return DialogNote(message, .bad) }
        guard isChoosing else {
            return DialogNote("Enter has the showrunner pick the loop, in one request. Nothing else is started yet.")
        }
        return DialogNote("The showrunner picks a loop.", .muted)
    }

    private var cost: DialogNote {
        if let problem { return DialogNote(problem, .bad) }
        switch price {
        case .asked: return DialogNote("Working out what it may cost.", .muted)
        case .failed(let message): return DialogNote(message, .bad)
        case .known(let estimate): return DialogNote(estimate)
        }
    }

    mutating func formChanged(_ state: DashboardState) -> [Effect] {
        price = .asked
        waits = false
        isChoosing = false
        return problem == nil && loop != nil ? [.price(order)] : []
    }

    mutating func receive(_ event: DashboardEvent) -> Bool {
        switch event {
        case .priced(order, let estimate):
            price = .known(estimate)
            return waits
        case .loopChosen(let choice) where isChoosing: take(choice)
        case .loops(let loops) where loops != self.loops && !isChoosing:
            form = Self.form(self.order, loops)
            self.loops = loops
        case .failed(let message):
            price = .failed(message)
            waits = false
            isChoosing = false
        default: break
        }
        return false
    }

    private mutating func take(_ choice: LoopChoice) {
        isChoosing = false
        guard let place = loops.firstIndex(where: { $0.name == choice.loop }) else { return }
        (self.choice, chosenFor) = (choice, form.text(3))
        form.choose(place, in: 0)
        price = .asked
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        var open = self
        guard problem == nil else {
            state.dialog = open
            return []
        }
        guard loop != nil else {
            open.isChoosing = true
            open.price = .asked
            state.dialog = open
            return isChoosing ? [] : [.chooseLoop(goal: form.text(3))]
        }
        guard price != .asked else {
            open.waits = true
            state.dialog = open
            return []
        }
        state.lastOrder = order
        state.isRunOrdered = true
        state.message = nil
        return [.run(order)]
    }
}

extension DialogNote {
    /// What a run may cost, the likely amount beside the most.
    fileprivate init(_ estimate: CostEstimate) {
        switch (estimate.most, estimate.likely) {
        case (nil, _):
            self.init("What it costs cannot be known: a model has no price in config.yml.", .warning)
        case (.some(.zero), _): self.init("It costs nothing.", .good)
        case (.some(let most), let likely):
            let expected = likely.map { ", likely $\(Figures.dollars($0)) (\(estimate.basis.words))" } ?? ""
            self.init(
                "It costs at most $\(Figures.dollars(most))\(expected); hits in the cache cost nothing. Tries that are made "
                    + "again, and fallbacks, come on top.", .warning)
        }
    }
}
