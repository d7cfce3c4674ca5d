import Core
import Foundation

/// Reads files of a workspace, which anybody may have put there.
package enum StoredFile {
    /// The largest file that is read: far above what a role writes.
    static let byteLimit = 64 << 20

    /// A file's bytes; nil when there is none. Follows no link; throws for what is no regular file or too large.
    package static func read(_ path: String) throws(WorkspaceError) -> [UInt8]? { try contents(path)?.bytes }

    /// The same, with what the file system says of the file.
    static func contents(_ path: String) throws(WorkspaceError) -> (bytes: [UInt8], status: stat)? {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            if errno == ELOOP {
                throw WorkspaceError(.badName, path, "\(path.visible()) is a link; links are not followed")
            }
            throw failure(path)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw WorkspaceError(.damaged, path, "\(path.visible()) is no regular file")
        }
        guard status.st_size <= byteLimit else {
            throw WorkspaceError(.damaged, path, "\(path.visible()) is larger than 64 MiB, which no artifact is")
        }
        return (try bytes(of: descriptor, size: Int(status.st_size), path), status)
    }

    private static func bytes(of descriptor: Int32, size: Int, _ path: String) throws(WorkspaceError) -> [UInt8] {
        var count = 0
        var number: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
            while count < size {
                let length = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
                if length < 0, errno == EINTR { continue }
                if length < 0 { number = errno }
                guard length > 0 else { break }
                count += length
            }
            initialized = count
        }
        guard number == 0 else { throw WorkspaceError(reading: path, number) }
        return bytes
    }

    /// What is at a path, as `st_mode` tells it; nil when nothing is. A link is one, wherever it leads.
    static func kind(of path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }

    /// A path with every link followed; nil when nothing is there.
    static func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    private static func failure(_ path: String) -> WorkspaceError {
        let reason = String(cString: strerror(errno))
        return WorkspaceError(.notPermitted, path, "\(path.visible()) cannot be read: \(reason)")
    }
}
