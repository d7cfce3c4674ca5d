import Core
import GRDB

/// Why the cache's file could not be read or written. Requests go on without it.
public struct CacheError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Hashable, Sendable {
        case diskFull
        case notPermitted
        /// Another process held the file longer than the busy time-out.
        case busy
        /// The server that machines share is away.
        case unreachable
        case other
    }

    public var code: Code
    public var path: String
    /// What SQLite, the file system or the server said.
    public var cause: String

    package init(unreachable place: String, cause: String) {
        code = .unreachable
        path = place
        self.cause = cause
    }

    init(_ error: any Error, path: String) {
        self.path = path
        let result = (error as? DatabaseError)?.resultCode
        cause = (error as? DatabaseError)?.message ?? result.map { "\($0)" } ?? String(describing: error)
        code =
            switch result {
            case .SQLITE_FULL: .diskFull
            case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN: .notPermitted
            case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
            default: .other
            }
    }

    public var description: String {
        switch code {
        case .diskFull: "the disk is full: \(path.visible()) cannot be written; free some space"
        case .notPermitted:
            "\(path.visible()) cannot be opened (\(cause)); check its owner and permissions, or set caching.cache_dir"
        case .unreachable: cause
        case .busy: "\(path.visible()) is held by another process; try again"
        case .other: "\(path.visible()) cannot be used (\(cause.visible())); move it away, a new one is made"
        }
    }
}
