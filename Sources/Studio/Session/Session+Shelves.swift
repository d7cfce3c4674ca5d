public import Core
public import Workspace

/// What a person does with artifacts. Each action is whole when it returns, and none needs a run.
extension Session {
    /// What there is to read of an artifact.
    public struct Shown: Hashable, Sendable {
        public var artifact: Artifact
        public var temperature: Temperature
        /// Where it lies, for people.
        public var place: String
        /// The takes of its piece on the same shelf.
        public var piece: Piece
    }

    /// An artifact, as work in progress where there is some, or on the shelf that is named. Throws `missing` when there is none.
    public func artifact(_ id: String, on shelf: Temperature? = nil) throws(WorkspaceError) -> Shown {
        guard Artifact.isSafe(id) else { throw Artifact.badName(id) }
        for temperature in [Temperature.hot, .cold] where shelf ?? temperature == temperature {
            guard let artifact = try store.artifact(id, temperature) else { continue }
            let hasTakes = artifact.metadata["provenance"]?["piece"]?.string != nil
            let others = hasTakes ? try store.artifacts(ofType: artifact.type, temperature) : [artifact]
            let piece = Piece.all(of: others).first { $0.id == artifact.pieceID }
            return Shown(
                artifact: artifact, temperature: temperature, place: store.place(of: artifact, temperature),
                piece: piece ?? Piece(id: id, takes: [artifact]))
        }
        throw WorkspaceError(
            .missing, id,
            "there is no \(shelf.map { "\($0.rawValue) " } ?? "")artifact \(id.visible()); "
                + "`questfoundry artifacts list` shows them all")
    }

    /// What a choice, or whatever names an artifact, leads to: the take of that piece which counts. Where its first take is
    /// gone, the others still go by its name.
    package func piece(_ id: String, on shelf: Temperature? = nil) throws(WorkspaceError) -> Shown {
        let found: Shown
        do throws(WorkspaceError) { found = try artifact(id, on: shelf) } catch {
            guard error.code == .missing, let other = try otherTake(of: id, on: shelf) else { throw error }
            found = try artifact(other.id, on: shelf)
        }
        guard let chosen = found.piece.chosen, chosen.id != found.artifact.id else { return found }
        return Shown(
            artifact: chosen, temperature: found.temperature, place: store.place(of: chosen, found.temperature),
            piece: found.piece)
    }

    private func otherTake(of id: String, on shelf: Temperature?) throws(WorkspaceError) -> Artifact? {
        for temperature in [Temperature.hot, .cold] where shelf ?? temperature == temperature {
            for type in StoryScene.types.sorted() {
                let takes = try store.artifacts(ofType: type, temperature)
                if let take = takes.first(where: { $0.pieceID == id }) { return take }
            }
        }
        return nil
    }

    /// Work in progress as a person edits it.
    public func edit(_ id: String, isWhole: Bool = false) throws(WorkspaceError) -> ArtifactEdit {
        ArtifactEdit(try store.workInProgress(id), isWhole: isWhole)
    }

    /// Keeps what a person made of an artifact as its next revision. Throws `conflict` when somebody else changed it since
    /// the edit began.
    public func keep(_ edit: ArtifactEdit, data: JSONValue) throws(WorkspaceError) -> Artifact {
        defer { knownState = nil }
        let next = edit.revision(data, at: environment.time.now())
        try store.write(next, .hot, over: edit.artifact.stamp)
        return next
    }

    /// Chooses a take of a piece; the piece's other takes are not chosen any more.
    public func accept(_ id: String) throws(WorkspaceError) -> Piece {
        try Piece.accept(id, in: store, at: environment.time.now())
    }

    /// Moves work in progress into the bin, where it is kept for ``Bin/keptDays`` days. Throws before anything is moved when
    /// one of them is not there.
    public func delete(_ ids: [String]) throws(WorkspaceError) {
        defer { knownState = nil }
        var artifacts: [Artifact] = []
        for id in Set(ids).sorted() { artifacts.append(try store.workInProgress(id)) }
        try bin.purge()
        for artifact in artifacts { try store.discard(artifact.id, stamp: artifact.stamp, into: bin) }
    }

    /// Brings back what was deleted last under an id. Throws `exists` when there is such an artifact again.
    public func undelete(_ id: String) throws(WorkspaceError) -> Artifact {
        defer { knownState = nil }
        return try store.bringBack(id, from: bin)
    }

    /// What can be brought back, what was deleted last first.
    public func deleted() throws(WorkspaceError) -> [BinEntry] { try bin.all() }

    /// Freezes artifacts as they are now; the same content is the same snapshot.
    public func snapshot(of ids: [String], description: String) throws(WorkspaceError) -> Snapshot {
        defer { knownState = nil }
        return try promotion.snapshot(ids, description: description)
    }

    /// Freezes artifacts in a snapshot and makes them cold. Throws `blocked` when the gate does not let one of them through;
    /// nothing is changed then.
    public func promote(_ ids: [String]) throws(WorkspaceError) -> (artifacts: [Artifact], snapshot: Snapshot) {
        defer { knownState = nil }
        try promotion.check(ids)
        let snapshot = try promotion.snapshot(ids, description: "promoted \(ids.count) artifacts")
        return (try promotion.promote(ids, into: snapshot), snapshot)
    }

    /// Copies cold artifacts back into the work in progress; the cold ones stay.
    public func demote(_ ids: [String]) throws(WorkspaceError) -> [Artifact] {
        defer { knownState = nil }
        return try promotion.demote(ids)
    }

    private var promotion: Promotion { Promotion(store: store, time: environment.time) }

    var bin: Bin { Bin(workspace, time: environment.time) }
}
