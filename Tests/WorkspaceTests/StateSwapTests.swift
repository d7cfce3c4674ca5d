import Configuration
import Core
import Foundation
import TestKit
import Testing

@testable import Workspace

/// What opening makes of a migration that was killed.
@Suite struct StateSwapTests {
    private let folder: TemporaryFolder
    private let root: String
    private let made: PyWorkspace
    private let name = "20261124T120000.000Z-before-migration"

    init() throws {
        folder = try TemporaryFolder()
        root = folder.path.replacingOccurrences(of: "//", with: "/") + "/book"
        made = try PyWorkspace(at: root, artifacts: 20)
    }

    private func open() throws -> Workspace { try #require(try Workspace.find(from: root)) }

    /// Stages a new state in which one hook says so.
    private func stage() throws -> StateSwap {
        let swap = StateSwap(try open().paths)
        try swap.prepare()
        try FileManager.default.copyItem(atPath: made.file(".questfoundry/hot"), toPath: swap.new + "/hot")
        try Data("new".utf8).write(to: URL(filePath: swap.new + "/hot/new.txt"))
        try FileManager.default.copyItem(atPath: made.file("project.qfproj"), toPath: swap.newProject)
        try FileManager.default.copyItem(atPath: made.file("project.qfproj"), toPath: swap.oldProject)
        return swap
    }

    private func decide(_ parts: [String] = ["hot", "project.qfproj"], removed: [String] = []) throws {
        let order: JSONValue = [
            "replaced": .array(parts.map { JSONValue($0) }), "removed": .array(removed.map { JSONValue($0) }),
            "backup": JSONValue(name),
        ]
        try made.write(order.text(), to: ".questfoundry/run/migration.json")
    }

    private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: made.file(name)) }

    @Test func cleanWorkspaceIsLeftAsItIs() throws {
        let before = try FolderSnapshot(root)
        _ = try open()
        #expect(try FolderSnapshot(root) == before)
    }

    @Test func halfWrittenCopyIsRemoved() throws {
        let before = try WorkspaceImage(root)
        _ = try stage()
        _ = try open()
        #expect(!exists(".questfoundry/run/staging"))
        #expect(try WorkspaceImage(root) == before)
    }

    @Test func copyThatIsBeingWrittenIsLeftAlone() throws {
        let paths = try open().paths
        let lock = try FileLock(paths.lock)
        defer { lock.release() }
        let swap = StateSwap(paths)
        try swap.prepare()
        try Data().write(to: URL(filePath: swap.new + "/x"))
        _ = try open()
        #expect(exists(".questfoundry/run/staging/new/x"))
    }

    @Test(arguments: 0...6) func decidedSwapIsBroughtToItsEndFromAnyPoint(point: Int) throws {
        let swap = try stage()
        try decide()
        let (live, old, new) = (made.file(".questfoundry"), swap.old, swap.new)
        let steps: [() throws -> Void] = [
            { try FileManager.default.moveItem(atPath: live + "/hot", toPath: old + "/hot") },
            { try FileManager.default.moveItem(atPath: new + "/hot", toPath: live + "/hot") },
            { rename(swap.newProject, made.file("project.qfproj")) },
            { try FolderTree.make(live + "/backups") },
            { try FileManager.default.moveItem(atPath: old, toPath: live + "/backups/\(name)") },
            { try FileManager.default.removeItem(atPath: live + "/run/migration.json") },
        ]
        for step in steps.prefix(point) { try step() }
        _ = try open()
        #expect(exists(".questfoundry/hot/new.txt") && exists("project.qfproj"))
        #expect(
            exists(".questfoundry/backups/\(name)/hot/hooks") && !exists(".questfoundry/backups/\(name)/hot/new.txt"))
        #expect(exists(".questfoundry/backups/\(name)/project.qfproj"))
        #expect(!exists(".questfoundry/run/staging") && !exists(".questfoundry/run/migration.json"))
        let before = try FolderSnapshot(root)
        _ = try open()
        #expect(try FolderSnapshot(root) == before)
    }

    @Test func logOfTheOldProjectFileIsNotTakenForOneOfTheNew() throws {
        _ = try stage()
        try made.write("stale", to: "project.qfproj-wal")
        try decide()
        _ = try open()
        #expect(!exists("project.qfproj-wal"))
    }

    @Test(arguments: [
        "", "{}", #"{"replaced": ["hot", "../x"], "removed": [], "backup": "b"}"#,
        #"{"replaced": [], "removed": [], "backup": "../../x"}"#,
    ])
    func damagedOrderIsNamedAndNothingIsMoved(text: String) throws {
        _ = try stage()
        try made.write(text, to: ".questfoundry/run/migration.json")
        let error = #expect(throws: WorkspaceError.self) { _ = try open() }
        #expect(error?.code == .damaged && error?.path == made.file(".questfoundry/run/migration.json"))
        #expect(exists(".questfoundry/run/staging/new/hot/new.txt") && exists(".questfoundry/hot"))
    }
}
