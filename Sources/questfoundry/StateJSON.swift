import Core
import Workspace

extension StateSummary {
    var json: JSONValue {
        [
            "schema_version": JSONValue(schemaVersion), "newest_version": JSONValue(newestVersion),
            "pending_migrations": JSONValue(pendingMigrations), "hot_artifacts": JSONValue(counts.hotArtifacts),
            "cold_artifacts": JSONValue(counts.coldArtifacts), "snapshots": JSONValue(counts.snapshots),
            "tus": JSONValue(counts.tus), "backups": JSONValue(backups.count),
            "last_backup": backups.first?.json ?? .null,
        ]
    }
}

extension Backup {
    var json: JSONValue {
        [
            "name": JSONValue(name), "created_at": JSONValue(Words.time(createdAt)),
            "reason": JSONValue(reason.rawValue), "schema_version": JSONValue(schemaVersion),
            "program_version": JSONValue(programVersion), "files": JSONValue(files), "bytes": JSONValue(bytes),
            "hot_artifacts": JSONValue(counts.hotArtifacts), "cold_artifacts": JSONValue(counts.coldArtifacts),
            "snapshots": JSONValue(counts.snapshots), "tus": JSONValue(counts.tus),
        ]
    }
}

extension MigrationPlan {
    var json: JSONValue {
        [
            "from": JSONValue(from), "to": JSONValue(to), "bytes": JSONValue(bytes),
            "steps": .array(steps.map(\.json)),
        ]
    }
}

extension MigrationPlan.Step {
    fileprivate var json: JSONValue {
        [
            "version": JSONValue(version), "name": JSONValue(name), "summary": JSONValue(summary),
            "direction": JSONValue(isDowngrade ? "down" : "up"), "hot_records": JSONValue(hotRecords),
            "cold_records": JSONValue(coldRecords), "losses": .array(losses.map { JSONValue($0) }),
        ]
    }
}

extension MigrationResult {
    var json: JSONValue {
        [
            "from": JSONValue(from), "to": JSONValue(to), "hot_records": JSONValue(hotRecords),
            "cold_records": JSONValue(coldRecords), "backup": JSONValue(backup),
        ]
    }
}

extension StateFinding {
    var json: JSONValue {
        [
            "severity": JSONValue(severity.rawValue), "path": JSONValue(path), "message": JSONValue(message),
            "remedy": JSONValue(remedy),
        ]
    }
}
