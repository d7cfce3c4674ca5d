import Core

/// An artifact as a step reads it.
struct ReadableArtifact: Hashable, Sendable {
    var id: String
    var type: String
    var data: JSONValue

    /// How it stands in a prompt.
    var passage: Prompt.Passage { Prompt.Passage(heading: "\(type) \(id)", text: data.text()) }
}

/// What one run has written so far, and so what its later steps read.
struct RunShelf: Sendable {
    private var artifacts: [ReadableArtifact] = []

    /// Adds an artifact; the next revision of one takes its place.
    mutating func put(_ artifact: ReadableArtifact) {
        if let index = artifacts.firstIndex(where: { $0.id == artifact.id }) {
            artifacts[index] = artifact
        } else {
            artifacts.append(artifact)
        }
    }

    /// The artifacts of a type in the order in which the run wrote them.
    func artifacts(ofType type: String) -> [ReadableArtifact] { artifacts.filter { $0.type == type } }

    func contains(_ id: String) -> Bool { artifacts.contains { $0.id == id } }
}
