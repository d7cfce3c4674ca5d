public import Core

/// A project's state as one portable file, which any store can read again: JSON Lines in UTF-8.
///
/// The first line says what the file is, the last one how many records came before it, so that a file that was cut off is
/// known as such; each line between is one ``StateRecord``.
public struct StateExport: Sendable {
    static let format = "questfoundry-state"
    static let formatVersion = 1

    private let store: any StateStore
    private let includesHistory: Bool

    public init(of store: any StateStore, includesHistory: Bool) {
        self.store = store
        self.includesHistory = includesHistory
    }

    /// Writes the whole state line by line; returns how many records there are. Throws what `write` throws, and when
    /// anything of the state cannot be read: an export that leaves something out is none.
    public func write(at moment: Moment, _ write: (String) throws -> Void) throws -> Int {
        let project = try store.project()
        let head: JSONValue = [
            "format": JSONValue(Self.format), "version": JSONValue(Self.formatVersion),
            "name": JSONValue(project.name), "exported": JSONValue(LocalTimestamp.text(of: moment)),
        ]
        try write(head.text() + "\n")
        var count = 0
        func put(_ record: StateRecord) throws {
            count += 1
            try write(record.json.text() + "\n")
        }
        try put(.project(project))
        let page = try store.artifacts(ArtifactQuery())
        if let problem = page.problems.first { throw problem }
        for summary in page.summaries {
            guard let artifact = try store.artifact(summary.id, summary.temperature) else { continue }
            try put(.artifact(artifact, summary.temperature))
        }
        for snapshot in try store.snapshots().reversed() {
            try put(.snapshot(snapshot, holding: try store.contents(ofSnapshot: snapshot.id)))
        }
        for unit in try store.units().reversed() { try put(.unit(unit)) }
        if includesHistory { for entry in try store.history() { try put(.history(entry)) } }
        let tail: JSONValue = ["record": "end", "records": JSONValue(count)]
        try write(tail.text() + "\n")
        return count
    }
}
