/// Where a piece of work stands, and where it may go from there.
public protocol WorkState: RawRepresentable, CaseIterable, Hashable, Sendable where RawValue == String {
    /// The states that may follow.
    var next: Set<Self> { get }
}

extension WorkState {
    /// The status after a move; nil when none leads from the one to the other. A status that is none of these is kept.
    public static func move(_ status: String, to state: Self) -> String? {
        guard let current = Self(rawValue: status) else { return status }
        return current == state || current.next.contains(state) ? state.rawValue : nil
    }
}

/// The states of a hook, which hook_harvest moves it along.
public enum HookState: String, WorkState {
    case proposed, accepted
    case inProgress = "in-progress"
    case resolved, canonized, deferred, rejected

    public var next: Set<Self> {
        switch self {
        case .proposed: [.accepted, .deferred, .rejected]
        case .accepted: [.inProgress, .deferred, .rejected]
        case .inProgress: [.resolved, .deferred]
        case .resolved: [.canonized]
        case .deferred: [.accepted, .rejected]
        case .canonized, .rejected: []
        }
    }
}

/// The states of a thematic unit.
public enum ThematicUnitState: String, WorkState {
    case hotProposed = "hot-proposed"
    case stabilizing, gatecheck
    /// Only through a passed gate.
    case coldMerged = "cold-merged"

    public var next: Set<Self> {
        switch self {
        case .hotProposed: [.stabilizing]
        case .stabilizing: [.gatecheck, .hotProposed]
        case .gatecheck: [.coldMerged, .stabilizing]
        case .coldMerged: []
        }
    }
}
