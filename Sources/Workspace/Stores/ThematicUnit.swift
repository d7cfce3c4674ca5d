public import Core

/// One piece of work, from its proposal to its merge, as questfoundry-py writes it: `tu_id, status, snapshot_id, created,
/// modified, data, metadata`. Keys that are not known here are kept.
public struct ThematicUnit: Hashable, Sendable {
    var document: JSONObject

    init(document: JSONObject) { self.document = document }

    /// A unit that is written now.
    public init(
        id: String, status: String, snapshotID: String? = nil, data: JSONValue = [:], metadata: JSONValue = [:],
        at moment: Moment
    ) {
        let now = JSONValue(LocalTimestamp.text(of: moment))
        document = JSONObject([
            ("tu_id", JSONValue(id)), ("status", JSONValue(status)), ("snapshot_id", JSONValue(snapshotID)),
            ("created", now), ("modified", now), ("data", data), ("metadata", metadata),
        ])
    }

    public var id: String { document["tu_id"]?.string ?? "" }
    /// Any string; those of this program are in the domain's order.
    public var status: String { document["status"]?.string ?? "" }
    public var snapshotID: String? { document["snapshot_id"]?.string }
    public var created: String { document["created"]?.string ?? "" }
    public var modified: String { document["modified"]?.string ?? "" }
    public var data: JSONValue { document["data"] ?? .object(JSONObject()) }
    public var metadata: JSONValue { document["metadata"] ?? .object(JSONObject()) }
}

/// A name for what the project held at a moment: `snapshot_id, tu_id, created, description, metadata`.
public struct Snapshot: Hashable, Sendable {
    var document: JSONObject

    init(document: JSONObject) { self.document = document }

    /// A snapshot that is taken now, for a thematic unit.
    public init(id: String, unit: String, description: String, at moment: Moment) {
        document = JSONObject([
            ("snapshot_id", JSONValue(id)), ("tu_id", JSONValue(unit)),
            ("created", JSONValue(LocalTimestamp.text(of: moment))), ("description", JSONValue(description)),
            ("metadata", .object(JSONObject())),
        ])
    }

    public var id: String { document["snapshot_id"]?.string ?? "" }
    public var unitID: String { document["tu_id"]?.string ?? "" }
    public var created: String { document["created"]?.string ?? "" }
    public var description: String { document["description"]?.string ?? "" }
    public var metadata: JSONValue { document["metadata"] ?? .object(JSONObject()) }
}

/// One line of what was done to the finished part of a project.
public struct HistoryEntry: Hashable, Sendable {
    /// In UTC, `YYYY-MM-DD HH:MM:SS`.
    public var timestamp: String
    /// `artifact`, `tu` or `snapshot`.
    public var entityType: String
    public var entityID: String
    /// `create`, `update` or `delete`.
    public var action: String
    /// What was written; null where nothing is known.
    public var changes: JSONValue
    public var metadata: JSONValue
}
