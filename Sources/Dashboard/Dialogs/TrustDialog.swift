import Configuration
import Core
import Studio

/// Asks whether a workspace from elsewhere may send what its configuration says to where it says. Nothing is sent before.
struct TrustDialog: Dialog {
    var form = Form([.buttons(["Cancel", "Trust this workspace"], selected: 0)])
    private let lines: [String]

    init(_ lines: [TrustLine]) { self.lines = lines.map(\.description) }

    var title: String { "A workspace from elsewhere" }
    var acceptLabel: String { "choose" }

    func intro(_ state: DashboardState) -> [DialogNote] {
        [DialogNote("You did not make this workspace here. Its configuration wants to send:")]
            + lines.map { DialogNote($0, .warning, lead: "  ") }
            + [DialogNote("Until you trust it, the roles that need this cannot be asked; all else works.", .muted)]
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        guard form.selected(0) == 1 else {
            state.say("Nothing is sent there. generate --trust, or opening the dashboard again, asks once more.")
            return []
        }
        return [.trust]
    }
}
