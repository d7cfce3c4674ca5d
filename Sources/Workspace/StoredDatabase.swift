import Foundation
import GRDB

/// One of the SQLite files of a workspace, as somebody looks at it who only wants to know whether it is whole.
public struct StoredDatabase: Sendable {
    /// How a file is.
    public enum Condition: Hashable, Sendable {
        case whole
        /// There is no file yet.
        case missing
        /// What is wrong with it, in SQLite's words.
        case damaged(String)
        /// It cannot be opened or read now: why.
        case unreadable(String)
        /// It is too large to be read through, or that took too long.
        case unchecked
    }

    /// Larger files are not read through.
    private static let mostBytes = 512 << 20

    public let path: String

    public init(path: String) { self.path = path }

    /// The size of the file and what waits beside it, in bytes; nil when there is none.
    public var size: Int? {
        let sizes = ["", "-wal"].compactMap { suffix in
            (try? FileManager.default.attributesOfItem(atPath: path + suffix))?[.size] as? Int
        }
        return sizes.isEmpty ? nil : sizes.reduce(0, +)
    }

    /// Reads every page of the file. Changes nothing in it; cancelling the task ends it at once.
    public func condition() async -> Condition {
        guard let size else { return .missing }
        guard size <= Self.mostBytes else { return .unchecked }
        do {
            var settings = GRDB.Configuration()
            settings.busyMode = .timeout(5)
            let queue = try DatabaseQueue(path: path, configuration: settings)
            let found = try await queue.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
            return found == "ok" ? .whole : .damaged(found ?? "nothing can be read")
        } catch let error as DatabaseError {
            let said = error.message ?? "\(error.resultCode)"
            return [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
                ? .damaged(said) : error.resultCode == .SQLITE_INTERRUPT ? .unchecked : .unreadable(said)
        } catch {
            return .unchecked
        }
    }
}
