import Core
import Metering
import Synchronization

/// Hands everything that happens in a session to its journal and to whoever watches, in one order.
final class EventHub: Sendable {
    typealias Watcher = AsyncStream<SessionEventRecord>.Continuation

    fileprivate struct State {
        var live = LiveState()
        var watchers: [Int: Watcher] = [:]
        var nextWatcher = 0
        /// What the journal does not have yet.
        var pending: [SessionEventRecord] = []
        var isJournaling = false
        var isJournalBroken = false
        var journaledAt: Int64 = 0
    }

    /// How long pieces of text gather before they go into the journal, in microseconds: four times a second.
    private static let gatheringTime: Int64 = 250_000

    private let session: ULID
    private let time: any TimeSource
    private let ledger: Ledger
    private let state = Mutex(State())
    /// Held from taking what is pending until it is written, so that the journal keeps the order.
    private let journalOrder = Mutex(())

    /// Tells other machines what goes into the journal.
    private let publish: (@Sendable ([SessionEventRecord]) -> Void)?

    init(
        session: ULID, time: any TimeSource, ledger: Ledger, publish: (@Sendable ([SessionEventRecord]) -> Void)? = nil
    ) {
        self.publish = publish
        self.session = session
        self.time = time
        self.ledger = ledger
    }

    /// What the events so far add up to.
    var live: LiveState { state.withLock { $0.live } }

    /// Every event from now on, until the hub closes or the stream is dropped.
    func stream() -> AsyncStream<SessionEventRecord> {
        let (stream, continuation) = AsyncStream<SessionEventRecord>.makeStream()
        let id = state.withLock { state in
            state.nextWatcher += 1
            state.watchers[state.nextWatcher] = continuation
            return state.nextWatcher
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.watchers.removeValue(forKey: id) }
        }
        return stream
    }

    /// From now on events go into the journal: the session has begun to generate.
    func startJournal() { state.withLock { $0.isJournaling = true } }

    func emit(_ event: SessionEvent) {
        let record = SessionEventRecord(session: session, moment: time.now(), event: event)
        let isDue = state.withLock { state in
            state.live.note(event)
            for watcher in state.watchers.values { watcher.yield(record) }
            guard state.isJournaling else { return false }
            state.gather(record)
            if case .textDelta = event { return record.moment.sinceBoot - state.journaledAt >= Self.gatheringTime }
            return true
        }
        if isDue { writeJournal() }
    }

    /// Ends every stream. What the journal does not have yet is written first.
    func close() {
        writeJournal()
        let watchers = state.withLock { state in
            defer { state.watchers = [:] }
            return Array(state.watchers.values)
        }
        for watcher in watchers { watcher.finish() }
    }

    private func writeJournal() {
        let failure = journalOrder.withLock { _ -> String? in
            let pending = state.withLock { state in
                state.journaledAt = time.now().sinceBoot
                defer { state.pending = [] }
                return state.pending
            }
            publish?(pending)
            do throws(LedgerError) {
                try ledger.append(pending)
                return nil
            } catch {
                return error.description
            }
        }
        if let failure { reportBrokenJournal(failure) }
    }

    /// Says once that the journal cannot be written; the work goes on, since the books are kept apart from it.
    private func reportBrokenJournal(_ failure: String) {
        let notice = SessionEvent.notice(isError: true, text: "the session's journal cannot be written: \(failure)")
        let record = SessionEventRecord(session: session, moment: time.now(), event: notice)
        state.withLock { state in
            guard !state.isJournalBroken else { return }
            state.isJournalBroken = true
            for watcher in state.watchers.values { watcher.yield(record) }
        }
    }
}

extension EventHub.State {
    /// Adds an event to what is pending; a piece of text joins the piece before it.
    fileprivate mutating func gather(_ record: SessionEventRecord) {
        if case .textDelta(let request, let text) = record.event, let last = pending.last,
            case .textDelta(request, let before) = last.event
        {
            pending[pending.count - 1].event = .textDelta(request: request, text: before + text)
        } else {
            pending.append(record)
        }
    }
}
