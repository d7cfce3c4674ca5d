package import Core

/// A change of one artifact.
public enum StateChange: Sendable {
    /// Adds an artifact, or replaces the one that has this stamp; nil where there is none yet.
    case write(Artifact, Temperature, over: Stamp?)
    /// Removes the artifact that has this stamp.
    case remove(id: String, Temperature, stamp: Stamp)

    package var id: String {
        switch self {
        case .write(let artifact, _, _): artifact.id
        case .remove(let id, _, _): id
        }
    }

    package var temperature: Temperature {
        switch self {
        case .write(_, let temperature, _), .remove(_, let temperature, _): temperature
        }
    }

    /// The artifact that is there afterwards; nil when none is.
    package var artifact: Artifact? { if case .write(let artifact, _, _) = self { artifact } else { nil } }

    /// The stamp of the artifact that has to be there before; nil when none may be.
    package var stamp: Stamp? {
        switch self {
        case .write(_, _, let stamp): stamp
        case .remove(_, _, let stamp): stamp
        }
    }

    /// What the history of a finished artifact tells of it; nil for work in progress.
    package func historyEntry(at moment: Moment) -> HistoryEntry? {
        guard temperature == .cold else { return nil }
        return artifact.map { .of($0, isNew: stamp == nil, at: moment) } ?? .ofRemoval(id, at: moment)
    }
}

extension StateStore {
    /// Adds an artifact, or replaces the one that has this stamp; nil where there is none yet.
    ///
    /// Throws `conflict`, which names both, when somebody else has changed it since it was read, and `badName` when its id
    /// cannot be one.
    public func write(
        _ artifact: Artifact, _ temperature: Temperature, over stamp: Stamp?
    ) throws(WorkspaceError) {
        try make([.write(artifact, temperature, over: stamp)])
    }

    /// Removes the artifact that has this stamp. Throws `conflict` when there is another one under the id, or none.
    public func remove(_ id: String, _ temperature: Temperature, stamp: Stamp) throws(WorkspaceError) {
        try make([.remove(id: id, temperature, stamp: stamp)])
    }

    /// Throws `badName` for an artifact whose id cannot be one.
    package func checkNames(_ changes: [StateChange]) throws(WorkspaceError) {
        for change in changes where change.artifact != nil && !Artifact.isSafe(change.id) {
            throw Artifact.badName(change.id)
        }
    }

    /// Throws `conflict` unless what is there now is what a change was made from.
    package func check(_ change: StateChange, now: Artifact?) throws(WorkspaceError) {
        guard now?.stamp == change.stamp else { throw conflict(change.id, now: now, writing: change.artifact) }
    }
}
