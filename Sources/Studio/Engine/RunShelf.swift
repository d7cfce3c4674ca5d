import Core

/// What one run has written so far, and so what its later steps read.
struct RunShelf: Sendable {
    private var artifacts: [ReadableArtifact] = []
    /// Where the takes of a piece lie in `artifacts`.
    private var places: [String: Int] = [:]
    /// The pieces that the loop under way has written, in order.
    private var written: [String] = []
    private var isWritten: Set<String> = []
    private var notes: [String: [ReadableArtifact]] = [:]
    /// What the loop under way has read or written, by id.
    private var seen: [ReadableArtifact] = []
    private var seenPlaces: [String: Int] = [:]

    /// What the loop under way has found in the workspace, by type.
    private var found: [String: [ReadableArtifact]] = [:]
    /// The types that the workspace held when the loop under way began; nil while nobody has looked.
    private var types: Set<String>?

    /// Begins the next loop of a run that is made of several.
    mutating func beginLoop() {
        written = []
        isWritten = []
        notes = [:]
        found = [:]
        types = nil
        seen = []
        seenPlaces = [:]
    }

    /// Adds what a step wrote; a later take or revision of a piece takes its place.
    mutating func put(_ artifact: ReadableArtifact) {
        if artifact.type == ReadableArtifact.noteType {
            notes[artifact.step ?? "", default: []].append(artifact)
            return
        }
        if let place = places[artifact.piece] {
            artifacts[place] = artifact
        } else {
            places[artifact.piece] = artifacts.count
            artifacts.append(artifact)
        }
        if isWritten.insert(artifact.piece).inserted { written.append(artifact.piece) }
        see([artifact])
    }

    /// Notes what the workspace holds of a type.
    mutating func note(_ artifacts: [ReadableArtifact], of type: String) { found[type] = artifacts }

    /// Notes the types of all that the workspace holds.
    mutating func note(types: Set<String>?) { self.types = types }

    /// What the loop has found in the workspace of a type, if that is known.
    func found(_ type: String) -> [ReadableArtifact]? { found[type] ?? (types?.contains(type) == false ? [] : nil) }

    /// Notes what a step has read.
    mutating func see(_ artifacts: [ReadableArtifact]) {
        for artifact in artifacts {
            if let place = seenPlaces[artifact.piece] {
                seen[place] = artifact
            } else {
                seenPlaces[artifact.piece] = seen.count
                seen.append(artifact)
            }
        }
    }

    /// The artifacts of a type in the order in which the run wrote them first.
    func artifacts(ofType type: String) -> [ReadableArtifact] { artifacts.filter { $0.type == type } }

    /// Everything that the run wrote but its working notes.
    var all: [ReadableArtifact] { artifacts }

    /// What a run wrote of a piece; nil when it wrote none.
    func artifact(ofPiece piece: String) -> ReadableArtifact? { places[piece].map { artifacts[$0] } }

    /// What the loop under way has written, in the order in which it did first.
    var writtenByLoop: [ReadableArtifact] { written.compactMap { artifact(ofPiece: $0) } }

    /// The working notes of a step of the loop under way.
    func notes(of step: String) -> [ReadableArtifact] { notes[step] ?? [] }

    /// What the loop under way has read or written of a type.
    func seen(ofType type: String) -> [ReadableArtifact] { seen.filter { $0.type == type } }
    var allSeen: [ReadableArtifact] { seen }
}
