import Core
import Studio
import Terminal

extension Pane.ID {
    static let cost: Pane.ID = "cost"
}

extension Pane {
    /// What it costs, against what it may cost.
    static let cost = Pane(
        id: .cost, key: "4", title: "Cost", shape: .figures, motion: .scrolls, minimumWidth: 26,
        content: { CostPane(context: $0).content },
        zoom: CostZoom.self)
}

private struct CostPane {
    var context: PaneContext

    private var width: Int { context.size.width }

    var content: PaneContent {
        guard let status = context.state.status else {
            return PaneContent(lines: context.explanation("Nothing is spent without a workspace."))
        }
        let costs = status.costs
        var lines = [plain("session", costs.session)]
        lines += sum("today", costs.today, global(status, "day"))
        lines += sum("month", costs.month, global(status, "month"))
        let others = status.budgets.filter { !($0.scope == .global && ["day", "month"].contains($0.period)) }
        lines += burn(costs) + estimated(costs)
        lines += others.flatMap { budget($0, label: "\($0.name ?? $0.scope.rawValue)/\($0.period)") }
        lines.append(plain("all", costs.all))
        if status.budgets.isEmpty {
            lines += context.explanation("no budget: cost_per_day under rate_limiting in config.yml")
        }
        return PaneContent(footer: "saved $\(Figures.dollars(costs.saved))", lines: lines)
    }

    private func global(_ status: Status, _ period: String) -> [Status.Budget] {
        status.budgets.filter { $0.period == period && $0.scope == .global }
    }

    private func plain(_ label: String, _ money: Money) -> Line {
        Line([Span(label, .muted)], trailing: [Span("$" + Figures.dollars(money), .strong)])
    }

    private func sum(_ label: String, _ money: Money, _ budgets: [Status.Budget]) -> [Line] {
        budgets.isEmpty ? [plain(label, money)] : budgets.flatMap { budget($0, label: label) }
    }

    /// How much of a budget is spent, when it starts anew or runs out.
    private func budget(_ budget: Status.Budget, label: String) -> [Line] {
        let used = budget.spent + budget.reserved
        let share = budget.limit > .zero ? Double(used.picodollars) / Double(budget.limit.picodollars) : 1
        let figure = "\(Figures.dollars(used))/\(Figures.dollars(budget.limit))"
        let tone: Tone = share >= 1 ? .bad : budget.alert != nil ? .warning : .strong
        let labelWidth = displayWidth(label)
        let gaugeWidth = min(24, width - labelWidth - figure.count - 2)
        let gauge = gaugeWidth >= 3 ? [Span(" "), Span(.gauge(fraction: share, alarm: share, width: gaugeWidth))] : []
        let line = Line([Span(label, .muted)] + gauge, trailing: [Span(figure, tone)])
        return [line, Line([Span("  " + outlook(budget), .muted)])]
    }

    /// When the budget runs out, as a range, or that it lasts until its reset; as fully as there is room.
    private func outlook(_ budget: Status.Budget) -> String {
        let untilReset = Figures.duration(budget.resetsAt - context.state.now)
        guard budget.remaining > .zero else { return "spent: resets in \(untilReset)" }
        guard let range = budget.exhaustedAt else {
            return fitting(["lasts until reset in \(untilReset)", "lasts until reset", "lasts"])
        }
        let earliest = moment(range.earliest)
        let latest = range.latest >= budget.resetsAt ? "reset" : moment(range.latest)
        let times = earliest == latest ? earliest : "\(earliest)-\(latest)"
        return fitting(["runs out \(times)", "out \(times)", "out \(earliest)"])
    }

    /// The first text that fits behind its indent; the last one where none does.
    private func fitting(_ texts: [String]) -> String {
        texts.first { displayWidth($0) + 2 <= width } ?? texts.last ?? ""
    }

    /// The time of day; from a day ahead on, how far it is.
    private func moment(_ wall: Int64) -> String {
        let left = wall - context.state.now
        guard left < 86_400_000_000 else { return "in \(Figures.duration(left))" }
        return Figures.clock(wall, utcOffset: context.state.utcOffset, withSeconds: false)
    }

    private func burn(_ costs: Status.Costs) -> [Line] {
        guard let burn = costs.burnPerHour else { return [] }
        let figure = "$\(Figures.dollars(burn))/h"
        let room = max(0, width - displayWidth(figure) - 2)
        let rates = Array(context.state.burnRates.suffix(room))
        return [Line([Span(figure, .strong), Span("  "), Span(.sparkline(rates, width: rates.count))])]
    }

    private func estimated(_ costs: Status.Costs) -> [Line] {
        guard costs.estimatedPart > .zero else { return [] }
        return [
            Line([Span("estimated", .muted)], trailing: [Span("~$" + Figures.dollars(costs.estimatedPart), .warning)])
        ]
    }
}
