import Studio
import Workspace

/// Brings the workspace to another version of its form: the plan, then a confirmation with Cancel first, then progress.
struct MigrateDialog: Dialog {
    var form: Form
    private let present: Int
    private let versions: [Int]
    private var plan: MigrationPlan?
    private var work = StateWork()

    /// The newest version is offered first, then those before.
    init(_ state: Status.State) {
        present = state.schemaVersion
        versions = (1...max(1, state.newestVersion)).reversed().filter { $0 != state.schemaVersion }
        form = Form([
            .list(
                versions.map { version in
                    Form.Option(
                        text: "version \(version)",
                        detail: version > state.schemaVersion
                            ? "up" : version == 1 ? "down, for questfoundry-py" : "down")
                }, selected: 0)
        ])
    }

    var title: String { "Migrate" }
    var acceptLabel: String { work.isWorking ? "" : work.isConfirming ? "confirm" : "choose" }

    private var selected: Int { versions[min(form.selected(0), versions.count - 1)] }
    /// The effect that asks what the selected migration would do.
    var planning: Effect { .planMigration(to: selected) }

    func intro(_ state: DashboardState) -> [DialogNote] {
        [DialogNote("The workspace has version \(present).", .muted)]
    }

    func notes(_ state: DashboardState) -> [DialogNote] {
        if let note = work.note(state) { return [note] }
        guard let plan else { return [DialogNote("Reading.", .muted)] }
        let steps = plan.steps.map { step in
            DialogNote(
                "\(step.summary) \(Figures.count(step.hotRecords)) artifacts in work and "
                    + "\(Figures.count(step.coldRecords)) finished ones change.", lead: step.isDowngrade ? "- " : "+ ")
        }
        let losses = plan.steps.flatMap(\.losses).map { DialogNote("lost: \($0)", .warning) }
        return steps + losses + [
            DialogNote("A backup is made first; \(Figures.bytes(plan.bytes)) are written.", .muted)
        ]
    }

    mutating func formChanged(_ state: DashboardState) -> [Effect] {
        guard form.focus == 0, !work.isWorking else { return [] }
        plan = nil
        work = StateWork()
        form.fields = [form.fields[0]]
        return [planning]
    }

    mutating func receive(_ event: DashboardEvent) -> Bool {
        if case .migrationPlanned(let plan) = event, plan.to == selected { self.plan = plan }
        work.receive(event)
        return false
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        var open = self
        defer { state.dialog = open }
        guard plan != nil, !work.isWorking else { return [] }
        guard work.isConfirming, form.focus == 1 else {
            open.work.isConfirming = true
            open.form.fields = [form.fields[0], .buttons(["Cancel", "Migrate"], selected: 0)]
            open.form.focus = 1
            return []
        }
        guard form.selected(1) == 1 else {
            open.work.isConfirming = false
            open.form = Form([form.fields[0]])
            return []
        }
        open.work.begin()
        open.form = Form([form.fields[0]])
        return [.migrate(to: selected)]
    }
}
