import Foundation
import Glibc

/// A file system of a test's own that is soon full, in memory; unmounted when the last reference to it goes.
public final class SmallDisk: Sendable {
    public let path: String
    private let folder: TemporaryFolder

    /// Whether this process may mount at all.
    public static let isAvailable = (try? SmallDisk(kilobytes: 64)) != nil

    public init(kilobytes: Int) throws {
        folder = try TemporaryFolder()
        path = folder.path
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EPERM)
        }
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }

    /// Fills what is left.
    public func fill() {
        let descriptor = open(path + "/filling", O_CREAT | O_WRONLY | O_APPEND, 0o600)
        let block = [UInt8](repeating: 0, count: 4_096)
        while write(descriptor, block, block.count) > 0 {}
        close(descriptor)
    }

    /// Frees what ``fill()`` took.
    public func clear() { unlink(path + "/filling") }
}
