import Core
import Foundation

/// An advisory lock on a file, which the kernel frees when the process ends, however it ends.
struct FileLock {
    private let descriptor: Int32

    /// Waits until the lock is free and takes it; makes the file, and its folder, where they are missing.
    init(_ path: String) throws(WorkspaceError) {
        descriptor = try Self.open(path)
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let number = errno
                close(descriptor)
                throw WorkspaceError(writing: path, number)
            }
        }
    }

    /// Takes the lock when it is free; nil when somebody has it.
    init?(ifFree path: String) throws(WorkspaceError) {
        descriptor = try Self.open(path)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
    }

    private static func open(_ path: String) throws(WorkspaceError) -> Int32 {
        mkdir(URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false), 0o700)
        let descriptor = Glibc.open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw WorkspaceError(writing: path, errno) }
        return descriptor
    }

    func release() { close(descriptor) }
}
