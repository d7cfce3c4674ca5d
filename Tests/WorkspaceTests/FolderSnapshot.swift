import Foundation
import Testing

/// Everything below a folder, and the folder itself, with whatever a mere look must not change.
struct FolderSnapshot: Equatable {
    struct Item: Equatable {
        var mode: mode_t
        var inode: ino_t
        var seconds: Int
        var nanoseconds: Int
        /// Nil for what is no file.
        var bytes: Data?
    }

    private(set) var items: [String: Item] = [:]

    init(_ root: String) throws {
        for name in try FileManager.default.subpathsOfDirectory(atPath: root) + ["."] {
            let path = root + "/" + name
            var status = stat()
            let result = lstat(path, &status)
            try #require(result == 0, "\(path)")
            var item = Item(
                mode: status.st_mode, inode: status.st_ino, seconds: status.st_mtim.tv_sec,
                nanoseconds: status.st_mtim.tv_nsec)
            if status.st_mode & S_IFMT == S_IFREG { item.bytes = try Data(contentsOf: URL(filePath: path)) }
            items[name] = item
        }
    }

    var names: [String] { items.keys.filter { $0 != "." }.sorted() }
}
