import Core

/// Where a project's state is kept: what it is about, its artifacts, its thematic units and its snapshots.
///
/// Each call is atomic for all threads and, where the store is shared, for all processes, and what it wrote is durable when
/// it returns. Reading changes nothing, for nobody. Calls block. Every call throws a ``WorkspaceError`` that names the
/// place when the state cannot be read or written, and changes nothing then.
public protocol StateStore: Sendable {
    /// What the project is about.
    func project() throws(WorkspaceError) -> ProjectInfo
    func save(_ project: ProjectInfo) throws(WorkspaceError)

    /// The artifact of that id; nil when there is none, or the id cannot be one. Of several under one id the one that was
    /// modified last.
    func artifact(_ id: String, _ temperature: Temperature) throws(WorkspaceError) -> Artifact?
    /// Every artifact of a type, of all types where it is nil, whole, in the order of the ids. Throws when one of them cannot
    /// be read.
    func artifacts(ofType type: String?, _ temperature: Temperature) throws(WorkspaceError) -> [Artifact]
    /// The artifacts that a query asks for, in short. What cannot be read is told in the page, and ends nothing.
    func artifacts(_ query: ArtifactQuery) throws(WorkspaceError) -> ArtifactPage
    /// Makes changes of different artifacts, those of finished ones first and all at once.
    ///
    /// Throws `conflict`, which names both, when somebody else has changed one of them since it was read, and `badName` when
    /// an id cannot be one. Where the store is made of files, a kill may leave work in progress as it was before.
    func make(_ changes: [StateChange]) throws(WorkspaceError)
    /// Moves the work in progress that has this stamp into the bin: whatever ends the program, it is in one of the two
    /// places. Throws `conflict` when there is another one under the id, or none.
    func discard(_ id: String, stamp: Stamp, into bin: Bin) throws(WorkspaceError)

    /// The thematic unit of that id; nil when there is none.
    func unit(_ id: String) throws(WorkspaceError) -> ThematicUnit?
    /// Every thematic unit, the one that was modified last first.
    func units() throws(WorkspaceError) -> [ThematicUnit]
    func save(_ unit: ThematicUnit) throws(WorkspaceError)

    /// Every snapshot, the newest first.
    func snapshots() throws(WorkspaceError) -> [Snapshot]
    /// What a snapshot holds, in the order of the ids; nothing for one of questfoundry-py.
    func contents(ofSnapshot id: String) throws(WorkspaceError) -> [Artifact]
    /// Adds a snapshot and what it holds. Throws `exists` when there is one of that id, and `needsMigration` where the
    /// workspace's version keeps no contents.
    func add(_ snapshot: Snapshot, holding artifacts: [Artifact]) throws(WorkspaceError)

    /// What was done to finished artifacts and snapshots, the oldest first.
    func history() throws(WorkspaceError) -> [HistoryEntry]
    /// Adds an entry as it is: for state that comes from elsewhere.
    func add(_ entry: HistoryEntry) throws(WorkspaceError)

    /// Replaces everything that the store holds by what a source holds; the history only where the source tells one.
    ///
    /// Readers may see a mixture meanwhile where the store is made of files. When it ends half-way there is one to stay:
    /// take a backup before.
    func replaceAll(with source: StateSource) throws(WorkspaceError)

    /// Where an artifact lies, in words for people: a path relative to the workspace where it is a file.
    func place(of artifact: Artifact, _ temperature: Temperature) -> String
}

/// Whether an artifact is work in progress or has passed the gate.
public enum Temperature: String, Hashable, Sendable, CaseIterable { case hot, cold }

extension StateStore {
    /// The work in progress of a type, as ``artifacts(ofType:_:)`` gives it.
    public func artifacts(ofType type: String) throws(WorkspaceError) -> [Artifact] {
        try artifacts(ofType: type, .hot)
    }

    /// One after another, as a store does it that has no shorter way.
    public func artifacts(
        ofType type: String?, _ temperature: Temperature
    ) throws(WorkspaceError) -> [Artifact] {
        let page = try artifacts(ArtifactQuery(temperature: temperature, type: type))
        if let problem = page.problems.first { throw problem }
        var artifacts: [Artifact] = []
        for summary in page.summaries {
            // One that was removed meanwhile is not there any more.
            guard let artifact = try artifact(summary.id, temperature) else { continue }
            artifacts.append(artifact)
        }
        return artifacts
    }

    /// The error of a writer who has not seen what is there now.
    package func conflict(_ id: String, now: Artifact?, writing: Artifact?) -> WorkspaceError {
        let theirs = now.map { "is now \($0.versionInWords)" } ?? "was removed"
        let ours = writing.map { "; \($0.versionInWords) was not written" } ?? "; it was not removed"
        return WorkspaceError(
            .conflict, id, "\(id.visible()) \(theirs), changed since it was read\(ours): read it again")
    }
}

extension Artifact {
    /// Which revision of whom this is.
    fileprivate var versionInWords: String {
        let author = metadata["author"]?.string ?? ""
        return "revision \(revision)" + (author.isEmpty ? "" : " by \(author.prefix(80).visible())")
    }
}
