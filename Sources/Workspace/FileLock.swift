import Core
import Foundation

/// An advisory lock on a file, which the kernel frees when the process ends, however it ends.
struct FileLock {
    private let descriptor: Int32

    /// Waits until the lock is free and takes it; makes the file, and its folder, where they are missing.
    init(_ path: String) throws(WorkspaceError) {
        mkdir(URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false), 0o700)
        descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw WorkspaceError(writing: path, errno) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let number = errno
                close(descriptor)
                throw WorkspaceError(writing: path, number)
            }
        }
    }

    func release() { close(descriptor) }
}
