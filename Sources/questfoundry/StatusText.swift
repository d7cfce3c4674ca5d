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

    private static func limits(_ status: Status) -> String {
        guard !status.limits.isEmpty || !status.budgets.isEmpty else {
            return "limits: none (rate_limiting in config.yml)"
        }
        let limits = status.limits.map { limit in
            [
                limit.name ?? limit.scope.rawValue, limit.period.map { "\(limit.metric)/\($0)" } ?? "calls at once",
                "\(limit.remaining) of \(limit.capacity)",
                limit.fullAt.map { "full in \(seconds(from: status.takenAt, to: $0)) s" } ?? "full",
            ]
        }
        let budgets = status.budgets.map { budget in
            [
                budget.name ?? budget.scope.rawValue, "cost/\(budget.period)",
                "$\(budget.remaining.dollars(decimals: 4)) of $\(budget.limit.dollars)",
                "resets in \(seconds(from: status.takenAt, to: budget.resetsAt) / 60) min",
            ]
        }
        return Output.table(["limit", "", "left", ""], limits + budgets)
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

    private static func seconds(from start: Int64, to end: Int64) -> Int64 {
        max(0, (end - start + 999_999) / 1_000_000)
    }
}
