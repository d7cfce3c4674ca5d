import Core
import Studio
import Workspace

extension ArtifactSummary {
    var json: JSONValue {
        [
            "id": JSONValue(id), "type": JSONValue(type), "temperature": JSONValue(temperature.rawValue),
            "title": JSONValue(title), "revision": JSONValue(revision),
            "modified_at": JSONValue(LocalTimestamp.wall(of: modified).map(Words.time)),
            "author": JSONValue(writer.isEmpty ? nil : writer), "needs_review": JSONValue(needsReview),
        ]
    }
}

extension Session.Shown {
    var json: JSONValue {
        [
            "id": JSONValue(artifact.id), "type": JSONValue(artifact.type),
            "temperature": JSONValue(temperature.rawValue),
            "revision": JSONValue(artifact.revision), "path": JSONValue(place), "takes": .array(piece.takes.map(take)),
            "data": artifact.data, "metadata": .object(artifact.metadata),
        ]
    }

    private func take(_ artifact: Artifact) -> JSONValue {
        [
            "id": JSONValue(artifact.id), "take": JSONValue(artifact.take), "accepted": .bool(artifact.isAccepted),
            "chosen": .bool(artifact == piece.chosen),
        ]
    }
}

extension BinEntry {
    var json: JSONValue {
        [
            "id": JSONValue(id), "deleted_at": JSONValue(Words.time(deletedAt)),
            "kept_until": JSONValue(Words.time(keptUntil)),
        ]
    }
}

extension Loop {
    var json: JSONValue {
        ["name": JSONValue(name), "title": JSONValue(title), "steps": .array(steps.map(\.json))]
    }
}

extension Loop.Step {
    fileprivate var json: JSONValue {
        [
            "name": JSONValue(name), "role": JSONValue(role.rawValue),
            "consulted": .array(consulted.map { JSONValue($0.rawValue) }),
            "inputs": .array(inputs.map { JSONValue($0) }), "outputs": .array(outputs.map { JSONValue($0) }),
        ]
    }
}
