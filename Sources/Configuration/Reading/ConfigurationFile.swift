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
        do {
            try DurableFile.write(Data(text.utf8), to: path)
        } catch {
            throw ConfigurationError(.file, "cannot write \(path.visible()): \(error.reason)")
        }
    }

    private static func failure(_ what: String, _ path: String) -> ConfigurationError {
        ConfigurationError(.file, "\(what) \(path.visible()): \(String(cString: strerror(errno)))")
    }
}
