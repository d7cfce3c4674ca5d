import Core
import Foundation
import GRDB
import TestKit
import Testing

@testable import Workspace

/// A folder in which a workspace can be made, and the clock that it is made by.
struct WorkspaceFixture {
    let folder: TemporaryFolder
    let time = ManualTime()
    /// Where ``create(name:brief:)`` and ``makeFirstVersion()`` make the workspace; not there before.
    let root: String

    init() throws {
        folder = try TemporaryFolder()
        root = folder.path.replacingOccurrences(of: "//", with: "/") + "/book"
    }

    func file(_ name: String) -> String { root + "/" + name }

    func create(name: String = "The Ferry", brief: String = "A ferry that counts") throws -> Workspace {
        try Workspace.create(at: root, name: name, brief: brief, configYAML: "caching: {}\n", time: time)
    }

    func store() throws -> FileStore { store(try create()) }

    func store(_ workspace: Workspace) -> FileStore {
        FileStore(workspace, time: time, environment: ["XDG_CACHE_HOME": folder.file("cache")])
    }

    func text(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }

    func snapshot(_ name: String = "") throws -> FolderSnapshot { try FolderSnapshot(file(name)) }

    /// Writes a file of the workspace, and makes the folders that it needs.
    func write(_ text: String, to name: String) throws {
        let place = URL(filePath: file(name))
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: place)
    }

    /// Changes an artifact's file as a person with an editor does.
    func edit(_ name: String, isPretty: Bool = true, _ change: (inout JSONObject) -> Void) throws {
        var document = try #require(try JSONValue(parsing: text(name)).object)
        change(&document)
        try write(JSONValue.object(document).text(isPretty: isPretty), to: name)
    }

    /// Makes a workspace as questfoundry-py does.
    func makeFirstVersion() throws {
        let times = #""created": "2025-01-02T03:04:05.678901", "modified": "2025-01-02T03:04:05.678901""#
        try write(
            """
            {"name": "The Lighthouse", "description": "A light that lies", \(times),
             "version": "1.0.0", "author": "me", "metadata": {}}
            """, to: ".questfoundry/metadata.json")
        try write(
            """
            {"type": "hook_card", "data": {"title": "Fog", "weight": 9007199254740993},
             "metadata": {"id": "hook-1", \(times)}}
            """, to: ".questfoundry/hot/hooks/hook-1.json")
        try makeProjectFile(version: 1)
    }

    /// Makes a project file of that schema version.
    func makeProjectFile(version: Int) throws {
        let queue = try DatabaseQueue(path: file("project.qfproj"))
        try queue.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE schema_version (
                        version INTEGER PRIMARY KEY, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)
                    """)
            try database.execute(sql: "INSERT INTO schema_version (version) VALUES (?)", arguments: [version])
        }
        try queue.close()
    }
}

extension ArtifactDraft {
    static func sample(
        _ id: String = "hook-1", type: String = "hook_card", title: String = "Fog",
        step: String = "story_spark/collect_hooks", needsReview: String? = nil
    ) -> ArtifactDraft {
        ArtifactDraft(
            id: id, type: type, data: ["title": JSONValue(title)], author: "plotwright", step: step,
            provenance: JSONObject([("model", "gpt-4o"), ("cost", "0.001")]), needsReview: needsReview)
    }
}
