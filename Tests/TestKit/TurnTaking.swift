import Dispatch

/// Runs tasks one at a time, each until it has to wait, so that a test knows how far all of them are.
public final class TurnTaking: TaskExecutor {
    private let queue = DispatchQueue(label: "turns")
    /// More turns than any task of these tests takes before it has to wait.
    private static let turns = 32

    public init() {}

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Returns when every task that was started before waits for something, or is over.
    public func settle() async {
        for _ in 0..<Self.turns {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                queue.async { continuation.resume() }
            }
        }
    }
}
