package import Foundation

/// Writes files whole or not at all, so that a kill or a loss of power at any moment leaves the old one or the new one.
package enum DurableFile {
    /// Why a file could not be written: what the system said.
    package struct Failure: Error, Hashable {
        package var path: String
        package var code: Int32

        package var reason: String { String(cString: strerror(code)) }
        package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }
    }

    /// Replaces a file, readable by its owner only; its folder must exist. The data is on the disk when this returns.
    package static func write(_ data: some DataProtocol, to path: String) throws(Failure) {
        let temporary = "\(path).\(UInt32.random(in: .min ... .max)).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Failure(path: path, code: errno) }
        let failure = write(data, to: descriptor, path: path)
        close(descriptor)
        if let failure {
            unlink(temporary)
            throw failure
        }
        guard rename(temporary, path) == 0 else {
            let failure = Failure(path: path, code: errno)
            unlink(temporary)
            throw failure
        }
        synchronizeFolder(URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false))
    }

    /// Makes what was renamed in a folder survive a loss of power.
    package static func synchronizeFolder(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func write(_ data: some DataProtocol, to descriptor: Int32, path: String) -> Failure? {
        for region in data.regions {
            let isWritten = region.withUnsafeBytes { bytes in
                var rest = bytes[...]
                while !rest.isEmpty {
                    let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                    if count < 0, errno == EINTR { continue }
                    guard count > 0 else { return false }
                    rest = rest.dropFirst(count)
                }
                return true
            }
            guard isWritten else { return Failure(path: path, code: errno) }
        }
        return fsync(descriptor) == 0 ? nil : Failure(path: path, code: errno)
    }
}
