import Core
import Foundation

/// questfoundry-py's export of a project, one JSON document: `project, artifacts[{id, type, data}], tus, snapshots`.
enum ProjectExport {
    /// The records of a file; nil when it is no such document.
    static func records(in path: String) throws(WorkspaceError) -> [StateRecord]? {
        guard let bytes = try? StoredFile.read(path), let document = (try? JSONValue(parsing: bytes))?.object,
            let artifacts = document["artifacts"]?.array
        else { return nil }
        var records: [StateRecord] = []
        if let project = document["project"]?.object { records.append(.project(ProjectInfo(document: project))) }
        do throws(StateRecordError) {
            for (index, json) in artifacts.enumerated() { records.append(try artifact(json, index)) }
            for json in document["snapshots"]?.array ?? [] {
                records.append(try StateRecord(["record": "snapshot", "document": json]))
            }
            for json in document["tus"]?.array ?? [] {
                records.append(try StateRecord(["record": "unit", "document": json]))
            }
        } catch {
            throw .foreign(path, error.reason)
        }
        return records
    }

    private static func artifact(_ json: JSONValue, _ index: Int) throws(StateRecordError) -> StateRecord {
        guard let type = json["type"]?.string, let id = json["id"]?.string ?? json["metadata"]?["id"]?.string else {
            throw StateRecordError("artifact \(index + 1) has no id or no type")
        }
        try StateRecord.check(id)
        let metadata = json["metadata"]?.object ?? JSONObject()
        let temperature: Temperature = metadata["temperature"]?.string == "cold" ? .cold : .hot
        return .artifact(
            Artifact(id: id, type: type, data: json["data"] ?? [:], metadata: metadata), temperature)
    }
}
