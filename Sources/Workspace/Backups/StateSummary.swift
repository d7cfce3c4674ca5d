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
        StateSummary(
            schemaVersion: workspace.schemaVersion, newestVersion: Migration.newestVersion,
            pendingMigrations: workspace.pendingMigrations, counts: try counts(), backups: try all())
    }

    func counts() throws(WorkspaceError) -> StateCounts {
        let files = try FolderTree.entries(below: workspace.paths.hot).filter { $0.kind == .file }
        return try StateCounts(project: workspace.paths.project, files: files.map { "hot/\($0.path)" })
    }
}
