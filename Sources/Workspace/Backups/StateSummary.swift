import Core

/// What a workspace's state consists of, and how it is kept.
public struct StateSummary: Hashable, Sendable {
    public var schemaVersion: Int
    /// The newest version that this program knows.
    public var newestVersion: Int
    public var pendingMigrations: Int
    public var counts: StateCounts
    /// Whole backups, the newest first.
    public var backups: [Backup]
}

extension Backups {
    /// What the state consists of, and which backups there are. Changes nothing.
    public func summary() throws(WorkspaceError) -> StateSummary {
        var counts = try ProjectFile.counts(at: workspace.paths.project)
        for name in Artifact.allFolders {
            counts.hotArtifacts += try FolderTree.entries(in: "\(workspace.paths.hot)/\(name)").count { entry in
                entry.kind == .file && Artifact.isPlace("hot/\(name)/\(entry.path)")
            }
        }
        return StateSummary(
            schemaVersion: workspace.schemaVersion, newestVersion: Migration.newestVersion,
            pendingMigrations: workspace.pendingMigrations, counts: counts, backups: try all())
    }
}
