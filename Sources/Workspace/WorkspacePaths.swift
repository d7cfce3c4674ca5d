/// Where everything of a workspace lies; all paths are absolute.
public struct WorkspacePaths: Hashable, Sendable {
    /// The folder that holds the workspace.
    public let root: String
    /// The folder of the program's own files, `.questfoundry`.
    public let folder: String

    /// The name of ``folder``, by which a workspace is known.
    public static let folderName = ".questfoundry"

    init(root: String) {
        self.root = root
        folder = root + (root.hasSuffix("/") ? "" : "/") + Self.folderName
    }

    public var config: String { folder + "/config.yml" }
    public var overrides: String { folder + "/overrides.yml" }
    public var ledger: String { folder + "/ledger.db" }
    /// The folder of session locks.
    public var run: String { folder + "/run" }
    /// The folder of the program's log.
    public var logs: String { folder + "/logs" }
    /// The folder of backups, each a folder of its own.
    public var backups: String { folder + "/backups" }
    /// The folder of what was deleted.
    var bin: String { folder + "/bin" }
    /// The folder of texts that are being edited.
    var edits: String { folder + "/edits" }
    var metadata: String { folder + "/metadata.json" }
    var ignore: String { folder + "/.gitignore" }
    var hot: String { folder + "/hot" }
    /// Held while something of the workspace is read, changed and written again.
    var lock: String { run + "/workspace.lock" }
    /// The SQLite file of finished artifacts.
    public var project: String { root + (root.hasSuffix("/") ? "" : "/") + "project.qfproj" }
}
