import Core
import Studio

/// A limit or a budget as a row of a table.
struct LimitRow: Sendable {
    var scope: Status.Scope
    var name: String?
    /// As the configuration spells it.
    var key: String
    /// Units, calls, or pico-dollars for a budget.
    var value: Int64
    /// How much is left of it, from 0 to 1.
    var share: Double
    var left: String
    var whole: String
    /// What calls under way have taken; units, calls, or pico-dollars.
    var reserved: Double
    var reservedText: String
    /// When there is more, and how many microseconds from now.
    var more: String
    var wait: Int64
    var waiting: Int
    var budget: Status.Budget?

    var title: String { name ?? scope.rawValue }
    /// Tells it from every other.
    var id: String { "\(scope.rawValue) \(title) \(key)" }
    /// The least that it can be set to.
    var least: Int64 { key == "max_concurrent" ? 1 : 0 }

    /// Every budget and limit; the closer to its end, the earlier.
    static func rows(of state: DashboardState) -> [LimitRow] { rows(of: state.status, now: state.now) }

    static func rows(of status: Status?, now: Int64) -> [LimitRow] {
        let budgets = (status?.budgets ?? []).map { LimitRow($0, now: now) }
        let limits = (status?.limits ?? []).map { LimitRow($0, now: now) }
        return (budgets + limits).enumerated()
            .sorted { ($0.element.share, $0.offset) < ($1.element.share, $1.offset) }.map(\.element)
    }

    /// The row that a change is most likely about: the one that the run waits for, the one that is selected, else the
    /// budget that is closest to its end.
    static func wanted(_ state: DashboardState) -> Int {
        let rows = rows(of: state)
        if let pause = state.run?.pause, let row = rows.firstIndex(where: { "\($0.title) \($0.key)" == pause.limit }) {
            return row
        }
        if let selected = (state.zoom as? LimitsZoom)?.selected,
            let row = rows.firstIndex(where: { $0.id == selected.id })
        {
            return row
        }
        return rows.firstIndex { $0.budget != nil } ?? 0
    }

    /// The value as it is typed.
    func written(_ value: Int64) -> String {
        budget == nil ? "\(value)" : Money(picodollars: value).dollars
    }

    /// Reads what was typed; nil when it is no value of the limit.
    func value(of text: String) -> Int64? {
        guard budget != nil else {
            return Int64(text).flatMap { (least...1_000_000_000).contains($0) ? $0 : nil }
        }
        guard let money = try? Money(dollars: text), money >= .zero else { return nil }
        return Int64(exactly: money.picodollars)
    }
}

extension LimitRow {
    init(_ budget: Status.Budget, now: Int64) {
        let reset = "resets in \(Figures.duration(budget.resetsAt - now))"
        self.init(
            scope: budget.scope, name: budget.name, key: "cost_per_\(budget.period)",
            value: Int64(clamping: budget.limit.picodollars),
            share: budget.limit > .zero
                ? Double(budget.remaining.picodollars) / Double(budget.limit.picodollars) : 0,
            left: "$" + Figures.dollars(budget.remaining), whole: "$" + Figures.dollars(budget.limit),
            reserved: Double(budget.reserved.picodollars),
            reservedText: budget.reserved > .zero ? "$" + Figures.dollars(budget.reserved) : "-", more: reset,
            wait: budget.resetsAt - now, waiting: 0, budget: budget)
    }

    init(_ limit: Status.Limit, now: Int64) {
        let full = limit.fullAt.flatMap { $0 > now ? "full in \(Figures.duration($0 - now))" : nil }
        self.init(
            scope: limit.scope, name: limit.name, key: limit.key, value: Int64(limit.limit),
            share: limit.capacity > 0 ? Double(limit.remaining) / Double(limit.capacity) : 0,
            left: Figures.compact(limit.remaining), whole: Figures.compact(limit.capacity),
            reserved: Double(limit.reserved),
            reservedText: limit.reserved > 0 ? Figures.compact(limit.reserved) : "-", more: full ?? "full",
            wait: full == nil ? 0 : (limit.fullAt ?? now) - now, waiting: limit.waiting)
    }
}
