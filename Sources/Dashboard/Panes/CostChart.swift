import Core
import Metering
import Studio
import Terminal

/// What was spent hour by hour or day by day, against the budget.
struct CostChart {
    let context: PaneContext
    /// Which bars are wanted.
    let length: CostBar.Length
    /// The group whose part is shown; nil for all that was spent.
    let group: TallyGroup?
    let keys: [TallyKey]

    private var state: DashboardState { context.state }

    /// How many bars are read: a day of hours, a month of days.
    static func count(_ length: CostBar.Length) -> Int { length == .hour ? 24 : 31 }

    func lines(height: Int) -> [Line] {
        guard let bars = state.costBars[length]?.bars, !bars.isEmpty else { return [] }
        let values = bars.map { bar in
            BarChart.Bar(
                name: name(of: bar), value: Self.dollars(cost(of: bar)), tone: bar.end > state.now ? .accent : nil)
        }
        let chart = BarChart(
            bars: values, mark: mark, scale: { Self.text($0) }, glyphs: context.glyphs)
        let lines = chart.lines(width: context.size.width, height: height - 1)
        guard bars.contains(where: { $0.tallies.figures.cost > .zero }) else { return [] }
        // A group without a bar leaves the table where it is.
        return [title(bars)] + (lines.isEmpty ? Array(repeating: Line(), count: max(0, height - 1)) : lines)
    }

    private func cost(of bar: CostBar) -> Money {
        guard let group else { return bar.tallies.figures.cost }
        return bar.tallies.filter { tally in keys.map { tally.name(of: $0) } == group.names }.figures.cost
    }

    private func title(_ bars: [CostBar]) -> Line {
        let sum = bars.map(cost).reduce(.zero, +)
        let whose = group.map { $0.names.map { $0.isEmpty ? "-" : $0 }.joined(separator: " ") } ?? "all"
        let unit = length == .hour ? "hour" : "day"
        var parts: [[Span]] = [
            [Span(Wrapping.line(whose), .accent), Span(" by the \(unit)", .muted)],
            [Span("$" + Figures.dollars(sum), .strong), Span(" in \(bars.count) \(unit)s", .muted)],
        ]
        if let mark { parts.append([Span("\(context.glyphs.horizontal) \(mark.name)", .warning)]) }
        return Line(Line.joined(parts, separator: context.dot, width: context.size.width))
    }

    /// The day's budget; by the hour what an even spend would take of it.
    private var mark: BarChart.Mark? {
        let budget = state.status?.budgets.first { $0.scope == .global && $0.period == "day" }
        guard group == nil, let budget else { return nil }
        let day = Self.dollars(budget.limit)
        return length == .day
            ? BarChart.Mark(value: day, name: "budget $\(Figures.dollars(budget.limit)) a day")
            : BarChart.Mark(value: day / 24, name: "even pace of $\(Figures.dollars(budget.limit)) a day")
    }

    private func name(of bar: CostBar) -> String {
        if length == .hour {
            return String(Figures.clock(bar.start, utcOffset: state.utcOffset, withSeconds: false).prefix(2))
        }
        // The date is that of the day's middle, whenever days begin.
        return Figures.dayOfMonth((bar.start + bar.end) / 2, utcOffset: state.utcOffset)
    }

    private static func dollars(_ money: Money) -> Double { Double(money.picodollars) / 1e12 }

    private static func text(_ dollars: Double) -> String {
        "$" + Figures.dollars(Money(picodollars: Int128((min(dollars, 1e9) * 1e12).rounded())))
    }
}
