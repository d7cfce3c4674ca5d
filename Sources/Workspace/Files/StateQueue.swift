import Dispatch

/// Threads of their own for copying a state. Whoever waits for the workspace's lock blocks a thread that all tasks share:
/// the one who has the lock must not need any of those.
private final class StateQueue: TaskExecutor {
    static let shared = StateQueue()
    private let queue = DispatchQueue(label: "questfoundry.state", qos: .userInitiated, attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// Does work, and all of its child tasks, on threads of their own.
func onOwnThreads<Value: Sendable>(
    _ work: @Sendable () async throws(WorkspaceError) -> Value
) async throws(WorkspaceError) -> Value {
    try await withTaskExecutorPreference(StateQueue.shared) { () async throws(WorkspaceError) -> Value in
        try await work()
    }
}
