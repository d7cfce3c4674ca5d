import Configuration
import Core
import Generation
import Metering
import Workspace

extension RunError {
    static let cancelled = RunError(.cancelled, "the run was cancelled")

    /// How a request's failure ends its run.
    init(_ error: GenerationError) {
        switch error {
        case .refused(let refusal): self.init(refusal)
        case .provider: self.init(.provider, error.description)
        case .configuration: self.init(.configuration, error.description)
        case .ledger: self.init(.storage, error.description)
        case .cancelled: self = .cancelled
        }
    }

    /// How a failure of the workspace ends a run.
    init(_ error: WorkspaceError) {
        let kind: Kind =
            switch error.code {
            case .blocked: .gate
            case .damaged, .badName: .damaged
            default: .storage
            }
        self.init(kind, error.message)
    }

    private init(_ refusal: Refusal) {
        let name = refusal.scope.name.isEmpty ? nil : refusal.scope.name
        switch refusal.kind {
        case .rateLimit(let asked, let left):
            self.init(
                .rateLimit, refusal.description, scope: refusal.scope.kind, name: name, asked: .count(asked),
                left: .count(left), retryAt: refusal.retryAt)
        case .concurrency:
            self.init(
                .rateLimit, refusal.description, scope: refusal.scope.kind, name: name, asked: .count(1),
                left: .count(0), retryAt: refusal.retryAt)
        case .budget(let asked, let left, _):
            self.init(
                .budget, refusal.description, scope: refusal.scope.kind, name: name, asked: .money(asked),
                left: .money(left), retryAt: refusal.retryAt)
        case .unpriced:
            self.init(.unpriced, refusal.description, scope: refusal.scope.kind, name: name)
        }
    }

    /// The state in which a run ends because of this.
    var state: RunState {
        switch kind {
        case .cancelled: .cancelled
        case .rateLimit, .budget, .unpriced: .refused
        case .provider, .configuration, .storage, .damaged, .nothingToRead, .gate, .order, .nothingRuns: .failed
        }
    }
}
