import Core
import Foundation
import GRDB
import TestKit
import Testing

@testable import Workspace

@Suite struct ProjectDatabaseTests {
    private let fixture: WorkspaceFixture
    private let workspace: Workspace

    init() throws {
        fixture = try WorkspaceFixture()
        workspace = try fixture.create()
    }

    private let cold = Artifact(id: "pier", type: "scene", data: ["title": "Pier"])

    private func store() -> SQLiteStore { SQLiteStore(workspace, time: fixture.time) }

    @Test func readerSeesWhatOthersWrite() throws {
        let (reader, writer) = (store(), store())
        #expect(try reader.artifact("pier", .cold) == nil)
        try writer.write(cold, .cold, over: nil)
        #expect(try reader.artifact("pier", .cold) == cold)
        try writer.remove("pier", .cold, stamp: cold.stamp)
        #expect(try reader.artifact("pier", .cold) == nil)
    }

    @Test func readersDuringWritesSeeWholeStates() async throws {
        let (store, reader) = (store(), store())
        try store.write(cold, .cold, over: nil)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 1...40 {
                    let current = try #require(try store.artifact("pier", .cold))
                    let next = Artifact(id: "pier", type: "scene", data: ["title": JSONValue("Pier \(number)")])
                    try store.write(next, .cold, over: current.stamp)
                }
            }
            group.addTask {
                for _ in 1...40 {
                    let found = try reader.artifact("pier", .cold)
                    #expect(found?.title.hasPrefix("Pier") == true)
                }
            }
            try await group.waitForAll()
        }
        #expect(try reader.artifact("pier", .cold)?.title == "Pier 40")
    }

    /// Leaves the files of a project as a program does that was killed in a transaction or before a checkpoint.
    private func leaveUnfinished(_ mode: String) throws {
        let path = workspace.paths.project
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { database in
            try database.execute(
                sql: "PRAGMA journal_mode = \(mode); PRAGMA cache_size = 1; PRAGMA wal_autocheckpoint = 0")
            try database.execute(sql: "CREATE TABLE filler (text); BEGIN IMMEDIATE")
            for _ in 1...200 { try database.execute(sql: "INSERT INTO filler VALUES (hex(randomblob(500)))") }
            if mode == "WAL" { try database.execute(sql: "COMMIT") }
            for suffix in ["", "-wal", "-journal"] where FileManager.default.fileExists(atPath: path + suffix) {
                try FileManager.default.copyItem(atPath: path + suffix, toPath: fixture.file("kept" + suffix))
            }
            if mode != "WAL" { try database.execute(sql: "ROLLBACK") }
        }
        try queue.close()
        for suffix in ["", "-wal", "-shm", "-journal"] {
            try? FileManager.default.removeItem(atPath: path + suffix)
            let kept = fixture.file("kept" + suffix)
            guard FileManager.default.fileExists(atPath: kept) else { continue }
            try FileManager.default.moveItem(atPath: kept, toPath: path + suffix)
        }
    }

    @Test(arguments: ["WAL", "DELETE"])
    func lookingAtAnUnfinishedFileChangesNothing(_ mode: String) throws {
        try store().write(cold, .cold, over: nil)
        try leaveUnfinished(mode)
        let before = try fixture.snapshot()
        try #require(before.names.contains(mode == "WAL" ? "project.qfproj-wal" : "project.qfproj-journal"))
        #expect(try store().artifact("pier", .cold) == cold)
        let count = try ProjectDatabase(path: workspace.paths.project).read { database in
            try Int.fetchOne(database, sql: "SELECT count(*) FROM filler")
        }
        #expect(count == (mode == "WAL" ? 200 : 0))
        #expect(try fixture.snapshot() == before)
        try store().write(Artifact(id: "fog", type: "scene", data: [:]), .cold, over: nil)
        #expect(try store().artifact("pier", .cold) == cold)
    }

    @Test func damagedPageIsNamedAndTheRestIsUsable() throws {
        try store().write(cold, .cold, over: nil)
        let handle = try #require(FileHandle(forUpdatingAtPath: workspace.paths.project))
        let size = Int(try handle.seekToEnd())
        try handle.seek(toOffset: 4_096)
        try handle.write(contentsOf: Data(repeating: 0xA5, count: size - 4_096))
        try handle.close()
        let files = fixture.store(workspace)
        let error = #expect(throws: WorkspaceError.self) { try files.artifact("pier", .cold) }
        #expect(error?.code == .damaged && error?.path == workspace.paths.project)
        #expect(error?.message.contains("state restore") == true)
        #expect(try files.keep(.sample(), at: fixture.time.now()).outcome == .written)
        #expect(try files.artifacts(ArtifactQuery(temperature: .hot)).total == 1)
    }

    @Test func damagedRowIsToldAndTheOthersAreListed() throws {
        try store().write(cold, .cold, over: nil)
        try DatabaseQueue(path: workspace.paths.project).write { database in
            try database.execute(
                sql: """
                    INSERT INTO artifacts (artifact_id, artifact_type, created, modified, data, metadata)
                    VALUES ('blob', 'scene', '', '', x'00', '{}'), ('bad', 'scene', '', '', '{}', '{oops')
                    """)
        }
        let page = try store().artifacts(ArtifactQuery(temperature: .cold))
        #expect(page.summaries.map(\.id) == ["pier"])
        #expect(page.problems.map(\.code) == [.damaged, .damaged])
        #expect(page.problems.allSatisfy { $0.message.contains("project.qfproj") })
    }

    @Test func workspaceOfTheFirstVersionIsWorkedInAsItIs() throws {
        let old = try WorkspaceFixture()
        try old.makeFirstVersion()
        try FileManager.default.removeItem(atPath: old.file("project.qfproj"))
        let store = old.store(try #require(try Workspace.find(from: old.root)))
        #expect(try store.artifacts(ArtifactQuery()).summaries.map(\.title) == ["Fog"])
        #expect(try old.snapshot().names.contains("project.qfproj") == false)
        try store.write(cold, .cold, over: nil)
        #expect(try store.artifact("pier", .cold) == cold)
        #expect(try Workspace.find(from: old.root)?.schemaVersion == 1)
        let snapshot = Snapshot(id: "SNAP-1", unit: "TU-1", description: "", at: old.time.now())
        let error = #expect(throws: WorkspaceError.self) { try store.add(snapshot, holding: [cold]) }
        #expect(error?.code == .needsMigration && error?.message.contains("state migrate") == true)
        #expect(try store.snapshots().isEmpty)
        let odd = #expect(throws: WorkspaceError.self) {
            try store.write(Artifact(id: "odd", type: "scene", data: [.number(JSONNumber(.nan))]), .cold, over: nil)
        }
        #expect(odd?.code == .needsMigration)
        let hot = #expect(throws: WorkspaceError.self) {
            try SQLiteStore(try #require(try Workspace.find(from: old.root)), time: old.time).artifact("x", .hot)
        }
        #expect(hot?.code == .needsMigration)
    }
}
