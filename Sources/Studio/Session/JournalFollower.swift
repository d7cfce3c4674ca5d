public import Core
import Dispatch
import Metering
import Workspace

/// Reads what other processes of the workspace on this machine write into its journal, as they write it.
struct JournalFollower: Sendable {
    let ledger: Ledger
    let own: ULID
    /// The folder that the ledger is in.
    let folder: String
    /// The folder of session locks.
    let locks: String
    let time: any TimeSource
    /// The session that runs something now; its run is told from its beginning.
    let running: @Sendable () throws -> ULID?

    /// A run that has begun and not ended.
    private struct OpenRun {
        var run: ULID
        var loop: String
    }

    private static let page = 500
    private static let beat = DispatchTimeInterval.seconds(2)
    /// How long changes gather before the journal is read again.
    private static let pause = Duration.milliseconds(100)

    /// What happens elsewhere, until the stream is dropped.
    func events() -> AsyncStream<SessionEventRecord> {
        let (stream, continuation) = AsyncStream<SessionEventRecord>.makeStream()
        let task = Task {
            await follow { continuation.yield($0) }
            continuation.finish()
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }

    private func follow(_ give: (SessionEventRecord) -> Void) async {
        var place: Int64?
        var open: [ULID: OpenRun] = [:]
        for await _ in FolderWatch([folder], telling: .everyWrite, beat: Self.beat).changes {
            // What cannot be read now is the next time.
            if place == nil { place = try? start() }
            guard let from = place else { continue }
            let gone = open.keys.filter { !SessionLock.isHeld(by: $0, folder: locks) }
            place = read(from) { record in
                Self.note(record, in: &open)
                give(record)
            }
            for session in gone {
                guard let left = open.removeValue(forKey: session) else { continue }
                give(end(of: left, in: session))
            }
            try? await Task.sleep(for: Self.pause)
        }
    }

    /// The place from which on events are told: the beginning of the run under way, else now.
    private func start() throws -> Int64 {
        let end = try ledger.journalEnd()
        guard let session = try running() else { return end }
        return try ledger.journalStart(ofLastRunOf: session) ?? end
    }

    private func read(_ place: Int64, _ give: (SessionEventRecord) -> Void) -> Int64 {
        var place = place
        while let page = try? ledger.journal(after: place, besides: own, atMost: Self.page), page.end > place {
            for record in page.records { give(record) }
            place = page.end
        }
        return place
    }

    private static func note(_ record: SessionEventRecord, in open: inout [ULID: OpenRun]) {
        switch record.event {
        case .runStarted(let run, let loop, _, _, _, _): open[record.session] = OpenRun(run: run, loop: loop)
        case .runFinished: open[record.session] = nil
        default: break
        }
    }

    /// What nobody could tell any more: the run's process is gone.
    private func end(of left: OpenRun, in session: ULID) -> SessionEventRecord {
        let message = "its process ended; `questfoundry resume` goes on with it"
        return SessionEventRecord(
            session: session, moment: time.now(),
            event: .runFinished(run: left.run, loop: left.loop, state: .interrupted, message: message))
    }
}

extension Session {
    /// What happens in the sessions of other processes: of all machines that share this project's server, where one is
    /// shared, else of this machine, a run under way from its beginning. Others wrote it: its texts are not fit for a
    /// screen as they are.
    public nonisolated func eventsElsewhere() -> AsyncStream<SessionEventRecord> {
        if let shared = environment.shared { return shared.events(id) }
        return JournalFollower(
            ledger: ledger, own: id, folder: workspace.paths.folder, locks: workspace.paths.run,
            time: environment.time, running: { [self] in try sessionElsewhere() }
        ).events()
    }

    /// One element at once and one whenever a figure may have changed, at least each second.
    package nonisolated func changes() -> AsyncStream<Void> {
        FolderWatch([workspace.paths.folder], telling: .everyWrite, beat: .seconds(1)).changes
    }
}
