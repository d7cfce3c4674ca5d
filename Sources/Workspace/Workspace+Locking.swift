import Core
import Foundation

extension Workspace {
    /// Why nothing can be written here, when a newer version of the program has written it; nil for any other.
    public var readOnlyReason: String? { schemaVersion > Migration.newestVersion ? newerVersion.message : nil }

    /// Runs something while no other process or task of this workspace does the same.
    ///
    /// Throws `newerVersion` where ``readOnlyReason`` says why, and `conflict` when the workspace's state was replaced
    /// since it was opened.
    public func exclusively<Value, Failure: Error>(
        _ body: () throws(Failure) -> Value, orThrow describe: (WorkspaceError) -> Failure
    ) throws(Failure) -> Value {
        let lock: FileLock
        do { lock = try self.lock() } catch { throw describe(error) }
        defer { lock.release() }
        return try body()
    }

    /// Takes the lock of ``exclusively(_:orThrow:)`` for work that takes long.
    func lock() throws(WorkspaceError) -> FileLock {
        try checkVersion()
        let lock = try FileLock(paths.lock)
        do { try checkCurrent() } catch {
            lock.release()
            throw error
        }
        return lock
    }

    /// Takes the lock for replacing the state, which no session may be using, but for one of this process.
    func lockForReplacing(besides session: ULID?) throws(WorkspaceError) -> FileLock {
        try checkVersion()
        guard let lock = try FileLock(ifFree: paths.lock) else {
            throw WorkspaceError(
                .inUse, paths.root, "somebody else is working in \(paths.root.visible()) at the moment; try again")
        }
        do throws(WorkspaceError) {
            try checkCurrent()
            guard ((try? ProjectFile.version(at: paths.project)) ?? schemaVersion) == schemaVersion else {
                throw replacedMeanwhile
            }
            if let running = try runningSession(besides: session) {
                throw WorkspaceError(
                    .inUse, paths.root,
                    "the session \(running) is running in \(paths.root.visible()): wait for its end, or cancel it")
            }
            return lock
        } catch {
            lock.release()
            throw error
        }
    }

    private func checkVersion() throws(WorkspaceError) {
        guard schemaVersion <= Migration.newestVersion else { throw newerVersion }
    }

    private func checkCurrent() throws(WorkspaceError) {
        guard projectFile == nil || projectFile == FileIdentity(of: paths.project) else { throw replacedMeanwhile }
    }

    /// A session whose process runs, whichever comes first; a lock that a killed process left does not count.
    private func runningSession(besides own: ULID?) throws(WorkspaceError) -> ULID? {
        for entry in try FolderTree.entries(in: paths.run) where entry.path.hasSuffix(".lock") {
            guard let session = ULID(String(entry.path.dropLast(5))), session != own else { continue }
            let descriptor = open("\(paths.run)/\(entry.path)", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            if flock(descriptor, LOCK_EX | LOCK_NB) != 0 { return session }
        }
        return nil
    }

    private var replacedMeanwhile: WorkspaceError {
        WorkspaceError(
            .conflict, paths.project,
            "the state of \(paths.root.visible()) was migrated or restored meanwhile: open it again")
    }

    private var newerVersion: WorkspaceError {
        WorkspaceError(
            .newerVersion, paths.project,
            "\(paths.root.visible()) has schema version \(schemaVersion), and this program knows up to "
                + "\(Migration.newestVersion): it can only be read here; update QuestFoundry to a version that knows "
                + "\(schemaVersion)")
    }
}
