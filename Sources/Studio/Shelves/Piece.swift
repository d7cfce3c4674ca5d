public import Core
public import Workspace

/// A piece of the work in all its takes: other answers to the same question, of which one is chosen.
public struct Piece: Hashable, Sendable {
    /// What all takes have in common; for an artifact that has no takes its own id.
    public let id: String
    /// The first take first.
    public let takes: [Artifact]

    /// The take that counts: the one that was accepted last, else the newest.
    ///
    /// One that was brought back for rework, and an answer that could not be read, count only where there is no other.
    public var chosen: Artifact? {
        let ready = takes.filter { !$0.isDemoted && $0.needsReview == nil }
        let candidates = ready.isEmpty ? takes : ready
        let accepted = candidates.filter(\.isAccepted)
        return accepted.max { ($0.acceptedAt, $0.take, $0.id) < ($1.acceptedAt, $1.take, $1.id) } ?? candidates.last
    }

    /// The pieces of some artifacts, in the order of their ids.
    public static func all(of artifacts: [Artifact]) -> [Piece] {
        Dictionary(grouping: artifacts, by: \.pieceID).sorted { $0.key < $1.key }.map { id, takes in
            Piece(id: id, takes: takes.sorted { ($0.take, $0.modified, $0.id) < ($1.take, $1.modified, $1.id) })
        }
    }

    /// Marks a take as the one that counts, and none of the others, as they stand in a store.
    ///
    /// Throws `missing` when there is no such work in progress, and `conflict` when somebody changed a take meanwhile.
    public static func accept(
        _ id: String, in store: any StateStore, at moment: Moment
    ) throws(WorkspaceError) -> Piece {
        let artifact = try store.workInProgress(id)
        var others = try store.artifacts(ofType: artifact.type).filter {
            $0.id != id && $0.pieceID == artifact.pieceID
        }
        let accepted = artifact.changed { metadata in
            metadata["accepted"] = true
            metadata["accepted_at"] = JSONValue(LocalTimestamp.text(of: moment))
            metadata["demoted"] = nil
        }
        // The mark that was set last counts, so that a kill between the two leaves the new choice.
        try store.write(accepted, .hot, over: artifact.stamp)
        for (index, other) in others.enumerated() where other.isAccepted {
            others[index] = other.changed { metadata in
                metadata["accepted"] = nil
                metadata["accepted_at"] = nil
            }
            try store.write(others[index], .hot, over: other.stamp)
        }
        return Piece(id: artifact.pieceID, takes: all(of: [accepted] + others).first?.takes ?? [accepted])
    }
}

extension Artifact {
    /// What all takes of a piece have in common.
    public var pieceID: String { metadata["provenance"]?["piece"]?.string ?? id }
    /// Which take it is, from 1.
    public var take: Int { max(1, metadata["provenance"]?["take"]?.int ?? 1) }
    /// Whether somebody has chosen it among its piece's takes.
    public var isAccepted: Bool { metadata["accepted"]?.bool == true }
    fileprivate var acceptedAt: String { metadata["accepted_at"]?.string ?? "" }
    fileprivate var isDemoted: Bool { metadata["demoted"]?.bool == true }
}

extension StateStore {
    /// Work in progress that somebody names. Throws `badName` for what cannot be an id, and `missing`, with the remedy, when
    /// there is none.
    package func workInProgress(_ id: String) throws(WorkspaceError) -> Artifact {
        guard Artifact.isSafe(id) else { throw Artifact.badName(id) }
        if let artifact = try artifact(id, .hot) { return artifact }
        let name = id.visible()
        guard try artifact(id, .cold) == nil else {
            throw WorkspaceError(
                .missing, id,
                "\(name) has passed the gate and does not change any more: `questfoundry artifacts demote \(name)` "
                    + "brings it back for rework")
        }
        throw WorkspaceError(.missing, id, "there is no artifact \(name); `questfoundry artifacts list` shows them all")
    }
}
