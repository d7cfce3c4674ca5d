import Core
import Workspace

/// Moves an artifact into the bin, once it is confirmed.
struct DeleteArtifactDialog: Dialog {
    let id: String
    let name: String
    var form = Form([.buttons(["Cancel", "Delete it"], selected: 0)])

    init(id: String, title: String) { (self.id, name) = (id, title) }

    var title: String { "Delete an artifact" }
    var acceptLabel: String { "confirm" }

    func intro(_ state: DashboardState) -> [DialogNote] {
        let name = Wrapping.line(name)
        return [
            DialogNote(name == id ? name : "\(name), \(Wrapping.line(id))", .strong),
            DialogNote(
                "It goes into the bin, which keeps it for \(Bin.keptDays) days: questfoundry artifacts undelete "
                    + "brings it back until then."),
        ]
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        form.selected(0) == 1 ? [.deleteArtifact(id)] : []
    }
}
