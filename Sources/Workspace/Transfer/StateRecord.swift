package import Core

/// One piece of a project's state, as it goes from one store to another: a line of an export.
public enum StateRecord: Hashable, Sendable {
    case project(ProjectInfo)
    case artifact(Artifact, Temperature)
    case unit(ThematicUnit)
    case snapshot(Snapshot, holding: [Artifact])
    case history(HistoryEntry)
}

extension StateRecord {
    /// The record as the JSON of one line.
    package var json: JSONValue {
        switch self {
        case .project(let project): ["record": "project", "document": .object(project.document)]
        case .artifact(let artifact, let temperature):
            [
                "record": "artifact", "temperature": JSONValue(temperature.rawValue), "id": JSONValue(artifact.id),
                "document": .object(artifact.document),
            ]
        case .unit(let unit): ["record": "unit", "document": .object(unit.document)]
        case .snapshot(let snapshot, let held):
            [
                "record": "snapshot", "document": .object(snapshot.document),
                "holds": .array(held.map { ["id": JSONValue($0.id), "document": .object($0.document)] }),
            ]
        case .history(let entry):
            [
                "record": "history", "timestamp": JSONValue(entry.timestamp),
                "entity_type": JSONValue(entry.entityType), "entity_id": JSONValue(entry.entityID),
                "action": JSONValue(entry.action), "changes": entry.changes, "metadata": entry.metadata,
            ]
        }
    }

    /// Reads what ``json`` made. Throws a reason, in words, for anything else.
    package init(_ json: JSONValue) throws(StateRecordError) {
        let kind = json["record"]?.string ?? ""
        switch kind {
        case "project": self = .project(ProjectInfo(document: try Self.document(json)))
        case "artifact":
            guard let temperature = json["temperature"]?.string.flatMap(Temperature.init) else {
                throw StateRecordError("the artifact is neither hot nor cold")
            }
            self = .artifact(try Self.artifact(json), temperature)
        case "unit":
            let unit = ThematicUnit(document: try Self.document(json))
            try Self.check(unit.id)
            self = .unit(unit)
        case "snapshot":
            let snapshot = Snapshot(document: try Self.document(json))
            try Self.check(snapshot.id)
            var held: [Artifact] = []
            for one in json["holds"]?.array ?? [] { held.append(try Self.artifact(one)) }
            self = .snapshot(snapshot, holding: held)
        case "history":
            guard let timestamp = json["timestamp"]?.string, let entity = json["entity_type"]?.string,
                let id = json["entity_id"]?.string, let action = json["action"]?.string
            else { throw StateRecordError("the line of history is not whole") }
            self = .history(
                HistoryEntry(
                    timestamp: timestamp, entityType: entity, entityID: id, action: action,
                    changes: json["changes"] ?? .null, metadata: json["metadata"] ?? [:]))
        default: throw StateRecordError("there is no record called \(kind.prefix(40).visible())")
        }
    }

    private static func document(_ json: JSONValue) throws(StateRecordError) -> JSONObject {
        guard let document = json["document"]?.object else { throw StateRecordError("there is no document") }
        return document
    }

    private static func artifact(_ json: JSONValue) throws(StateRecordError) -> Artifact {
        let artifact = Artifact(document: try document(json), id: json["id"]?.string)
        try check(artifact.id)
        return artifact
    }

    static func check(_ id: String) throws(StateRecordError) {
        guard Artifact.isSafe(id) else { throw StateRecordError(Artifact.badName(id).message) }
    }
}

/// Why something is no record.
package struct StateRecordError: Error {
    package var reason: String

    init(_ reason: String) { self.reason = reason }
}
