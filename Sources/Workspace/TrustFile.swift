public import Configuration
import Core
public import Foundation

/// Where this user keeps which workspaces they made, and what those from elsewhere may send where:
/// `$XDG_STATE_HOME/questfoundry/trust`, the only place that is asked.
///
/// A workspace is known by its path, device and inode, so that another one in its place is another one.
public struct TrustFile: Sendable {
    public let path: String

    /// What is known of one workspace.
    private struct Entry: Codable {
        var path: String
        var device: UInt64
        var inode: UInt64
        var isMade: Bool
        var lines: [Line] = []

        struct Line: Codable, Hashable {
            var variable: String?
            var host: String
        }

        func isSame(as other: Entry) -> Bool {
            path == other.path && device == other.device && inode == other.inode
        }
    }

    /// The largest file that is read.
    private static let byteLimit = 1 << 20

    /// The place that the environment names, in `~/.local/state` when it names none.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let named = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? NSHomeDirectory()
        path = (named ?? home + "/.local/state") + "/questfoundry/trust"
    }

    /// What a workspace's configuration may send where. Throws when the file cannot be read.
    public func trust(of workspace: Workspace) throws(WorkspaceError) -> ProviderTrust {
        guard let own = Self.entry(of: workspace), let known = try read().first(where: own.isSame) else {
            return .lines([])
        }
        if known.isMade { return .everything }
        return .lines(Set(known.lines.map { TrustLine(variable: $0.variable, host: $0.host) }))
    }

    /// Notes that this user made a workspace.
    public func noteMade(_ workspace: Workspace) throws(WorkspaceError) { try change(workspace) { $0.isMade = true } }

    /// Notes what a workspace may send where from now on.
    public func add(_ lines: [TrustLine], for workspace: Workspace) throws(WorkspaceError) {
        try change(workspace) { entry in
            let all = Set(entry.lines).union(lines.map { Entry.Line(variable: $0.variable, host: $0.host) })
            entry.lines = all.sorted { ($0.host, $0.variable ?? "") < ($1.host, $1.variable ?? "") }
        }
    }

    // MARK: - The file

    private static func entry(of workspace: Workspace) -> Entry? {
        var status = stat()
        guard stat(workspace.paths.folder, &status) == 0 else { return nil }
        return Entry(
            path: workspace.paths.folder, device: UInt64(status.st_dev), inode: UInt64(status.st_ino), isMade: false)
    }

    private func change(_ workspace: Workspace, _ body: (inout Entry) -> Void) throws(WorkspaceError) {
        try makeFolder()
        let lock = try FileLock(path + ".lock")
        defer { lock.release() }
        guard var own = Self.entry(of: workspace) else { throw WorkspaceError(writing: path, ENOENT) }
        var entries = try read()
        if let index = entries.firstIndex(where: own.isSame) { own = entries.remove(at: index) }
        // Whatever stood there before is gone.
        entries.removeAll { $0.path == own.path }
        body(&own)
        try write(entries + [own])
    }

    private func makeFolder() throws(WorkspaceError) {
        let folder = URL(filePath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw WorkspaceError(
                .notPermitted, path,
                "\(folder.path(percentEncoded: false).visible()) cannot be made: "
                    + "check its owner and permissions, or set XDG_STATE_HOME")
        }
    }

    private func read() throws(WorkspaceError) -> [Entry] {
        var status = stat()
        guard stat(path, &status) == 0 else { return [] }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.byteLimit,
            let data = FileManager.default.contents(atPath: path),
            let entries = try? JSONDecoder().decode([Entry].self, from: data)
        else {
            throw WorkspaceError(
                .damaged, path,
                "\(path.visible()), which keeps what workspaces may send where, cannot be read: delete it, and each "
                    + "workspace asks once more")
        }
        return entries
    }

    private func write(_ entries: [Entry]) throws(WorkspaceError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do throws(DurableFile.Failure) {
            try DurableFile.write((try? encoder.encode(entries)) ?? Data("[]".utf8), to: path)
        } catch {
            throw WorkspaceError(writing: path, error.code)
        }
    }
}
