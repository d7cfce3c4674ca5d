import Core
import Foundation

/// The files that the configuration is read from and written to.
enum ConfigurationFile {
    /// A file's text; nil when there is none. Throws when it is no regular file, not UTF-8 or larger than 1 MiB.
    static func read(_ path: String) throws(ConfigurationError) -> String? {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno != ENOENT else { return nil }
            throw failure("cannot read", path)
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ConfigurationError(.file, "cannot read \(path.visible()): it is no regular file")
        }
        guard let data = try? handle.read(upToCount: TreeReader.maxBytes + 1) ?? Data() else {
            throw failure("cannot read", path)
        }
        guard data.count <= TreeReader.maxBytes else {
            throw ConfigurationError(.file, "\(path.visible()) is larger than 1 MiB; a configuration is at most that")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ConfigurationError(.file, "\(path.visible()) is not UTF-8; save it as UTF-8")
        }
        return text
    }

    /// Replaces a file whole, or not at all, with mode 0600: readers see the old text or the new one.
    static func write(_ text: String, to path: String) throws(ConfigurationError) {
        let temporary = "\(path).\(UInt32.random(in: .min ... .max)).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot write", temporary) }
        do {
            let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            try handle.write(contentsOf: Data(text.utf8))
            try handle.synchronize()
            try handle.close()
        } catch {
            unlink(temporary)
            throw ConfigurationError(.file, "cannot write \(path.visible()): \(error.localizedDescription)")
        }
        guard rename(temporary, path) == 0 else {
            let error = failure("cannot write", path)
            unlink(temporary)
            throw error
        }
        synchronizeFolder(of: path)
    }

    /// Makes the rename survive a loss of power.
    private static func synchronizeFolder(of path: String) {
        let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func failure(_ what: String, _ path: String) -> ConfigurationError {
        ConfigurationError(.file, "\(what) \(path.visible()): \(String(cString: strerror(errno)))")
    }
}
