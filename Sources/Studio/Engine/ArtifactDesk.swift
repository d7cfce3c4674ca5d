import Core
import Generation
import ResponseCache
import Workspace

/// Where a run reads the workspace's artifacts and keeps its own.
struct ArtifactDesk: Sendable {
    /// What led to an artifact.
    struct Work: Sendable {
        var assignment: LoopEngine.Assignment
        var step: Loop.Step
        /// The id that the piece's first take has.
        var piece: String
        /// nil for what the program made by itself.
        var generated: Generated?
        /// What is wrong with the answer, when it is kept word for word.
        var needsReview: String?
    }

    let store: any StateStore
    let info: ProjectInfo
    let time: any TimeSource
    let media: MediaFolder

    /// Keeps a picture or a sound, durably; returns where, relative to the workspace's own folder.
    func keep(_ media: Media, as id: String) throws(RunError) -> String {
        do { return try self.media.keep(media, as: id) } catch { throw RunError(.storage, error.message) }
    }

    /// What the project is about: name and brief, without any time.
    var project: ReadableArtifact {
        var data = JSONObject([("name", JSONValue(info.name))])
        if !info.brief.isEmpty { data["brief"] = JSONValue(info.brief) }
        return ReadableArtifact(id: "project", type: "project_metadata", data: .object(data))
    }

    /// The artifacts of a type in the order of their ids, of each piece one take, without those whose answer could not be
    /// read. `ids` are the only ones that are wanted; empty for all.
    func artifacts(ofType type: String, only ids: Set<String> = []) throws(RunError) -> [ReadableArtifact] {
        do {
            let artifacts = try store.artifacts(ofType: type).filter { $0.needsReview == nil }
            guard !ids.isEmpty else { return Self.chosenTakes(of: artifacts) }
            return artifacts.filter { ids.contains($0.id) }.map(ReadableArtifact.init)
        } catch {
            throw RunError(.storage, error.message)
        }
    }

    /// Of each piece the take that was accepted, else the newest, each where the piece's first take stands.
    private static func chosenTakes(of artifacts: [Artifact]) -> [ReadableArtifact] {
        var chosen: [ReadableArtifact] = []
        var places: [String: (index: Int, isAccepted: Bool)] = [:]
        for artifact in artifacts {
            let take = ReadableArtifact(artifact)
            let isAccepted = artifact.metadata["accepted"]?.bool == true
            guard let place = places[take.piece] else {
                places[take.piece] = (chosen.count, isAccepted)
                chosen.append(take)
                continue
            }
            guard isAccepted || (!place.isAccepted && take.take > chosen[place.index].take) else { continue }
            chosen[place.index] = take
            places[take.piece] = (place.index, isAccepted)
        }
        return chosen
    }

    /// The newest take of a piece up to one; nil when there is none that can be read.
    func artifact(ofPiece piece: String, upTo take: Int) throws(RunError) -> ReadableArtifact? {
        do {
            for take in stride(from: take, through: 1, by: -1) {
                if let artifact = try store.artifact(DerivedID.take(take, of: piece), .hot), artifact.needsReview == nil {
                    return ReadableArtifact(artifact)
                }
            }
            return nil
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
            id: id, type: type, data: .object(data), author: work.role.rawValue, step: work.step.path,
            provenance: work.provenance, needsReview: work.needsReview)
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
    /// Who wrote it.
    var role: RoleName { generated?.record.role ?? step.role }

    /// Where the content comes from. What it cost is what the first answer cost, also when this one was a hit.
    fileprivate var provenance: JSONObject {
        var provenance = JSONObject([("role", JSONValue(role.rawValue))])
        if let generated {
            let record = generated.record
            let cost = record.source == .provider ? record.cost : record.savedCost
            provenance["provider"] = JSONValue(record.provider)
            provenance["model"] = JSONValue(record.model)
            provenance["input_tokens"] = JSONValue(record.usage.allInputTokens)
            provenance["output_tokens"] = JSONValue(record.usage.outputTokens)
            provenance["cost"] = JSONValue(cost?.dollars)
            provenance["cache_key"] = JSONValue(generated.key.description)
        }
        provenance["run"] = JSONValue(assignment.run.description)
        provenance["seed"] = assignment.seed.map { JSONValue($0) } ?? .null
        provenance["take"] = JSONValue(assignment.take)
        provenance["piece"] = JSONValue(piece)
        provenance["step"] = JSONValue(step.name)
        return provenance
    }
}
