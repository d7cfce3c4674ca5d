import Studio
import Workspace

/// How a dialog that replaces the state goes on: choose, confirm, then watch.
struct StateWork: Sendable {
    /// Whether Enter has chosen, so that the buttons stand there.
    var isConfirming = false
    /// Whether the work has begun.
    var isWorking = false
    private var progress: StateProgress?
    private(set) var problem: String?

    /// What stands behind the fields while it works, or when it could not be done; nil before.
    func note(_ state: DashboardState) -> DialogNote? {
        if let problem { return DialogNote("\(problem) Everything is as it was.", .bad) }
        guard isWorking else { return nil }
        guard let progress, progress.total > 0 else { return DialogNote("Working.", .muted) }
        let share = Figures.percent(Double(progress.done) / Double(progress.total))
        return DialogNote(
            "\(progress.stage.inWords) \(Figures.count(progress.done)) of "
                + "\(Figures.count(progress.total)) (\(share)). Esc leaves it to itself.", .muted)
    }

    mutating func begin() {
        isWorking = true
        isConfirming = false
        (progress, problem) = (nil, nil)
    }

    mutating func receive(_ event: DashboardEvent) {
        switch event {
        case .stateProgress(let progress): self.progress = progress
        case .failed(let message):
            problem = message.hasSuffix(".") ? message : message + "."
            isWorking = false
        default: break
        }
    }
}

extension StateProgress.Stage {
    fileprivate var inWords: String {
        switch self {
        case .reading: "Reading"
        case .writing: "Writing"
        case .checking: "Checking"
        }
    }
}
