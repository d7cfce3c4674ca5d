import Core
import Studio

/// Says at the first start in a workspace of questfoundry-py what its configuration now does that was ignored before.
struct InForceDialog: Dialog {
    var form = Form()
    private let lines: [DialogNote]

    /// nil where the workspace is no such one, has been worked in, or its configuration asks for nothing of the kind.
    init?(_ status: Status) {
        guard status.session == nil, status.project.schemaVersion == 1 else { return nil }
        let roles = status.roles.filter { $0.source == "role" }.map { row in
            "\(row.role.rawValue) \(row.provider)\(row.model.map { " \($0)" } ?? "")"
        }
        let limits = status.limits.filter { $0.period != nil }.map { limit in
            "\(limit.name ?? "all together") \(Figures.words(limit.key)) \(Figures.count(limit.limit))"
        }
        let budgets = status.budgets.map { "\($0.name ?? "all together") $\(Figures.dollars($0.limit)) a \($0.period)" }
        let known = [("roles", roles), ("limits", limits), ("budgets", budgets)].filter { !$0.1.isEmpty }
        guard !known.isEmpty else { return nil }
        let cache = status.cache.isEnabled ? "on, up to \(Figures.bytes(status.cache.capBytes))" : "off"
        lines = (known + [("cache", [cache])]).map { name, entries in
            DialogNote(entries.joined(separator: ", "), lead: "  \(name.padded(to: 9))")
        }
    }

    var title: String { "What counts from now on" }
    var acceptLabel: String { "" }

    func intro(_ state: DashboardState) -> [DialogNote] {
        [DialogNote("questfoundry-py read this config.yml and did not act on all of it. Now these are in force:")]
            + lines
            + [DialogNote("config.yml changes them; nothing else of the workspace is changed by looking.", .muted)]
    }

    func accept(_ state: inout DashboardState) -> [Effect] { [] }
}

extension String {
    /// With spaces behind it up to a width.
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
