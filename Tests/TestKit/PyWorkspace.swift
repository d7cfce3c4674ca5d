import Foundation
import GRDB

/// A workspace as questfoundry-py writes it, with everything in it that is hard to carry: integers past 2^53, `1e21`,
/// `-0.0`, `1` beside `1.0`, `NaN`, lone surrogates, the same id in two folders, files that nobody knows.
public struct PyWorkspace: Sendable {
    public let root: String
    /// How many files below `hot` are artifacts that a migration gives a revision.
    public private(set) var artifacts = 0
    /// How many rows of finished artifacts there are.
    public let coldArtifacts = 8

    /// JSON as Python spells it, one oddity each.
    public static let oddities = [
        "9007199254740993", "-123456789012345678901234567890", "1e21", "1e+21", "-2.5e-9", "-0.0", "0", "1", "1.0",
        "NaN", "Infinity", "-Infinity", #""\ud800""#, #""\udc00 and \ud83d\ude00""#, #""""#, "null", "true", "[]", "{}",
        #""\u05e2\u05b4\u05d1 \u200frtl""#, #""a\u200db \u001b[31m \u202e""#, #""日本語 ünescaped / \/""#,
        #"{"b": 1, "a": 2, "b\u0000": [1, 1.0, -0.0]}"#, #""\"}],{:""#,
    ]

    private static let folders = [
        ("hook_card", "hooks"), ("canon", "canon"), ("tu_brief", "tu_briefs"), ("codex_entry", "codex"),
        ("scene", "scenes"), ("quest", "quests"), ("canon_pack", "other"),
    ]
    private static let times =
        #""created": "2025-01-02T03:04:05.678901","# + "\n    " + #""modified": "2025-01-02T03:04:05.000001""#

    /// Makes it in a folder, which it makes too.
    public init(at root: String, artifacts count: Int = 60, hasProjectFile: Bool = true) throws {
        self.root = root
        for number in 0..<count { try writeArtifact(number) }
        try writeOddFiles()
        try writeUnknownFiles()
        if hasProjectFile { try makeProjectFile() }
    }

    public func file(_ name: String) -> String { root + "/" + name }

    public func write(_ text: String, to name: String) throws {
        let place = URL(filePath: file(name))
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: place)
    }

    private mutating func writeArtifact(_ number: Int) throws {
        let (type, folder) = Self.folders[number % Self.folders.count]
        let id = "\(folder.uppercased())-\(number)"
        let first = Self.oddities[number % Self.oddities.count]
        let second = Self.oddities[(number * 7 + 3) % Self.oddities.count]
        try write(
            """
            {
              "type": "\(type)",
              "data": {
                "header": {
                  "short_name": "lantern \(number)",
                  "id": "\(id)"
                },
                "z": \(first),
                "a": [
                  \(second),
                  \(first)
                ],
                "text": "\(String(repeating: "the tide keeps its count ", count: number % 40))"
              },
              "metadata": {
                "id": "\(id)",
                "k": \(second),
                \(Self.times)
              }
            }
            """, to: ".questfoundry/hot/\(folder)/\(id).json")
        artifacts += 1
    }

    /// Artifacts, and files that lie among them, in unusual forms.
    private mutating func writeOddFiles() throws {
        let written = #""content_hash": "x", "written": {"a/b": "x"}, "provenance": {}"#
        let changed = [
            "hooks/compact": #"{"type":"hook_card","data":{"t":1},"metadata":{"id":"compact"}}"#,
            "hooks/empty": #"{"metadata": { }, "data": 1.0, "type": "hook_card"}"#,
            "scenes/twice": #"{"type": "scene", "data": "old", "metadata": {"id": "twice", "modified": "1"}}"#,
            "other/twice": #"{"type": "hook_card", "data": "new", "metadata": {"id": "twice", "modified": "2"}}"#,
            "canon/repeated":
                #"{"metadata": {"id": "a"}, "data": 1, "data": 2, "metadata" : {"id" : "repeated" , "x":[]}}"#,
            "canon/revised": #"{"data": {"a": "]}"}, "metadata": {"id": "revised", "revision": 1}, "type": "canon"}"#,
            "quests/no-data": "{\n\t\"metadata\": {\n\t\t\"id\": \"no-data\"\n\t}\n}\n",
            "other/marked": "\u{FEFF}" + #"{"type": "x", "data": {}, "metadata": {"id": "marked", "revision": 7}}"#,
        ]
        for (name, text) in changed { try write(text, to: ".questfoundry/hot/\(name).json") }
        artifacts += changed.count
        let kept = [
            "hooks/broken.json": #"{"type": "hook_card", "data": "#, "hooks/list.json": "[1, 2]",
            "hooks/none.json": #"{"type": "hook_card", "data": {}}"#, "hooks/word.json": #"{"metadata": "no object"}"#,
            "scenes/ours.json": #"{"data": 1, "metadata": {"id": "ours", "revision": 3, \#(written)}}"#,
            "scenes/.hidden.json": #"{"data": 1, "metadata": {"id": "x"}}"#, "scenes/notes.txt": "not ours\r\n",
            "scenes/drafts/deep/one.json": #"{"data": 1, "metadata": {"id": "one"}}"#, "empty.bin": "",
            "tus/TU-1.json": #"{"tu_id": "TU-1", "data": {"k": NaN}, "metadata": {"k": 9007199254740993}}"#,
            "snapshots/SNAP-1.json": #"{"snapshot_id": "SNAP-1", "tu_id": "TU-1", "metadata": {"n": 1e21}}"#,
        ]
        for (name, text) in kept { try write(text, to: ".questfoundry/hot/\(name)") }
        try FileManager.default.createSymbolicLink(
            atPath: file(".questfoundry/hot/scenes/link.json"), withDestinationPath: "../hooks/compact.json")
        try FileManager.default.createDirectory(
            atPath: file(".questfoundry/hot/unused"), withIntermediateDirectories: true)
    }

    private func writeUnknownFiles() throws {
        try write(
            #"{"name": "The Lantern", "description": "d", "created": "2025-01-02T03:04:05.678901", "#
                + #""modified": "2025-01-02T03:04:05.678901", "version": "1.0.0", "author": null, "metadata": {"n": 1e21}}"#,
            to: ".questfoundry/metadata.json")
        try write("\u{0}\u{1}binary", to: ".questfoundry/media/map.png")
        for name in [
            ".questfoundry/sessions/s1.json", ".questfoundry/messages/2025/m.json", ".questfoundry/cache/ca/ab12.json",
            ".questfoundry/whatever", "notes.md",
        ] {
            try write("unknown \(name)", to: name)
        }
    }

    // MARK: - project.qfproj

    private func makeProjectFile() throws {
        let queue = try DatabaseQueue(path: file("project.qfproj"))
        try queue.write { database in
            try database.execute(sql: Self.schema)
            try database.execute(sql: "INSERT INTO schema_version VALUES (1, '2025-01-02 03:04:05')")
            try database.execute(
                sql: """
                    INSERT INTO project VALUES (1, 'The Lantern', 'd', '1.0.0', NULL, '2025-01-02T03:04:05.678901',
                        '2025-01-02T03:04:05.678901', '{"n": 1e21}');
                    INSERT INTO snapshots VALUES ('SNAP-1', 'TU-1', '2025-01-02T03:04:05.1', '', '{"k": NaN}');
                    INSERT INTO snapshots VALUES ('SNAP-2', 'TU-9', '2025-01-02T03:04:05.2', 'x', '{}');
                    INSERT INTO tus VALUES ('TU-1', 'open', 'SNAP-1', '2025', '2026', '{"k": NaN, "z": -0.0}', '{}');
                    INSERT INTO tus VALUES ('TU-2', 'open', NULL, '2025.0', 5, '"\\ud800"', '1e21');
                    INSERT INTO views VALUES ('V-1', 'v', '', '{"b": 1, "a": 1.0}', '2025', '2025', '{}');
                    """)
            for number in 0..<coldArtifacts { try insertArtifact(number, database) }
            try database.execute(sql: "DELETE FROM history WHERE id = 3")
        }
        try queue.close()
    }

    private func insertArtifact(_ number: Int, _ database: Database) throws {
        // SQLite's own JSON, by which the table is indexed, does not know these.
        let known = Self.oddities.filter { !["NaN", "Infinity", "-Infinity"].contains($0) }
        let odd = known[number * 3 % known.count]
        let data = #"{"status": "cold", "z": \#(odd), "author": "me"}"#
        let metadata = #"{"id": "COLD-\#(number)", "k": \#(odd)}"#
        try database.execute(
            sql: "INSERT INTO artifacts VALUES (?, 'scene', '2025-01-02T03:04:05.6', '2025', ?, ?)",
            arguments: ["COLD-\(number)", data, metadata])
        try database.execute(
            sql: "INSERT INTO history (entity_type, entity_id, action, changes) VALUES ('artifact', ?, 'create', ?)",
            arguments: ["COLD-\(number)", #"{"z": NaN, "y": \#(odd)}"#])
    }

    private static let schema = """
        CREATE TABLE schema_version (
            version INTEGER PRIMARY KEY,
            applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
        );
        CREATE TABLE project (
            id INTEGER PRIMARY KEY CHECK (id = 1), -- Singleton table
            name TEXT NOT NULL,
            description TEXT NOT NULL DEFAULT '',
            version TEXT NOT NULL DEFAULT '1.0.0',
            author TEXT,
            created TIMESTAMP NOT NULL,
            modified TIMESTAMP NOT NULL,
            metadata JSON NOT NULL DEFAULT '{}'
        );
        CREATE TABLE snapshots (
            snapshot_id TEXT PRIMARY KEY,
            tu_id TEXT NOT NULL,
            created TIMESTAMP NOT NULL,
            description TEXT NOT NULL DEFAULT '',
            metadata JSON NOT NULL DEFAULT '{}'
        );
        CREATE INDEX idx_snapshots_tu_id ON snapshots(tu_id);
        CREATE INDEX idx_snapshots_created ON snapshots(created DESC);
        CREATE TABLE views (
            view_id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            description TEXT NOT NULL DEFAULT '',
            config JSON NOT NULL,
            created TIMESTAMP NOT NULL,
            modified TIMESTAMP NOT NULL,
            metadata JSON NOT NULL DEFAULT '{}'
        );
        CREATE TABLE artifacts (
            artifact_id TEXT PRIMARY KEY,
            artifact_type TEXT NOT NULL,
            created TIMESTAMP NOT NULL,
            modified TIMESTAMP NOT NULL,
            data JSON NOT NULL,
            metadata JSON NOT NULL DEFAULT '{}'
        );
        CREATE INDEX idx_artifacts_type ON artifacts(artifact_type);
        CREATE INDEX idx_artifacts_modified ON artifacts(modified DESC);
        CREATE INDEX idx_artifacts_status ON artifacts(
            json_extract(data, '$.status')
        ) WHERE json_extract(data, '$.status') IS NOT NULL;
        CREATE INDEX idx_artifacts_author ON artifacts(
            json_extract(data, '$.author')
        ) WHERE json_extract(data, '$.author') IS NOT NULL;
        CREATE TABLE tus (
            tu_id TEXT PRIMARY KEY,
            status TEXT NOT NULL,
            snapshot_id TEXT,
            created TIMESTAMP NOT NULL,
            modified TIMESTAMP NOT NULL,
            data JSON NOT NULL,
            metadata JSON NOT NULL DEFAULT '{}',
            FOREIGN KEY (snapshot_id) REFERENCES snapshots(snapshot_id) ON DELETE SET NULL
        );
        CREATE INDEX idx_tus_status ON tus(status);
        CREATE INDEX idx_tus_snapshot ON tus(snapshot_id);
        CREATE INDEX idx_tus_modified ON tus(modified DESC);
        CREATE TABLE history (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            timestamp TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
            entity_type TEXT NOT NULL, -- 'artifact', 'tu', 'snapshot', etc.
            entity_id TEXT NOT NULL,
            action TEXT NOT NULL, -- 'create', 'update', 'delete'
            changes JSON, -- Diff or full snapshot
            metadata JSON NOT NULL DEFAULT '{}'
        );
        CREATE INDEX idx_history_timestamp ON history(timestamp DESC);
        CREATE INDEX idx_history_entity ON history(entity_type, entity_id);
        """
}
