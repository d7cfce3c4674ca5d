import Core
import Generation
import ResponseCache
import Workspace

/// Where a run reads the workspace's artifacts and keeps its own.
struct ArtifactDesk: Sendable {
    /// What led to an artifact.
    struct Work: Sendable {
        var assignment: LoopEngine.Assignment
        var loop: String
        var step: String
        var generated: Generated
        /// What is wrong with the answer, when it is kept word for word.
        var needsReview: String?
    }

    let store: any StateStore
    let info: ProjectInfo
    let time: any TimeSource

    /// What the project is about: name and brief, without any time.
    var project: ReadableArtifact {
        var data = JSONObject([("name", JSONValue(info.name))])
        if !info.brief.isEmpty { data["brief"] = JSONValue(info.brief) }
        return ReadableArtifact(id: "project", type: "project_metadata", data: .object(data))
    }

    /// The artifacts of a type in the order of their ids, without those whose answer could not be read.
    func artifacts(ofType type: String) throws(RunError) -> [ReadableArtifact] {
        do {
            return try store.artifacts(ofType: type).filter { $0.needsReview == nil }.map(ReadableArtifact.init)
        } catch {
            throw RunError(.storage, error.message)
        }
    }

    /// The artifact of that id; nil when there is none that can be read.
    func artifact(id: String) throws(RunError) -> ReadableArtifact? {
        do {
            guard let artifact = try store.artifact(id, .hot), artifact.needsReview == nil else { return nil }
            return ReadableArtifact(artifact)
        } catch {
            throw RunError(.storage, error.message)
        }
    }

    /// Whether there is an artifact of that id, one that needs review included.
    func holds(_ id: String) throws(RunError) -> Bool {
        do { return try store.artifact(id, .hot) != nil } catch { throw RunError(.storage, error.message) }
    }

    /// Keeps what a step wrote, durably. An artifact that somebody else has changed meanwhile stays as it is: the
    /// answer is then still in the cache and in the journal.
    func keep(
        _ data: JSONObject, type: String, id: String, work: Work
    ) throws(RunError) -> (stored: StoredArtifact, isEditedOutside: Bool) {
        let draft = ArtifactDraft(
            id: id, type: type, data: .object(data), author: work.generated.record.role.rawValue,
            step: "\(work.loop)/\(work.step)", provenance: work.provenance, needsReview: work.needsReview)
        do {
            let (artifact, outcome) = try store.keep(draft, at: time.now())
            let stored = StoredArtifact(
                id: artifact.id, type: artifact.type, revision: artifact.revision,
                path: store.place(of: artifact, .hot), title: artifact.title, needsReview: artifact.needsReview)
            return (stored, outcome == .editedOutside)
        } catch {
            throw RunError(.storage, error.message)
        }
    }
}

extension ArtifactDesk.Work {
    /// Where the content comes from. What it cost is what the first answer cost, also when this one was a hit.
    fileprivate var provenance: JSONObject {
        let record = generated.record
        let cost = record.source == .provider ? record.cost : record.savedCost
        return JSONObject([
            ("role", JSONValue(record.role.rawValue)), ("provider", JSONValue(record.provider)),
            ("model", JSONValue(record.model)),
            ("input_tokens", JSONValue(record.usage.allInputTokens)),
            ("output_tokens", JSONValue(record.usage.outputTokens)), ("cost", JSONValue(cost?.dollars)),
            ("cache_key", JSONValue(generated.key.description)), ("run", JSONValue(assignment.run.description)),
            ("seed", assignment.seed.map { JSONValue($0) } ?? .null), ("take", JSONValue(assignment.take)),
        ])
    }
}

extension ReadableArtifact {
    fileprivate init(_ artifact: Artifact) {
        self.init(id: artifact.id, type: artifact.type, data: artifact.data)
    }
}
