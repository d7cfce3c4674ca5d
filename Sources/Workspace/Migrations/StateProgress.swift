import Synchronization

/// How far a migration, a backup or a restoration has come.
public struct StateProgress: Hashable, Sendable {
    public enum Stage: String, Hashable, Sendable { case reading, writing, checking }

    public var stage: Stage
    /// Records of the stage that are done, and how many there are.
    public var done: Int
    public var total: Int
}

/// Counts the records of a stage, from several tasks at once.
final class ProgressCounter: Sendable {
    private let done = Atomic(0)
    private let stage: StateProgress.Stage
    private let total: Int
    private let tell: @Sendable (StateProgress) -> Void

    init(_ stage: StateProgress.Stage, of total: Int, _ tell: @escaping @Sendable (StateProgress) -> Void) {
        self.stage = stage
        self.total = total
        self.tell = tell
    }

    func count() {
        let (_, done) = done.add(1, ordering: .relaxed)
        tell(StateProgress(stage: stage, done: done, total: total))
    }
}
