import Core
import Foundation
import Metering
import Studio

/// The dashboard's four questions in plain text.
enum StatusText {
    static func text(of status: Status) -> String {
        [project(status), roles(status), cache(status), limits(status), costs(status), paces(status)]
            .filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private static func project(_ status: Status) -> String {
        let project =
            "\(status.project.name.visible()) · \(status.project.path.visible()) · schema \(status.project.schemaVersion)"
        guard let session = status.session else { return project + "\nno session yet: questfoundry generate" }
        let state = session.isPaused ? "paused: questfoundry resume lets it go on" : session.state?.rawValue
        let work = [session.loop, session.step, state].compactMap { $0 }.joined(separator: " · ")
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
        let stretches = [("session", cache.session), ("today", cache.today), ("all", cache.all)]
        let causes = causes(stretches)
        return "cache \(cache.isEnabled ? cache.backend : "off"): \(cache.entries) entries, "
            + "\(cache.bytes / 1_048_576) of \(cache.capBytes / 1_048_576) MiB\n"
            + Output.table([""] + lookupColumns, stretches.map { [$0] + cells(of: $1) })
            + (causes.isEmpty ? "" : "\n\n" + causes)
    }

    /// The look-ups of a stretch of time, told apart by some keys.
    static func lookups(_ status: Status, by keys: [TallyKey], over stretch: Tallies.Stretch) -> String {
        let groups = status.tallies[stretch].grouped(by: keys)
        guard !groups.isEmpty else { return "no look-ups: \(stretch.rawValue)" }
        let total = ["total"] + Array(repeating: "", count: max(0, keys.count - 1))
        let rows = groups.map { $0.names + cells(of: $0.tallies.lookups) }
        let sum = total + cells(of: status.tallies[stretch].lookups)
        return Output.table(keys.map(\.rawValue) + lookupColumns, rows + [sum])
    }

    private static let lookupColumns = [
        "hit rate", "by tokens", "hits", "shared", "misses", "bypassed", "saved $", "saved tokens", "missed $",
        "missed tokens",
    ]

    private static func cells(of figures: LookupTotals) -> [String] {
        let missed = figures.missed
        return [
            percent(figures.hitRate), percent(figures.hitRateByTokens), "\(figures.hits)", "\(figures.shared)",
            "\(figures.misses)", "\(figures.bypassed)", Words.dollars(figures.savedCost), "\(figures.savedTokens)",
            Words.dollars(missed.cost) + (missed.unpriced > 0 ? " + ?" : ""), "\(missed.tokens)",
        ]
    }

    /// Why look-ups missed and what that cost, by stretch of time.
    private static func causes(_ stretches: [(String, LookupTotals)]) -> String {
        let rows = stretches.flatMap { name, figures in
            figures.causes.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map { cause, missed in
                [
                    name, Words.cause(cause), "\(missed.count)",
                    Words.dollars(missed.cost) + (missed.unpriced > 0 ? " + ?" : ""), "\(missed.tokens)",
                ]
            }
        }
        return rows.isEmpty ? "" : Output.table(["", "missed", "times", "cost $", "tokens"], rows)
    }

    private static func paces(_ status: Status) -> String {
        let rows = status.paces.compactMap { pace in
            pace.model.map { model in
                [
                    pace.provider, model, "\(pace.calls)", Words.latency(pace.latencyMilliseconds),
                    pace.tokensPerSecond.map(Words.decimal) ?? "-",
                ]
            }
        }
        return rows.isEmpty
            ? "" : Output.table(["provider", "model", "calls", "median latency", "median tokens/s"], rows)
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
