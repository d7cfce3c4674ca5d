import Core
import Foundation
import Studio

/// The dashboard's four questions in plain text.
enum StatusText {
    static func text(of status: Status) -> String {
        [project(status), roles(status), cache(status), limits(status), costs(status)].joined(separator: "\n\n")
    }

    private static func project(_ status: Status) -> String {
        let project =
            "\(status.project.name.visible()) · \(status.project.path.visible()) · schema \(status.project.schemaVersion)"
        guard let session = status.session else { return project + "\nno session yet: questfoundry generate" }
        let work = [session.loop, session.step, session.state?.rawValue].compactMap { $0 }.joined(separator: " · ")
        return project + "\nsession \(session.id)\(session.isRunning ? " (running)" : "") \(work)"
    }

    static func roles(_ status: Status) -> String {
        Output.table(
            ["role", "kind", "provider", "model", "temp", "calls", "hit", "$", "state"],
            status.roles.map { row in
                [
                    row.role.rawValue, row.kind.rawValue, row.provider + (row.isOverridden ? " *" : ""),
                    row.model ?? "-", row.temperature.map { "\($0)" } ?? "-", "\(row.calls)", percent(row.hitRate),
                    row.cost?.dollars(decimals: 4) ?? "?", row.problem ?? row.state.rawValue,
                ]
            })
    }

    static func cache(_ status: Status) -> String {
        let cache = status.cache
        let figures = [("session", cache.session), ("today", cache.today), ("all", cache.all)].map { name, figures in
            [
                name, percent(figures.hitRate), "\(figures.hits)", "\(figures.shared)", "\(figures.misses)",
                "\(figures.bypassed)", figures.savedCost.dollars(decimals: 4), "\(figures.savedTokens)",
            ]
        }
        return "cache \(cache.isEnabled ? cache.backend : "off"): \(cache.entries) entries, "
            + "\(cache.bytes / 1_048_576) of \(cache.capBytes / 1_048_576) MiB\n"
            + Output.table(
                ["", "hit rate", "hits", "shared", "misses", "bypassed", "saved $", "saved tokens"], figures)
    }

    static func limits(_ status: Status) -> String {
        guard !status.limits.isEmpty || !status.budgets.isEmpty else {
            return "limits: none (rate_limiting in config.yml)"
        }
        let limits = status.limits.map { limit in
            [
                scope(limit.scope, limit.name), limit.key, "\(limit.remaining) of \(limit.capacity)",
                "\(limit.reserved)", limit.fullAt.map { "full in \(Words.duration($0 - status.takenAt))" } ?? "full",
                "\(limit.waiting)",
            ]
        }
        let budgets = status.budgets.map { budget in
            [
                scope(budget.scope, budget.name), "cost_per_\(budget.period)",
                "$\(Words.dollars(budget.remaining)) of $\(budget.limit.dollars)",
                "$\(Words.dollars(budget.reserved))", outlook(of: budget, at: status.takenAt), "-",
            ]
        }
        return Output.table(["scope", "limit", "left", "reserved", "more", "waiting"], limits + budgets)
    }

    /// When a budget starts anew, and whether it runs out before at the present rates.
    private static func outlook(of budget: Status.Budget, at now: Int64) -> String {
        let reset = "resets in \(Words.duration(budget.resetsAt - now))"
        guard budget.remaining > .zero else { return "spent, \(reset)" }
        guard let range = budget.exhaustedAt else { return "lasts until reset, \(reset)" }
        let times = [range.earliest - now, range.latest - now].map(Words.duration)
        return "runs out in \(times[0])" + (times[0] == times[1] ? "" : " to \(times[1])") + ", \(reset)"
    }

    private static func scope(_ scope: Status.Scope, _ name: String?) -> String {
        name.map { "\(scope.rawValue) \($0)" } ?? scope.rawValue
    }

    private static func costs(_ status: Status) -> String {
        let costs = status.costs
        let figures = [
            ("session", costs.session), ("today", costs.today), ("month", costs.month), ("all", costs.all),
            ("saved", costs.saved), ("estimated part", costs.estimatedPart),
        ]
        let burn = costs.burnPerHour.map { ", $\($0.dollars(decimals: 2))/h" } ?? ""
        return "costs: " + figures.map { "\($0.0) $\($0.1.dollars(decimals: 4))" }.joined(separator: ", ") + burn
    }

    private static func percent(_ rate: Double?) -> String {
        rate.map { "\(Int(($0 * 100).rounded())) %" } ?? "-"
    }
}
