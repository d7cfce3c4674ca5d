import Core
import Foundation

/// Reads files of a workspace, which anybody may have put there.
enum StoredFile {
    /// The largest file that is read: far above what a role writes.
    static let byteLimit = 64 << 20

    /// A file's bytes; nil when there is none. Follows no link; throws for what is no regular file or too large.
    static func read(_ path: String) throws(WorkspaceError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            if errno == ELOOP {
                throw WorkspaceError(.badName, path, "\(path.visible()) is a link; links are not followed")
            }
            throw failure(path)
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw WorkspaceError(.damaged, path, "\(path.visible()) is no regular file")
        }
        guard status.st_size <= byteLimit else {
            throw WorkspaceError(.damaged, path, "\(path.visible()) is larger than 64 MiB, which no artifact is")
        }
        guard let data = try? handle.readToEnd() ?? Data() else { throw failure(path) }
        return Array(data)
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
