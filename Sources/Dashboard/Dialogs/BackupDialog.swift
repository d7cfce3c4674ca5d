import Studio
import Workspace

/// Makes a backup, or brings the state of one back: that asks first, with Cancel first.
struct BackupDialog: Dialog {
    var form: Form
    private let backups: [Backup]
    private var work = StateWork()

    init(_ state: Status.State, now: Int64) {
        backups = state.backups
        form = Form([
            .list(
                [Form.Option(text: "make a backup now")]
                    + backups.map { backup in
                        Form.Option(
                            text: "restore \(Self.age(of: backup, at: now)), \(backup.reason.inWords)",
                            detail: "\(backup.counts.hotArtifacts) hot, \(backup.counts.coldArtifacts) cold, "
                                + "schema \(backup.schemaVersion)")
                    }, selected: 0)
        ])
    }

    var title: String { "Backups" }
    var acceptLabel: String { work.isWorking ? "" : work.isConfirming ? "confirm" : "choose" }

    /// The backup in the selected row; nil in the first one.
    private var selected: Backup? {
        let row = form.selected(0) - 1
        return backups.indices.contains(row) ? backups[row] : nil
    }

    func notes(_ state: DashboardState) -> [DialogNote] {
        if let note = work.note(state) { return [note] }
        guard let selected else {
            return [DialogNote("A copy of all work, its media and settings, kept in .questfoundry/backups.", .muted)]
        }
        return [
            DialogNote(selected.name, .muted),
            DialogNote(
                "It replaces the present artifacts and media. The present state becomes a backup first: restoring that "
                    + "one undoes it.", .warning),
        ]
    }

    mutating func formChanged(_ state: DashboardState) -> [Effect] {
        guard form.focus == 0, !work.isWorking else { return [] }
        work = StateWork()
        form.fields = [form.fields[0]]
        return []
    }

    mutating func receive(_ event: DashboardEvent) -> Bool {
        work.receive(event)
        return false
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        var open = self
        defer { state.dialog = open }
        guard !work.isWorking else { return [] }
        guard let selected else {
            open.work.begin()
            return [.backUp]
        }
        if let obstacle = state.isBusy ? "A run is under way; c cancels it" : nil {
            open.work.receive(.failed(obstacle))
            return []
        }
        guard work.isConfirming, form.focus == 1 else {
            open.work.isConfirming = true
            open.form.fields = [form.fields[0], .buttons(["Cancel", "Restore it"], selected: 0)]
            open.form.focus = 1
            return []
        }
        open.form = Form([form.fields[0]])
        guard form.selected(1) == 1 else {
            open.work.isConfirming = false
            return []
        }
        open.work.begin()
        return [.restore(selected.name)]
    }

    /// `5 min ago`; `just now` in the first minute.
    static func age(of backup: Backup, at now: Int64) -> String {
        let age = now - backup.createdAt
        return age < 60_000_000 ? "just now" : "\(Figures.duration(age)) ago"
    }
}
