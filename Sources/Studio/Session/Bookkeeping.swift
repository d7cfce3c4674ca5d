import Core
import Logging
import Metering

/// What the ledger asks for while a session works: warnings of budgets, and daily sums of old rows.
struct Bookkeeping: Sendable {
    let alerts: BudgetAlerts
    let sums: DailySums
    let hub: EventHub
    let logger: Logger
    /// The folder of session locks.
    let locks: String

    /// Does what is due after an event of the session.
    func follow(_ event: SessionEvent) {
        switch event {
        case .runStarted:
            warn()
            sumOldRows()
        case .requestAnswered(_, let record, _) where record.source == .provider:
            warn()
            sumOldRows()
        case .requestFailed(_, _, _, _, let charged) where charged != .zero: warn()
        case .requestFellBack(_, _, _, _, _, _, _, let charged) where charged != .zero: warn()
        default: break
        }
    }

    /// Tells which budgets have come to a share at which the configuration warns.
    func warn() {
        // A ledger that cannot be read or written is told by whoever asks it for a reservation next.
        for alert in (try? alerts.passed()) ?? [] {
            logger.notice(
                "budget alert",
                metadata: [
                    "scope": "\(alert.scope)", "name": "\(alert.name ?? "")", "limit": "cost_per_\(alert.period)",
                    "threshold": .stringConvertible(alert.threshold), "spent": "\(alert.spent.dollars)",
                    "budget": "\(alert.limit.dollars)",
                ])
            hub.emit(.budgetAlert(alert))
        }
    }

    private func sumOldRows() {
        // Rows that are not summed up now are the next time.
        _ = try? sums.sumSlice { SessionLock.isHeld(by: $0, folder: locks) }
    }
}
