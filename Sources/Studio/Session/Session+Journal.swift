public import Core
public import Metering

extension Session {
    /// The workspace's sessions, the newest first.
    public nonisolated func sessions() throws -> [SessionLine] { try ledger.sessions() }

    /// Every event that the journal has of a session, oldest first; of the newest one where none is named.
    ///
    /// Throws when there is no such session.
    public nonisolated func journal(of session: ULID? = nil) throws -> [SessionEventRecord] {
        let sessions = try ledger.sessions()
        guard let found = sessions.first(where: { session == nil || $0.id == session }) else {
            let name = session.map { "session \($0)" } ?? "session yet"
            throw RunError(.order, "there is no \(name); `questfoundry session list` names them")
        }
        return try ledger.journal(of: found.id, last: .max)
    }
}

extension SessionLine {
    /// An entry of the document that `session list --json` prints.
    public func json(isRunning: Bool) -> JSONValue {
        [
            "id": JSONValue(id.description), "running": .bool(isRunning), "started_at": JSONValue(time: startedAt),
            "ended_at": JSONValue(time: endedAt), "runs": JSONValue(runs), "loop": JSONValue(loop),
            "state": JSONValue(state?.rawValue), "events": JSONValue(events),
        ]
    }
}
