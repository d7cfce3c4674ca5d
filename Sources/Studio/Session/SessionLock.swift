import Core
import Foundation

/// A lock on a session's file in the workspace, held for as long as the session may generate. The kernel frees it when
/// the process ends, however it ends, so that others can tell a session that works from one that is gone.
final class SessionLock: Sendable {
    private let descriptor: Int32
    private let path: String

    /// Takes the lock; makes the folder and the file. Throws when the file system does not let it.
    init(session: ULID, folder: String) throws(RunError) {
        mkdir(folder, 0o700)
        path = Self.path(of: session, in: folder)
        descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            throw RunError(
                .storage,
                "\(path) cannot be locked: \(reason); check the owner, the permissions and the free space of its folder"
            )
        }
    }

    /// Frees the lock and removes its file.
    deinit {
        unlink(path)
        close(descriptor)
    }

    /// Whether the session's process still runs. Removes the file that a process left which is gone.
    static func isHeld(by session: ULID, folder: String) -> Bool {
        let path = path(of: session, in: folder)
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return errno != ENOENT }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return true }
        unlink(path)
        return false
    }

    private static func path(of session: ULID, in folder: String) -> String { "\(folder)/\(session).lock" }
}
