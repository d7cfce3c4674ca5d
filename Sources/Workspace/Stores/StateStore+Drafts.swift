public import Core

/// What became of a draft.
public enum DraftOutcome: Hashable, Sendable {
    case written
    /// The same step had written the same content before, so nothing changed.
    case unchanged
    /// Somebody has changed the artifact since this program wrote it; it was left as it is.
    case editedOutside
}

extension StateStore {
    /// Keeps a draft as the artifact's next revision, unless the step has written the same before, or somebody has
    /// changed the artifact meanwhile. The artifact that is there afterwards is durable.
    public func keep(
        _ draft: ArtifactDraft, at moment: Moment
    ) throws(WorkspaceError) -> (artifact: Artifact, outcome: DraftOutcome) {
        guard Artifact.isSafe(draft.id) else { throw Artifact.badName(draft.id) }
        let hash = Artifact.contentHash(of: draft.data)
        var current = try artifact(draft.id, .hot)
        while true {
            if let current, current.hashWritten(by: draft.step) == hash { return (current, .unchanged) }
            if let current, !current.isOfALoop { return (current, .editedOutside) }
            let next = draft.revision(after: current, hash: hash, at: moment)
            do {
                try write(next, .hot, over: current?.stamp)
                return (next, .written)
            } catch {
                // Somebody was faster: what they wrote decides anew. Of two who meet, one always gets through.
                let meanwhile = try error.code == .conflict ? artifact(draft.id, .hot) : current
                guard meanwhile != current else { throw error }
                current = meanwhile
            }
        }
    }
}

extension ArtifactDraft {
    /// The artifact that the draft makes of the one before.
    fileprivate func revision(after current: Artifact?, hash: String, at moment: Moment) -> Artifact {
        let now = JSONValue(LocalTimestamp.text(of: moment))
        var metadata = current?.metadata ?? JSONObject([("id", JSONValue(id)), ("created", now)])
        var written = metadata["written"]?.object ?? JSONObject()
        written[step] = JSONValue(hash)
        metadata["modified"] = now
        metadata["author"] = JSONValue(author)
        metadata["revision"] = JSONValue((current?.revision ?? 0) + 1)
        metadata["content_hash"] = JSONValue(hash)
        metadata["written"] = .object(written)
        metadata["provenance"] = .object(provenance)
        metadata["needs_review"] = needsReview.map { JSONValue($0) }
        var document = current?.document ?? JSONObject()
        document["type"] = JSONValue(type)
        document["data"] = data
        document["metadata"] = .object(metadata)
        return Artifact(document: document, id: id)
    }
}
