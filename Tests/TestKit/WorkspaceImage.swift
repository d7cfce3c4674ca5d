public import Foundation
import GRDB

/// What a workspace holds, value by value: every byte of every file, every row of the project file with the types of its
/// values, and the project file's schema. What the program keeps for itself is left out: `run` and `backups`.
public struct WorkspaceImage: Equatable, Sendable {
    /// By path; what a link leads to for a link, nil for a folder.
    public private(set) var files: [String: Data?] = [:]
    /// Rows by table, and the schema under `schema`.
    public private(set) var tables: [String: [String]] = [:]

    public init(_ root: String) throws {
        let own = ["project.qfproj", ".questfoundry/run", ".questfoundry/backups", ".questfoundry/logs"]
        for name in try FileManager.default.subpathsOfDirectory(atPath: root) {
            guard !own.contains(where: { name == $0 || name.hasPrefix($0 + "/") || name.hasPrefix($0 + "-") }) else {
                continue
            }
            let path = root + "/" + name
            let type = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
            switch type {
            case .typeDirectory?: files[name] = .some(nil)
            case .typeSymbolicLink?:
                files[name] = Data(try FileManager.default.destinationOfSymbolicLink(atPath: path).utf8)
            default: files[name] = try Data(contentsOf: URL(filePath: path))
            }
        }
        try readProject(root + "/project.qfproj")
    }

    private mutating func readProject(_ path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        let queue = try DatabaseQueue(path: path)
        tables = try queue.read { database in
            var tables: [String: [String]] = [:]
            let names = try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
            for name in names {
                let columns = try database.columns(in: name).map(\.name)
                let values = columns.map { "quote(\"\($0)\")" }.joined(separator: " || ', ' || ")
                tables[name] = try String.fetchAll(
                    database, sql: "SELECT rowid || ': ' || \(values) FROM \"\(name)\" ORDER BY 1")
            }
            tables["schema"] = try String.fetchAll(
                database, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
            return tables
        }
        try queue.close()
    }

    /// The paths whose contents differ, and the tables, for a message.
    public func differences(from other: WorkspaceImage) -> [String] {
        let paths = Set(files.keys).union(other.files.keys).filter { files[$0] != other.files[$0] }
        let names = Set(tables.keys).union(other.tables.keys).filter { tables[$0] != other.tables[$0] }
        return paths.sorted() + names.sorted()
    }
}
