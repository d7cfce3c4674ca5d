import Core
import Glibc

/// Why a workspace cannot be made, opened, read or written. Nothing that was acknowledged is lost by any of these.
public struct WorkspaceError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Hashable, Sendable {
        /// There is a workspace, or a part of one, already.
        case exists
        /// A file of the workspace cannot be read as what it is.
        case damaged
        /// A newer version of the program wrote the workspace.
        case newerVersion
        case diskFull
        case notPermitted
        /// Somebody else changed the artifact since it was read.
        case conflict
        /// An id or a path that would lead out of the workspace.
        case badName
        /// The workspace's version cannot keep it.
        case needsMigration
        /// A query asks for what no store looks for.
        case unknownFilter
        /// The store cannot be reached now.
        case unavailable
        /// Somebody works in the workspace whom this would disturb.
        case inUse
        /// The gate has not let an artifact through.
        case blocked
        /// What was asked for is not there.
        case missing
        /// It was called off; everything is as it was.
        case cancelled
        case other
    }

    public var code: Code
    /// The file or folder that it is about.
    public var path: String
    /// What happened and what to do next, in one sentence.
    public var message: String

    package init(_ code: Code, _ path: String, _ message: String) {
        self.code = code
        self.path = path
        self.message = message
    }

    init(writing path: String, _ number: Int32) {
        switch number {
        case ENOSPC, EDQUOT, EFBIG:
            self.init(.diskFull, path, "\(path.visible()) cannot be written: free some space and try again")
        case EACCES, EPERM, EROFS:
            self.init(.notPermitted, path, "\(path.visible()) may not be written; check its owner and permissions")
        default:
            self.init(.other, path, "\(path.visible()) cannot be written: \(String(cString: strerror(number)))")
        }
    }

    init(reading path: String, _ number: Int32) {
        switch number {
        case EACCES, EPERM:
            self.init(.notPermitted, path, "\(path.visible()) may not be read; check its owner and permissions")
        case ELOOP: self.init(.badName, path, "\(path.visible()) is a link; links are not followed")
        default:
            self.init(.other, path, "\(path.visible()) cannot be read: \(String(cString: strerror(number)))")
        }
    }

    static let cancelled = WorkspaceError(.cancelled, "", "called off; everything is as it was")

    init(_ failure: DurableFile.Failure) { self.init(writing: failure.path, failure.code) }

    public var description: String { message }
}
