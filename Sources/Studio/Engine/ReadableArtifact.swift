import Core
import Workspace

/// An artifact as a step reads it.
struct ReadableArtifact: Hashable, Sendable {
    /// The type of what a step without outputs leaves for later steps of its run.
    static let noteType = "working_note"
    /// What stands for a snapshot among what a step reads.
    static let snapshotType = "cold_snapshot"

    var id: String
    var type: String
    var data: JSONValue
    /// What all takes of it have in common: the id of the first.
    var piece: String
    /// Counts from 1.
    var take = 1
    /// The step that wrote it, for a working note.
    var step: String?

    init(id: String, type: String, data: JSONValue, piece: String? = nil, take: Int = 1, step: String? = nil) {
        self.id = id
        self.type = type
        self.data = data
        self.piece = piece ?? id
        self.take = take
        self.step = step
    }

    init(_ artifact: Artifact) {
        self.init(
            id: artifact.id, type: artifact.type, data: artifact.data, piece: artifact.pieceID, take: artifact.take,
            step: artifact.metadata["provenance"]?["step"]?.string)
    }

    /// The artifact under the name by which others lead to it, whichever of its takes this is.
    var asPiece: ReadableArtifact {
        guard id != piece else { return self }
        var named = self
        named.id = piece
        if var scene = data.object, scene["id"] != nil {
            scene["id"] = JSONValue(piece)
            named.data = .object(scene)
        }
        return named
    }

    /// How it stands in a prompt.
    var passage: Prompt.Passage {
        var data = data
        if type == "gatecheck_report", var report = data.object {
            // Hashes tell a model nothing.
            report["covers"] = nil
            data = .object(report)
        }
        return Prompt.Passage(heading: "\(type) \(type == Self.noteType ? step ?? id : id)", json: data)
    }
}
