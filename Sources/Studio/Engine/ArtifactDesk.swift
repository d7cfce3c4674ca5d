import Core
import Generation
import ResponseCache
import Workspace

/// Where a run reads the workspace's artifacts and keeps its own.
struct ArtifactDesk: Sendable {
    /// Where content comes from.
    enum Origin: Sendable {
        case answer(Generated)
        /// An answer that was kept before, with what was noted of it then.
        case earlier(JSONObject)
        /// The program itself.
        case program
    }

    /// What led to an artifact.
    struct Work: Sendable {
        var assignment: LoopEngine.Assignment
        var step: Loop.Step
        /// The id that the piece's first take has.
        var piece: String
        var origin: Origin
        /// What is wrong with the answer, when it is kept word for word.
        var needsReview: String?
        /// How often the step was begun afresh.
        var redos = 0
    }

    let store: any StateStore
    let info: ProjectInfo
    let time: any TimeSource
    let media: MediaFolder
    /// Where what a step that was done again has not written again goes.
    let bin: Bin
    /// The workspace's own folder.
    let root: String

    var bookbinder: Bookbinder { Bookbinder(store: store, name: info.name, media: media) }

    /// Does something with the store itself.
    func state<Value>(_ body: (any StateStore) throws(WorkspaceError) -> Value) throws(RunError) -> Value {
        do {
            return try body(store)
        } catch {
            throw RunError(error)
        }
    }

    /// Keeps a picture or a sound, durably; returns where, relative to the workspace's own folder.
    func keep(_ media: Media, as id: String) throws(RunError) -> String {
        do { return try self.media.keep(media, as: id) } catch { throw RunError(error) }
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
        let artifacts = try state { store throws(WorkspaceError) in
            try store.artifacts(ofType: type).filter { $0.needsReview == nil }
        }
        guard !ids.isEmpty else { return Piece.all(of: artifacts).compactMap(\.chosen).map(ReadableArtifact.init) }
        return artifacts.filter { ids.contains($0.id) }.map(ReadableArtifact.init)
    }

    /// The types of the work in progress; nil when some of it cannot be read.
    func typesInWork() throws(RunError) -> Set<String>? {
        let page = try state { store throws(WorkspaceError) in
            try store.artifacts(ArtifactQuery(temperature: .hot))
        }
        return page.problems.isEmpty ? Set(page.summaries.map(\.type)) : nil
    }

    /// Of every piece in work the take that counts, in the order of their ids.
    func artifactsInWork() throws(RunError) -> [ReadableArtifact] {
        try state { store throws(WorkspaceError) in
            var artifacts: [Artifact] = []
            for summary in try store.artifacts(ArtifactQuery(temperature: .hot)).summaries {
                guard let artifact = try store.artifact(summary.id, .hot), artifact.needsReview == nil else { continue }
                artifacts.append(artifact)
            }
            return Piece.all(of: artifacts).compactMap(\.chosen).map(ReadableArtifact.init)
        }
    }

    /// What there is in short, as a step reads it: of the work in progress, or of what is finished; nil when there is none.
    func listing(_ temperature: Temperature) throws(RunError) -> ReadableArtifact? {
        let summaries = try state { store throws(WorkspaceError) in
            try store.artifacts(ArtifactQuery(temperature: temperature)).summaries
        }
        let entries = summaries.filter { $0.type != ReadableArtifact.noteType }.map { ($0.id, $0.type, $0.title) }
        return entries.isEmpty ? nil : Self.listing(entries, id: temperature.rawValue, type: temperature.rawValue)
    }

    /// The ids of what is finished, of some types, in their order.
    func coldArtifacts(ofTypes types: [String]) throws(RunError) -> [String] {
        let summaries = try state { store throws(WorkspaceError) in
            try store.artifacts(ArtifactQuery(temperature: .cold)).summaries
        }
        return summaries.filter { types.contains($0.type) }.map(\.id).sorted()
    }

    /// What the newest snapshot holds, in short; nil when there is none.
    func newestSnapshot() throws(RunError) -> ReadableArtifact? {
        let newest = try state { store throws(WorkspaceError) in try store.snapshots().first }
        return try newest.map { snapshot throws(RunError) in try listing(of: snapshot) }
    }

    /// The snapshot that holds these artifacts as they are now; nil when nobody has taken it.
    func snapshot(of ids: [String]) throws(RunError) -> ReadableArtifact? {
        let taken = try state { store throws(WorkspaceError) in
            try Promotion(store: store, time: time).takenSnapshot(of: ids)
        }
        return try taken.map { snapshot throws(RunError) in try listing(of: snapshot) }
    }

    func listing(of snapshot: Snapshot) throws(RunError) -> ReadableArtifact {
        let held = try state { store throws(WorkspaceError) in try store.contents(ofSnapshot: snapshot.id) }
        return Self.listing(
            held.map { ($0.id, $0.type, $0.title) }, id: snapshot.id, type: ReadableArtifact.snapshotType)
    }

    static func listing(_ entries: [(id: String, type: String, title: String)], id: String, type: String)
        -> ReadableArtifact
    {
        let artifacts = entries.map { entry -> JSONValue in
            ["id": JSONValue(entry.id), "type": JSONValue(entry.type), "title": JSONValue(entry.title)]
        }
        return ReadableArtifact(id: id, type: type, data: ["artifacts": .array(artifacts)])
    }

    /// The newest take of a piece up to one; nil when there is none that can be read.
    func artifact(ofPiece piece: String, upTo take: Int) throws(RunError) -> ReadableArtifact? {
        try state { store throws(WorkspaceError) in
            for take in stride(from: take, through: 1, by: -1) {
                // What has passed the gate is no work in progress any more.
                for temperature in [Temperature.hot, .cold] {
                    let artifact = try store.artifact(DerivedID.take(take, of: piece), temperature)
                    if let artifact, artifact.needsReview == nil { return ReadableArtifact(artifact) }
                }
            }
            return nil
        }
    }

    /// What a step of a run has kept under an id since it was begun afresh for the last time, `redos` times in all; nil
    /// when the last to write it was somebody else.
    func artifact(_ id: String, by step: Loop.Step, in run: ULID, redos: Int) throws(RunError) -> Artifact? {
        guard let artifact = try state({ store throws(WorkspaceError) in try store.artifact(id, .hot) }) else {
            return nil
        }
        let provenance = artifact.metadata["provenance"]
        // Steps of two loops of one run may have one name, and write one scene.
        let isItsOwn =
            provenance?["run"]?.string == run.description && provenance?["loop"]?.string == step.loop
            && provenance?["step"]?.string == step.name && provenance?["redo"]?.int ?? 0 == redos
        return isItsOwn ? artifact : nil
    }

    func stored(_ artifact: Artifact) -> StoredArtifact {
        // A working note is known by its step.
        let step = artifact.type == ReadableArtifact.noteType ? ReadableArtifact(artifact).step : nil
        return StoredArtifact(
            id: artifact.id, type: artifact.type, revision: artifact.revision,
            path: store.place(of: artifact, .hot), title: step ?? artifact.title, needsReview: artifact.needsReview)
    }

    /// Whether there is an artifact of that id, one that needs review included.
    func holds(_ id: String) throws(RunError) -> Bool {
        try state { store throws(WorkspaceError) in try store.artifact(id, .hot) != nil }
    }

    /// Whether there is an artifact of that id that can be read.
    func holdsReadable(_ id: String) throws(RunError) -> Bool {
        try state { store throws(WorkspaceError) in
            guard let artifact = try store.artifact(id, .hot) else { return false }
            return artifact.needsReview == nil
        }
    }

    /// Moves what a run has written into the bin. Returns false, and leaves it, when somebody else has changed it since.
    func discard(_ id: String, writtenIn run: ULID) throws(RunError) -> Bool {
        try state { store throws(WorkspaceError) in
            guard let artifact = try store.artifact(id, .hot), artifact.isOfALoop,
                artifact.metadata["provenance"]?["run"]?.string == run.description
            else { return false }
            try store.discard(id, stamp: artifact.stamp, into: bin)
            return true
        }
    }

    /// Keeps what a step wrote, durably. An artifact that somebody else has changed meanwhile stays as it is: the
    /// answer is then still in the cache and in the journal.
    func keep(
        _ data: JSONObject, type: String, id: String, work: Work
    ) throws(RunError) -> (stored: StoredArtifact, isEditedOutside: Bool) {
        let draft = ArtifactDraft(
            id: id, type: type, data: .object(data), author: work.role.rawValue, step: work.step.path,
            provenance: work.provenance, needsReview: work.needsReview)
        let (artifact, outcome) = try state { store throws(WorkspaceError) in try store.keep(draft, at: time.now()) }
        return (stored(artifact), outcome == .editedOutside)
    }
}

extension ArtifactDesk.Work {
    /// Who wrote it.
    var role: RoleName {
        if case .answer(let generated) = origin { generated.record.role } else { step.role }
    }

    /// Where the content comes from. What it cost is what the first answer cost, also when this one was a hit.
    fileprivate var provenance: JSONObject {
        if case .earlier(var provenance) = origin {
            // One answer may have been about several artifacts.
            provenance["piece"] = JSONValue(piece)
            return provenance
        }
        var provenance = JSONObject([("role", JSONValue(role.rawValue))])
        if case .answer(let generated) = origin {
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
        if redos > 0 { provenance["redo"] = JSONValue(redos) }
        provenance["piece"] = JSONValue(piece)
        provenance["loop"] = JSONValue(step.loop)
        provenance["step"] = JSONValue(step.name)
        return provenance
    }
}
