import Core
import GRDB

extension Migration {
    /// Version 2: artifacts get a revision and a content hash, snapshots hold their content.
    static let revisions = Migration(
        version: 2, name: "revisions",
        summary: "Gives every artifact a revision and a content hash, and snapshots a place for what they hold.",
        upgrade: Change(
            artifact: { $0.addingRevision() },
            project: { database in
                try database.execute(sql: addRevisions)
                return try hashColdArtifacts(database)
            },
            projectRecords: { try count("SELECT count(*) FROM artifacts", $0) },
            losses: { _ in [] }),
        downgrade: Change(
            artifact: { $0.removingRevision() },
            project: { database in
                let records = try count("SELECT count(*) FROM artifacts", database)
                try removeRevisions(database)
                return records
            },
            projectRecords: { try count("SELECT count(*) FROM artifacts", $0) },
            losses: losses),
        verify: { database in
            try wrongHash(database).map { "the content hash of \($0.visible()) is wrong" }
        })

    /// Room for keys that version 1 does not know, for what a list shows, and for work in progress.
    ///
    /// Version 1's indexes of a status and an author go: they refuse numbers that questfoundry-py writes, NaN and the like.
    static let addRevisions = """
        DROP INDEX IF EXISTS idx_artifacts_status;
        DROP INDEX IF EXISTS idx_artifacts_author;
        ALTER TABLE artifacts ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE artifacts ADD COLUMN content_hash TEXT;
        ALTER TABLE artifacts ADD COLUMN extra JSON;
        ALTER TABLE artifacts ADD COLUMN summary JSON;
        CREATE TABLE IF NOT EXISTS hot_artifacts (
            artifact_id TEXT PRIMARY KEY, artifact_type TEXT NOT NULL, created TIMESTAMP NOT NULL,
            modified TIMESTAMP NOT NULL, data JSON NOT NULL, metadata JSON NOT NULL DEFAULT '{}',
            revision INTEGER NOT NULL DEFAULT 1, content_hash TEXT, extra JSON, summary JSON);
        CREATE TABLE snapshot_artifacts (
            snapshot_id TEXT NOT NULL REFERENCES snapshots(snapshot_id), artifact_id TEXT NOT NULL,
            artifact_type TEXT NOT NULL, revision INTEGER NOT NULL, content_hash TEXT NOT NULL,
            data JSON NOT NULL, metadata JSON NOT NULL, extra JSON, PRIMARY KEY (snapshot_id, artifact_id));
        """

    /// Work in progress that is kept in the file stays there, in a table that version 1 does not look at.
    private static func removeRevisions(_ database: Database) throws {
        try database.execute(
            sql: """
                DROP TABLE snapshot_artifacts;
                ALTER TABLE artifacts DROP COLUMN summary;
                ALTER TABLE artifacts DROP COLUMN extra;
                ALTER TABLE artifacts DROP COLUMN content_hash;
                ALTER TABLE artifacts DROP COLUMN revision;
                """)
        if try count("SELECT count(*) FROM hot_artifacts", database) == 0 {
            try database.execute(sql: "DROP TABLE hot_artifacts")
        }
        for index in ProjectFile.contentIndexes {
            do { try database.execute(sql: index) } catch let error as DatabaseError {
                // An SQLite that refuses NaN keeps the rows all the same.
                guard error.message == "malformed JSON" else { throw error }
            }
        }
    }

    /// The hash of a finished artifact's content, as for one in a file; nil when the content is no JSON.
    static func contentHash(ofColumn value: DatabaseValue) -> String? {
        let text = String.fromDatabaseValue(value) ?? (value.isNull ? "" : "\(value)")
        return (try? JSONValue(parsing: text)).map(Artifact.contentHash)
    }

    private static func hashColdArtifacts(_ database: Database) throws -> Int {
        let update = try database.makeStatement(
            sql: "UPDATE artifacts SET revision = ?, content_hash = ? WHERE rowid = ?")
        var records = 0
        var last = Int64.min
        // In pieces: a table is not read while it is written.
        while true {
            let rows = try Row.fetchAll(
                database, sql: "SELECT rowid, data, metadata FROM artifacts WHERE rowid > ? ORDER BY rowid LIMIT 200",
                arguments: [last])
            guard let end = rows.last else { return records }
            for row in rows {
                let metadata = String.fromDatabaseValue(row[2]).flatMap { try? JSONValue(parsing: $0) }
                let revision = max(1, metadata?["revision"]?.int ?? 1)
                try update.execute(arguments: [revision, contentHash(ofColumn: row[1]), row[0] as Int64])
            }
            records += rows.count
            last = end[0]
        }
    }

    /// What a finished artifact is called whose hash is not that of its content; nil when there is none.
    private static func wrongHash(_ database: Database) throws -> String? {
        let rows = try Row.fetchCursor(database, sql: "SELECT artifact_id, data, content_hash FROM artifacts")
        while let row = try rows.next() {
            if row[2] as String? != contentHash(ofColumn: row[1]) { return "\(row[0] as DatabaseValue)" }
        }
        return nil
    }

    private static func losses(_ database: Database) throws -> [String] {
        let snapshots = try count("SELECT count(DISTINCT snapshot_id) FROM snapshot_artifacts", database)
        let revised = try count("SELECT count(*) FROM artifacts WHERE revision > 1", database)
        let extended = try count("SELECT count(*) FROM artifacts WHERE extra IS NOT NULL", database)
        return (snapshots > 0 ? ["what \(snapshots) snapshots hold"] : [])
            + (revised > 0 ? ["the revision numbers of \(revised) finished artifacts"] : [])
            + (extended > 0 ? ["keys of \(extended) finished artifacts that version 1 has no place for"] : [])
    }

    private static func count(_ sql: String, _ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: sql) ?? 0
    }
}
