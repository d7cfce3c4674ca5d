import CFiles
import Core
import Crypto
import Foundation

/// What a file held when it was copied or written.
struct FileDigest: Hashable, Sendable {
    var sha256: SHA256.Digest
    var bytes: Int

    init(sha256: SHA256.Digest, bytes: Int) {
        self.sha256 = sha256
        self.bytes = bytes
    }

    init(of bytes: [UInt8]) { self.init(sha256: SHA256.hash(data: bytes), bytes: bytes.count) }

    /// The hash in hexadecimal.
    var hash: String { sha256.hexadecimal }
}

/// Copies and writes files of a state that is not in use yet: not each of them durably, but all at once by
/// ``synchronize(_:)``.
enum FileCopy {
    private static let pieceSize = 1 << 20

    /// Copies a regular file with its permissions and times to a place where nothing is.
    static func copy(_ source: String, to target: String) throws(WorkspaceError) -> FileDigest {
        let input = open(source, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard input >= 0 else { throw WorkspaceError(reading: source, errno) }
        defer { close(input) }
        var status = stat()
        guard fstat(input, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw WorkspaceError(.damaged, source, "\(source.visible()) is no regular file; move it away")
        }
        let output = try make(target)
        defer { close(output) }
        var hash = SHA256()
        var count = 0
        let piece = UnsafeMutableRawBufferPointer.allocate(
            byteCount: min(pieceSize, max(1, Int(status.st_size) + 1)), alignment: 16)
        defer { piece.deallocate() }
        while true {
            let length = Glibc.read(input, piece.baseAddress, piece.count)
            if length < 0, errno == EINTR { continue }
            guard length >= 0 else { throw WorkspaceError(reading: source, errno) }
            guard length > 0 else { break }
            let part = UnsafeRawBufferPointer(rebasing: piece[..<length])
            hash.update(bufferPointer: part)
            let number = write(part, to: output)
            guard number == 0 else { throw WorkspaceError(writing: target, number) }
            count += length
        }
        keep(status, on: output)
        return FileDigest(sha256: hash.finalize(), bytes: count)
    }

    /// Writes a file at a place where nothing is, with the permissions and times of another.
    static func write(_ bytes: [UInt8], to target: String, like status: stat) throws(WorkspaceError) {
        let output = try make(target)
        defer { close(output) }
        let number = bytes.withUnsafeBytes { write($0, to: output) }
        guard number == 0 else { throw WorkspaceError(writing: target, number) }
        keep(status, on: output)
    }

    /// SHA-256 and size of a file.
    static func digest(of path: String) throws(WorkspaceError) -> FileDigest {
        let input = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard input >= 0 else { throw WorkspaceError(reading: path, errno) }
        defer { close(input) }
        var hash = SHA256()
        var count = 0
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { piece.deallocate() }
        while true {
            let length = Glibc.read(input, piece.baseAddress, piece.count)
            if length < 0, errno == EINTR { continue }
            guard length >= 0 else { throw WorkspaceError(reading: path, errno) }
            guard length > 0 else { return FileDigest(sha256: hash.finalize(), bytes: count) }
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: piece[..<length]))
            count += length
        }
    }

    /// Makes an empty folder with the permissions of another one; its owner may always write to it.
    static func copyFolder(_ source: String, to target: String) throws(WorkspaceError) {
        var status = stat()
        guard lstat(source, &status) == 0 else { throw WorkspaceError(reading: source, errno) }
        guard mkdir(target, 0o700) == 0, chmod(target, status.st_mode & 0o777 | 0o700) == 0 else {
            throw WorkspaceError(writing: target, errno)
        }
    }

    /// Makes a link like another one.
    static func copyLink(_ source: String, to target: String) throws(WorkspaceError) {
        guard let place = try? FileManager.default.destinationOfSymbolicLink(atPath: source) else {
            throw WorkspaceError(reading: source, errno)
        }
        guard symlink(place, target) == 0 else { throw WorkspaceError(writing: target, errno) }
    }

    /// Makes everything durable that was written to the file system of a folder.
    static func synchronize(_ folder: String) throws(WorkspaceError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw WorkspaceError(reading: folder, errno) }
        defer { close(descriptor) }
        guard syncfs(descriptor) == 0 else { throw WorkspaceError(writing: folder, errno) }
    }

    private static func make(_ target: String) throws(WorkspaceError) -> Int32 {
        let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard output >= 0 else { throw WorkspaceError(writing: target, errno) }
        return output
    }

    /// Writes all of the bytes; returns what went wrong, 0 when nothing did.
    private static func write(_ bytes: UnsafeRawBufferPointer, to output: Int32) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(output, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count < 0 ? errno : ENOSPC }
            rest = rest.dropFirst(count)
        }
        return 0
    }

    private static func keep(_ status: stat, on output: Int32) {
        fchmod(output, status.st_mode & 0o777)
        let times = [status.st_atim, status.st_mtim]
        futimens(output, times)
    }
}
