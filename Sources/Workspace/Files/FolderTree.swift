import Core
import Glibc

/// What lies below a folder. Links are told apart and never followed.
enum FolderTree {
    enum Kind: Hashable, Sendable { case file, folder, link, other }

    struct Entry: Hashable, Sendable {
        /// Relative to the folder that was listed.
        var path: String
        var kind: Kind

        var name: String { String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]) }
    }

    /// Everything below a folder, each folder before what it holds; nothing when the folder is missing.
    static func entries(below root: String) throws(WorkspaceError) -> [Entry] {
        var found: [Entry] = []
        var open = [""]
        while let folder = open.popLast() {
            for entry in try entries(in: folder.isEmpty ? root : "\(root)/\(folder)") {
                let path = folder.isEmpty ? entry.path : "\(folder)/\(entry.path)"
                found.append(Entry(path: path, kind: entry.kind))
                if entry.kind == .folder { open.append(path) }
            }
        }
        return found
    }

    /// What lies in one folder, in the order of the names; nothing when it is missing.
    static func entries(in folder: String) throws(WorkspaceError) -> [Entry] {
        guard let stream = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw WorkspaceError(reading: folder, errno)
        }
        defer { closedir(stream) }
        var found: [Entry] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name != ".", name != ".." else { continue }
            let kind = Self.kind(ofType: entry.pointee.d_type) ?? Self.kind(of: "\(folder)/\(name)") ?? .other
            found.append(Entry(path: name, kind: kind))
        }
        return found.sorted { strcmp($0.path, $1.path) < 0 }
    }

    /// What lies at a path; nil when nothing does.
    static func kind(of path: String) -> Kind? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        case S_IFLNK: .link
        default: .other
        }
    }

    private static func kind(ofType type: UInt8) -> Kind? {
        switch Int(type) {
        case Int(DT_REG): .file
        case Int(DT_DIR): .folder
        case Int(DT_LNK): .link
        case Int(DT_UNKNOWN): nil
        default: .other
        }
    }

    /// Removes whatever lies at a path, and all below it. What is not there is no error.
    static func remove(_ path: String) throws(WorkspaceError) {
        guard let kind = kind(of: path) else { return }
        if kind == .folder {
            for entry in try entries(in: path) { try remove("\(path)/\(entry.path)") }
        }
        guard (kind == .folder ? rmdir(path) : unlink(path)) == 0 || errno == ENOENT else {
            throw WorkspaceError(writing: path, errno)
        }
    }

    /// Makes a folder that may be there already.
    static func make(_ path: String, mode: mode_t = 0o700) throws(WorkspaceError) {
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw WorkspaceError(writing: path, errno) }
    }
}
