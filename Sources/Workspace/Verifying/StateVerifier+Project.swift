import Core
import Foundation
import GRDB

extension StateVerifier {
    /// What is wrong with the project file, and which snapshots it knows.
    func verifyProject() -> (findings: [StateFinding], snapshots: Set<String>) {
        let name = StateSwap.Part.project.rawValue
        guard FolderTree.kind(of: paths.project) != nil else {
            return ([.information(name, "there is none: nothing is finished yet")], [])
        }
        do throws(WorkspaceError) {
            return try ProjectFile.look(at: paths.project) { database in
                let damage = try String.fetchAll(database, sql: "PRAGMA quick_check(20)").filter { $0 != "ok" }
                guard damage.isEmpty else { return (damage.map { Self.damaged(name, $0) }, []) }
                let snapshots = try String.fetchSet(database, sql: "SELECT snapshot_id FROM snapshots")
                return (try Self.dangling(name, database) + Self.contents(name, database), snapshots)
            }
        } catch {
            return ([Self.damaged(name, error.message)], [])
        }
    }

    private static func damaged(_ name: String, _ what: String) -> StateFinding {
        .problem(name, "is damaged: \(what)", remedy: "restore it from a backup: questfoundry state restore --list")
    }

    /// References to snapshots that are not there.
    private static func dangling(_ name: String, _ database: Database) throws -> [StateFinding] {
        let units = try Row.fetchAll(
            database,
            sql: "SELECT tu_id, snapshot_id FROM tus WHERE snapshot_id NOT IN (SELECT snapshot_id FROM snapshots)")
        let held =
            try database.tableExists("snapshot_artifacts")
            ? String.fetchAll(
                database,
                sql: """
                    SELECT DISTINCT snapshot_id FROM snapshot_artifacts
                    WHERE snapshot_id NOT IN (SELECT snapshot_id FROM snapshots)
                    """) : []
        return units.map { row in
            .problem(
                name,
                "the unit \(row[0] as DatabaseValue) names the snapshot \(row[1] as DatabaseValue), which is not there",
                remedy: "restore a backup that has the snapshot, or set the unit's snapshot_id to null")
        }
            + held.map { snapshot in
                .problem(
                    name, "holds artifacts of the snapshot \(snapshot), which is not there",
                    remedy: "restore a backup that has the snapshot")
            }
    }

    /// Finished artifacts that cannot be read, or were changed outside.
    private static func contents(_ name: String, _ database: Database) throws -> [StateFinding] {
        let isHashed = try database.columns(in: "artifacts").contains { $0.name == "content_hash" }
        let rows = try Row.fetchCursor(
            database, sql: "SELECT artifact_id, data\(isHashed ? ", content_hash" : "") FROM artifacts")
        var found: [StateFinding] = []
        while let row = try rows.next() {
            let id = "\(row[0] as DatabaseValue)"
            guard let hash = Migration.contentHash(ofColumn: row[1]) else {
                found.append(
                    .problem(
                        name, "the data of the finished artifact \(id) is no JSON", remedy: "restore it from a backup"))
                continue
            }
            if isHashed, let noted = row[2] as String?, noted != hash {
                found.append(.information(name, "the finished artifact \(id) was edited outside this program"))
            }
        }
        return found
    }
}
