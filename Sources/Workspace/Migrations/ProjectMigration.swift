import Core
import Foundation
import GRDB

/// Writes the project file anew beside the present one, as a migration leaves it.
struct ProjectMigration {
    let steps: [Migration.Step]

    /// The tables of the first version, whose rows every migration keeps.
    private static let tables = ["project", "artifacts", "snapshots", "tus", "views", "history"]

    /// How many records each step would write, and what it loses. Reads only.
    func plan(_ path: String) throws(WorkspaceError) -> [(records: Int, losses: [String])] {
        guard FolderTree.kind(of: path) != nil else { return steps.map { _ in (0, []) } }
        return try ProjectFile.look(at: path) { database in
            // Only the first step finds the file in the form that it knows.
            try steps.enumerated().map { index, step in
                index == 0
                    ? (try step.change.projectRecords(database), try step.change.losses(database)) : (0, [])
            }
        }
    }

    /// Goes through the steps on a file that nobody else has open. Returns how many records each wrote.
    func migrate(_ path: String) throws(WorkspaceError) -> [Int] {
        let (records, before, after) = try ProjectFile.change(path) { database in
            let before = try Self.counts(database)
            var records: [Int] = []
            for step in steps {
                records.append(try step.change.project(database))
                try database.execute(sql: "DELETE FROM schema_version WHERE version > ?", arguments: [step.version])
                if try Int.fetchOne(database, sql: "SELECT max(version) FROM schema_version") != step.version {
                    try ProjectFile.note(step.version, in: database)
                }
            }
            return (records, before, try Self.counts(database))
        }
        guard before == after else {
            throw WorkspaceError(.other, path, "\(path.visible()) lost rows on the way: nothing was migrated")
        }
        return records
    }

    /// Whether a written file is whole and of the version that it should be.
    func check(_ path: String) throws(WorkspaceError) {
        guard let last = steps.last else { return }
        let version = try ProjectFile.version(at: path)
        let check = Migration.all.first { $0.version == last.version }?.verify
        let problem = try ProjectFile.look(at: path) { database in
            let condition = try String.fetchOne(database, sql: "PRAGMA quick_check(1)")
            return condition == "ok" ? try check?(database) : condition
        }
        guard version == last.version, problem == nil else {
            throw WorkspaceError(
                .other, path,
                "\(path.visible()) did not come out whole (\(problem ?? "version \(version)")): "
                    + "nothing was migrated")
        }
    }

    private static func counts(_ database: Database) throws -> [Int] {
        try tables.map { try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)") ?? 0 }
    }
}
