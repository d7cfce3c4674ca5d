import Core
import Studio
import Terminal

extension Pane.ID {
    static let output: Pane.ID = "output"
}

extension Pane {
    /// The text as it is written, and what was written before.
    static let output = Pane(
        id: .output, key: "5", title: "Output", shape: .reading, motion: .followsEnd, minimumWidth: 40,
        content: { OutputText($0).content }, zoom: OutputZoom.self)
}

/// What the pane says before anything was written: what would write, and with what.
enum OutputPane {
    static func emptiness(_ state: DashboardState) -> String {
        guard let status = state.status else { return "What the roles write appears here." }
        return "Nothing is written yet: \(state.key(.generate)) starts a loop.\n\n"
            + providers(status, key: state.key(.switchProvider))
    }

    /// Which providers the roles write with, and what a newcomer should know of them.
    private static func providers(_ status: Status, key: String) -> String {
        let rows = status.roles.filter { $0.kind == .text }
        let names = Set(rows.map(\.provider)).sorted()
        if names == ["embedded"] {
            return "The embedded provider writes, as no other is configured: no key, no network, no cost. "
                + "config.yml names others; \(key) gives them to a role."
        }
        let problems = rows.count { $0.problem != nil }
        let hint =
            switch problems {
            case 0: ""
            case 1: " 1 role cannot be asked: its row in Roles says why, \(key) switches."
            default: " \(problems) roles cannot be asked: their rows in Roles say why, \(key) switches."
            }
        return "Providers in use: \(names.joined(separator: ", ")).\(hint)"
    }
}
