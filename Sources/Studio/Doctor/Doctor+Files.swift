import Configuration
import Core
import Foundation
import ResponseCache
import Workspace

extension Doctor {
    private static let leastFree = 10 << 20
    private static let littleFree = 100 << 20
    /// How many files are looked at.
    private static let mostFiles = 20_000

    // MARK: - The workspace

    func workspaceChecks() async -> [HealthCheck] {
        let open = workspace.pendingMigrations
        let schema = HealthCheck(
            "workspace", "", open == 0 ? .good : .warning,
            "\(workspace.name) at \(workspace.root), schema \(workspace.schemaVersion)",
            remedy: open == 0 ? nil : "\(open) migrations are open: make a backup first")
        return [schema, permissions, disk]
    }

    /// Whether others can read what should be the writer's alone.
    private var permissions: HealthCheck {
        let folder = workspace.paths.folder
        var open: [String] = Self.isOpen(folder) ? [WorkspacePaths.folderName] : []
        var seen = 0
        for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
            seen += 1
            guard seen <= Self.mostFiles else { break }
            if Self.isOpen(folder + "/" + name) { open.append(name) }
        }
        guard let first = open.first else {
            return HealthCheck("files", "", .good, "nobody else can read \(WorkspacePaths.folderName)")
        }
        let more = open.count == 1 ? "" : " and \(open.count - 1) more"
        return HealthCheck(
            "files", "", .warning, "others may read \(first)\(more)", remedy: "chmod -R go= \(folder)")
    }

    private static func isOpen(_ path: String) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFLNK else { return false }
        return status.st_mode & 0o077 != 0
    }

    private var disk: HealthCheck {
        let place = try? FileManager.default.attributesOfFileSystem(forPath: workspace.paths.folder)
        guard let free = (place?[.systemFreeSize] as? NSNumber)?.intValue else {
            return HealthCheck("disk", "", .warning, "its free space cannot be told")
        }
        let words = "\(free >> 20) MiB are free"
        if access(workspace.paths.folder, W_OK) != 0 {
            return HealthCheck(
                "disk", "", .problem(.unavailable), "\(WorkspacePaths.folderName) may not be written",
                remedy: "check its owner and permissions")
        }
        if free < Self.leastFree {
            return HealthCheck("disk", "", .problem(.unavailable), words, remedy: "free some space")
        }
        return HealthCheck(
            "disk", "", free < Self.littleFree ? .warning : .good, words,
            remedy: free < Self.littleFree ? "free some space soon" : nil)
    }

    // MARK: - The books

    /// Whether the workspace's SQLite files are whole.
    func books(_ configuration: Configuration?) async -> [HealthCheck] {
        var files = [
            ("project", workspace.paths.project, "restore it from a backup", HealthCheck.Verdict.problem(.unavailable)),
            (
                "ledger", workspace.paths.ledger,
                "move it away to start a new one, and keep it: it holds what was spent",
                .problem(.unavailable)
            ),
        ]
        if let path = configuration.flatMap({ ResponseCache.file($0.caching, workspaceRoot: workspace.root) }) {
            files.append(("cache", path, "delete it: a new one is made", .warning))
        }
        return await withTaskGroup(of: (Int, HealthCheck).self) { group in
            for (index, (area, path, remedy, verdict)) in files.enumerated() {
                group.addTask {
                    (index, await Self.check(area, StoredDatabase(path: path), remedy: remedy, verdict: verdict))
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    private static func check(
        _ area: String, _ file: StoredDatabase, remedy: String, verdict: HealthCheck.Verdict
    ) async -> HealthCheck {
        let size = "\((file.size ?? 0) >> 10) KiB"
        return switch await file.condition() {
        case .whole: HealthCheck(area, "", .good, "every page can be read, \(size)")
        case .missing: HealthCheck(area, "", .good, "not made yet")
        case .damaged(let said): HealthCheck(area, "", verdict, "\(file.path) is damaged (\(said))", remedy: remedy)
        case .unreadable(let said):
            HealthCheck(
                area, "", verdict, "\(file.path) cannot be opened (\(said))", remedy: "check its owner and permissions")
        case .unchecked: HealthCheck(area, "", .warning, "\(size), not read to its end")
        }
    }
}
