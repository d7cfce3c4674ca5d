import Dispatch

/// Lets tasks and threads wait for one another.
public final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let semaphore = DispatchSemaphore(value: 0)

    public init() { (stream, continuation) = AsyncStream.makeStream() }

    public func fire() {
        continuation.yield()
        semaphore.signal()
    }

    /// Waits for the next firing; one task only.
    public func wait() async { for await _ in stream { return } }
    /// Waits on a thread of a test's own.
    public func waitOnThread() { semaphore.wait() }
}
