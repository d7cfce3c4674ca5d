package import Core
import Foundation
import GRDB

/// The tables of `project.qfproj`, within one transaction.
struct ProjectTables {
    private let database: Database
    private let path: String
    private let now: Moment
    /// The schema version of the file.
    let version: Int

    init(_ database: Database, path: String, now: Moment) throws {
        self.database = database
        self.path = path
        self.now = now
        version = try Int.fetchOne(database, sql: "SELECT max(version) FROM schema_version") ?? 1
    }

    private var isFirstVersion: Bool { version < 2 }

    /// Which table holds the artifacts of a temperature.
    private func table(_ temperature: Temperature) -> String { temperature == .cold ? "artifacts" : "hot_artifacts" }

    /// The error of something that only a later version has room for.
    func needsMigration(_ what: String) -> WorkspaceError {
        WorkspaceError(
            .needsMigration, path,
            "a workspace of version \(version) has no room for \(what): `questfoundry state migrate` brings it to "
                + "version 2, and back if need be")
    }

    // MARK: - The project

    func put(_ project: ProjectInfo) throws {
        let document = project.document
        try database.execute(
            sql: "INSERT OR REPLACE INTO project VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                project.name, project.brief, document["version"]?.string ?? "1.0.0", document["author"]?.string,
                document["created"]?.string ?? LocalTimestamp.text(of: now),
                document["modified"]?.string ?? LocalTimestamp.text(of: now),
                (document["metadata"] ?? .object(JSONObject())).text(),
            ])
    }

    // MARK: - Artifacts

    func artifact(_ id: String, _ temperature: Temperature) throws -> Artifact? {
        try Row.fetchOne(
            database.cachedStatement(sql: "\(whole(temperature)) WHERE artifact_id = ?"), arguments: [id]
        ).map(artifact)
    }

    /// Those of a type, or all, in no order.
    func artifacts(ofType type: String?, _ temperature: Temperature) throws -> [Artifact] {
        let rows = try Row.fetchCursor(
            database, sql: "\(whole(temperature)) WHERE ?1 IS NULL OR artifact_type = ?1", arguments: [type])
        var artifacts: [Artifact] = []
        while let row = try rows.next() { artifacts.append(try artifact(row)) }
        return artifacts
    }

    private func whole(_ temperature: Temperature) -> String {
        let extra = isFirstVersion ? "NULL" : "extra"
        return "SELECT artifact_id, artifact_type, data, metadata, \(extra) AS extra FROM \(table(temperature))"
    }

    func summaries(_ temperature: Temperature) throws -> (summaries: [ArtifactSummary], problems: [WorkspaceError]) {
        var found: (summaries: [ArtifactSummary], problems: [WorkspaceError]) = ([], [])
        let derived = isFirstVersion ? "NULL AS summary" : "summary"
        let rows = try Row.fetchCursor(database, sql: "SELECT artifact_id, \(derived) FROM \(table(temperature))")
        while let row = try rows.next() {
            let id = (row["artifact_id"] as String?) ?? ""
            if let text: String = row["summary"], let stored = try? JSONValue(parsing: Array(text.utf8)),
                let summary = ArtifactSummary(stored: stored, temperature)
            {
                found.summaries.append(summary)
                continue
            }
            do {
                guard let artifact = try artifact(id, temperature) else { continue }
                found.summaries.append(ArtifactSummary(artifact, temperature))
            } catch let error as WorkspaceError {
                found.problems.append(error)
            }
        }
        return found
    }

    func put(_ artifact: Artifact, _ temperature: Temperature) throws {
        let times = times(of: artifact, before: try created(artifact.id, temperature))
        var columns = ["artifact_id", "artifact_type", "created", "modified", "data", "metadata"]
        var values: [(any DatabaseValueConvertible)?] = [
            artifact.id, artifact.type, times.created, times.modified, artifact.data.text(),
            JSONValue.object(artifact.metadata).text(),
        ]
        if !isFirstVersion {
            columns += ["revision", "content_hash", "extra", "summary"]
            values += [
                artifact.revision, Artifact.contentHash(of: artifact.data), Self.extra(of: artifact),
                ArtifactSummary(artifact, temperature).stored.text(),
            ]
        }
        let marks = repeatElement("?", count: columns.count).joined(separator: ", ")
        do {
            try database.cachedStatement(
                sql:
                    "INSERT OR REPLACE INTO \(table(temperature)) (\(columns.joined(separator: ", "))) VALUES (\(marks))"
            ).execute(arguments: StatementArguments(values))
        } catch let error as DatabaseError where isFirstVersion && error.message == "malformed JSON" {
            throw needsMigration("numbers like NaN in a finished artifact")
        }
    }

    func remove(_ id: String, _ temperature: Temperature) throws {
        try database.execute(sql: "DELETE FROM \(table(temperature)) WHERE artifact_id = ?", arguments: [id])
    }

    /// Removes every artifact of a temperature, and with work in progress the units.
    func removeAll(_ temperature: Temperature) throws {
        try database.execute(sql: "DELETE FROM \(table(temperature))")
        if temperature == .hot { try database.execute(sql: "DELETE FROM tus") }
    }

    private func created(_ id: String, _ temperature: Temperature) throws -> String? {
        try String.fetchOne(
            database, sql: "SELECT created FROM \(table(temperature)) WHERE artifact_id = ?", arguments: [id])
    }

    private func times(of artifact: Artifact, before: String?) -> (created: String, modified: String) {
        let now = LocalTimestamp.text(of: now)
        let own = artifact.metadata["created"]?.string
        return (before ?? own ?? now, artifact.modified.isEmpty ? now : artifact.modified)
    }

    private func artifact(_ row: Row) throws -> Artifact {
        let id = (row["artifact_id"] as String?) ?? ""
        var document = JSONObject([
            ("type", JSONValue((row["artifact_type"] as String?) ?? "")),
            ("data", try value(row, "data", of: id)), ("metadata", try value(row, "metadata", of: id)),
        ])
        if !(row["extra"] as DatabaseValue).isNull {
            for member in try value(row, "extra", of: id).object ?? JSONObject() { document[member.key] = member.value }
        }
        return Artifact(document: document, id: id)
    }

    private static func extra(of artifact: Artifact) -> String? {
        let others = artifact.otherKeys
        return others.isEmpty ? nil : JSONValue.object(JSONObject(others.map { ($0.key, $0.value) })).text()
    }

    /// The JSON of a column, as it was written.
    private func value(_ row: Row, _ column: String, of id: String) throws -> JSONValue {
        guard let text = String.fromDatabaseValue(row[column]), let value = try? JSONValue(parsing: Array(text.utf8))
        else {
            throw WorkspaceError(
                .damaged, path,
                "the \(column) of \(id.prefix(80).visible()) in \(path.visible()) is no JSON; "
                    + "`questfoundry state restore` brings back a backup")
        }
        return value
    }

    // MARK: - Thematic units

    func units() throws -> [ThematicUnit] {
        try Row.fetchAll(database, sql: "SELECT * FROM tus").map { row in
            ThematicUnit(
                document: JSONObject([
                    ("tu_id", text(row, "tu_id")), ("status", text(row, "status")),
                    ("snapshot_id", text(row, "snapshot_id")), ("created", text(row, "created")),
                    ("modified", text(row, "modified")), ("data", try value(row, "data", of: row["tu_id"] ?? "")),
                    ("metadata", try value(row, "metadata", of: row["tu_id"] ?? "")),
                ]))
        }
    }

    func put(_ unit: ThematicUnit) throws {
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO tus (tu_id, status, snapshot_id, created, modified, data, metadata)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                unit.id, unit.status, unit.snapshotID, unit.created, unit.modified, unit.data.text(),
                unit.metadata.text(),
            ])
    }

    // MARK: - Snapshots

    func snapshots() throws -> [Snapshot] {
        try Row.fetchAll(database, sql: "SELECT * FROM snapshots").map { row in
            Snapshot(
                document: JSONObject([
                    ("snapshot_id", text(row, "snapshot_id")), ("tu_id", text(row, "tu_id")),
                    ("created", text(row, "created")), ("description", text(row, "description")),
                    ("metadata", try value(row, "metadata", of: row["snapshot_id"] ?? "")),
                ]))
        }
    }

    func contents(ofSnapshot id: String) throws -> [Artifact] {
        guard !isFirstVersion else { return [] }
        return try Row.fetchAll(
            database, sql: "SELECT * FROM snapshot_artifacts WHERE snapshot_id = ? ORDER BY artifact_id",
            arguments: [id]
        ).map(artifact)
    }

    func add(_ snapshot: Snapshot, holding artifacts: [Artifact]) throws {
        guard !isFirstVersion || artifacts.isEmpty else {
            throw needsMigration("a snapshot's contents")
        }
        try database.execute(
            sql: "INSERT INTO snapshots (snapshot_id, tu_id, created, description, metadata) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                snapshot.id, snapshot.unitID, snapshot.created, snapshot.description, snapshot.metadata.text(),
            ])
        for artifact in artifacts {
            try database.execute(
                sql: "INSERT INTO snapshot_artifacts VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    snapshot.id, artifact.id, artifact.type, artifact.revision,
                    Artifact.contentHash(of: artifact.data), artifact.data.text(),
                    JSONValue.object(artifact.metadata).text(), Self.extra(of: artifact),
                ])
        }
    }

    func removeSnapshots() throws {
        if !isFirstVersion { try database.execute(sql: "DELETE FROM snapshot_artifacts") }
        try database.execute(sql: "DELETE FROM snapshots")
    }

    // MARK: - History

    func removeHistory() throws { try database.execute(sql: "DELETE FROM history") }

    func history() throws -> [HistoryEntry] {
        try Row.fetchAll(database, sql: "SELECT * FROM history ORDER BY id").map { row in
            let id = (row["entity_id"] as String?) ?? ""
            let isKnown = !(row["changes"] as DatabaseValue).isNull
            return HistoryEntry(
                timestamp: row["timestamp"] ?? "", entityType: row["entity_type"] ?? "", entityID: id,
                action: row["action"] ?? "", changes: isKnown ? try value(row, "changes", of: id) : .null,
                metadata: try value(row, "metadata", of: id))
        }
    }

    func add(_ entry: HistoryEntry) throws {
        try database.execute(
            sql: """
                INSERT INTO history (timestamp, entity_type, entity_id, action, changes, metadata)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                entry.timestamp, entry.entityType, entry.entityID, entry.action,
                entry.changes.isNull ? nil : entry.changes.text(), entry.metadata.text(),
            ])
    }

    private func text(_ row: Row, _ column: String) -> JSONValue {
        JSONValue(String.fromDatabaseValue(row[column] as DatabaseValue))
    }
}

extension HistoryEntry {
    /// What was done to an artifact, as questfoundry-py tells it.
    package static func of(_ artifact: Artifact, isNew: Bool, at moment: Moment) -> HistoryEntry {
        HistoryEntry(
            entity: "artifact", artifact.id, isNew ? "create" : "update",
            [
                "type": JSONValue(artifact.type), "data": artifact.data, "metadata": .object(artifact.metadata),
            ], at: moment)
    }

    package static func ofRemoval(_ id: String, at moment: Moment) -> HistoryEntry {
        HistoryEntry(entity: "artifact", id, "delete", [:], at: moment)
    }

    package static func of(_ snapshot: Snapshot, at moment: Moment) -> HistoryEntry {
        HistoryEntry(
            entity: "snapshot", snapshot.id, "create",
            [
                "tu_id": JSONValue(snapshot.unitID), "description": JSONValue(snapshot.description),
                "metadata": snapshot.metadata,
            ], at: moment)
    }

    private init(entity: String, _ id: String, _ action: String, _ changes: JSONValue, at moment: Moment) {
        self.init(
            timestamp: UTCTimestamp.text(of: moment), entityType: entity, entityID: id, action: action,
            changes: changes, metadata: .object(JSONObject()))
    }
}
