import Dispatch
import GRDB
import Synchronization

/// A value that is written in one thread and read in another.
final class Recorded<Value: Sendable>: Sendable {
    private let stored = Mutex<Value?>(nil)

    var value: Value? {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }
}

/// The writes of a process that wait for the ledger. All that wait go into one transaction, so that a flush to the disk
/// serves many: with it a disk of 500 flushes a second takes thousands of calls (group commit).
final class WriteLine: Sendable {
    struct Write: Sendable {
        var run: @Sendable (Database) throws -> Void
        /// Is told how it went; nil for a write that is tried again when it fails.
        var end: (@Sendable (LedgerError?) -> Void)?
    }

    typealias Commit = @Sendable ((Database) throws -> Void) throws(LedgerError) -> Void

    /// How many writes nobody waits for may stand in the line; the oldest make room.
    private static let mostWaiting = 10_000
    private static let longLine = 256

    private let waiting = Mutex<[Write]>([])
    private let writing = Mutex<Void>(())
    private let lastFault = Mutex<LedgerError?>(nil)
    private let thread = DispatchQueue(label: "questfoundry.ledger")

    /// Why the last write that nobody waited for failed; nil when it did not.
    var fault: LedgerError? { lastFault.withLock { $0 } }

    var isLong: Bool { waiting.withLock { $0.count >= Self.longLine } }

    func join(_ write: Write) { waiting.withLock { $0.append(write) } }

    /// Writes what waits in a thread of its own.
    func start(_ commit: @escaping Commit) { thread.async { self.write(commit) } }

    /// Writes what waits, and returns when that is written, and what another thread was about to write.
    func write(_ commit: Commit) {
        writing.withLock { _ in
            let group = waiting.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
            guard !group.isEmpty else { return }
            let error = Self.attempt(group, commit)
            // What is wrong with one write shall not end the others; what is wrong with the disk ends them all.
            let isOnesOwn = error?.code == .other && group.count > 1
            for write in group { end(write, isOnesOwn ? Self.attempt([write], commit) : error) }
        }
    }

    private static func attempt(_ group: [Write], _ commit: Commit) -> LedgerError? {
        do {
            if !group.isEmpty { try commit { database in for write in group { try write.run(database) } } }
            return nil
        } catch {
            return error
        }
    }

    private func end(_ write: Write, _ error: LedgerError?) {
        if let end = write.end { return end(error) }
        lastFault.withLock { $0 = error }
        guard let error, error.code != .other else { return }
        waiting.withLock { waiting in
            waiting.append(write)
            if waiting.count > Self.mostWaiting { waiting.removeFirst() }
        }
    }
}
