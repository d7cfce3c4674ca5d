import Core
import Foundation

/// State that comes from elsewhere: a file that ``StateExport`` wrote, or questfoundry-py's own export or snapshot folder.
///
/// It is untrusted: all of its records are bounded and checked when it is opened, before the first is used.
public struct StateSource: Sendable {
    public let path: String
    /// How many records there are.
    public let count: Int
    /// nil for the lines of an export, which are read again each time.
    private let records: [StateRecord]?

    /// Opens a file or a folder. Throws `damaged` when it is none of these, naming the line where that is known.
    public init(path: String) throws(WorkspaceError) {
        self.path = path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw WorkspaceError(.other, path, "there is no \(path.visible())")
        }
        records = isFolder.boolValue ? try SnapshotFolder(path: path).records() : try ProjectExport.records(in: path)
        if let records {
            count = records.count
            return
        }
        var lines = try ExportLines(path: path)
        while try lines.next() != nil {}
        count = lines.count
    }

    /// Calls `body` with every record in turn.
    package func forEach(_ body: (StateRecord) throws(WorkspaceError) -> Void) throws(WorkspaceError) {
        if let records {
            for record in records { try body(record) }
            return
        }
        var lines = try ExportLines(path: path)
        while let record = try lines.next() { try body(record) }
    }
}

/// The records of a file that ``StateExport`` wrote, one after another.
private struct ExportLines {
    private let path: String
    private var lines: LineReader
    private var number = 1
    /// How many records came so far.
    private(set) var count = 0
    private var isAtEnd = false

    init(path: String) throws(WorkspaceError) {
        self.path = path
        lines = try LineReader(path: path)
        let head = try lines.next().flatMap { try? JSONValue(parsing: $0) }
        guard head?["format"]?.string == StateExport.format else {
            throw damaged("its first line does not say that it is an export of QuestFoundry")
        }
        guard let version = head?["version"]?.int, (1...StateExport.formatVersion).contains(version) else {
            throw WorkspaceError(
                .newerVersion, path, "\(path.visible()) was written by a newer version: update QuestFoundry")
        }
    }

    mutating func next() throws(WorkspaceError) -> StateRecord? {
        guard !isAtEnd else { return nil }
        guard let line = try lines.next() else { throw damaged("it was cut off after line \(number)") }
        number += 1
        guard let json = try? JSONValue(parsing: line) else { throw damaged("line \(number) is no JSON") }
        guard json["record"]?.string != "end" else {
            isAtEnd = true
            guard json["records"]?.int == count, try lines.next() == nil else {
                throw damaged("line \(number) says that \(count) records are all, which is not so")
            }
            return nil
        }
        count += 1
        do { return try StateRecord(json) } catch { throw damaged("line \(number): \(error.reason)") }
    }

    private func damaged(_ reason: String) -> WorkspaceError { .foreign(path, reason) }
}

/// Reads a file line by line, so that a large one needs no more memory than its longest line.
private struct LineReader {
    /// The longest line that is read.
    private static let limit = 64 << 20

    private let path: String
    private let handle: FileHandle
    private var buffer = Data()

    init(path: String) throws(WorkspaceError) {
        self.path = path
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw WorkspaceError(
                .notPermitted, path, "\(path.visible()) cannot be read: \(String(cString: strerror(errno)))")
        }
        self.handle = handle
    }

    /// The next line without its end; nil after the last one.
    mutating func next() throws(WorkspaceError) -> [UInt8]? {
        var searched = 0
        while true {
            if let end = buffer.dropFirst(searched).firstIndex(of: 0x0A) {
                defer { buffer = Data(buffer[(end + 1)...]) }
                return Array(buffer[..<end])
            }
            searched = buffer.count
            guard searched <= Self.limit else { throw .foreign(path, "a line is longer than 64 MiB") }
            let piece: Data
            do { piece = try handle.read(upToCount: 1 << 20) ?? Data() } catch {
                throw WorkspaceError(.other, path, "\(path.visible()) cannot be read on: \(error)")
            }
            guard !piece.isEmpty else {
                defer { buffer = Data() }
                return buffer.isEmpty ? nil : Array(buffer)
            }
            buffer.append(piece)
        }
    }
}

extension WorkspaceError {
    /// What is wrong with state that comes from elsewhere.
    static func foreign(_ path: String, _ reason: String) -> WorkspaceError {
        WorkspaceError(.damaged, path, "\(path.visible()): \(reason); nothing was imported")
    }
}
