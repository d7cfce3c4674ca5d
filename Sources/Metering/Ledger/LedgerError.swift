/// Why the ledger could not be read or written. Nothing that was acknowledged is lost by any of these.
public struct LedgerError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Hashable, Sendable {
        /// The file is not a database or a page of it is damaged.
        case damaged
        case diskFull
        /// The disk could not be read or written.
        case diskFailed
        case notPermitted
        /// Another process held the database longer than the busy time-out.
        case busy
        /// A newer version of the program wrote the file.
        case newerVersion
        /// The server of shared limits is away.
        case away
        /// Old rows became daily sums while somebody read them page by page.
        case changed
        case other
    }

    public var code: Code
    public var path: String
    /// What SQLite said, or the server of shared limits.
    public var cause: String

    package init(code: Code, path: String, cause: String) {
        self.code = code
        self.path = path
        self.cause = cause
    }

    public var description: String {
        switch code {
        case .damaged:
            "\(path) is damaged (\(cause)); move it away to start a new ledger, and keep it: it holds what was spent"
        case .diskFull: "the disk is full: \(path) cannot be written; free some space and try again"
        case .diskFailed:
            "\(path) could not be read or written (\(cause)); check the disk and its limits, and try again"
        case .notPermitted: "\(path) may not be written (\(cause)); check its owner and permissions"
        case .busy: "\(path) is held by another process; try again"
        case .newerVersion: "\(path) was written by a newer QuestFoundry; update the program to use it"
        case .away: cause
        case .changed: "old rows of \(path) became daily sums meanwhile; start again"
        case .other: "\(path) cannot be used: \(cause)"
        }
    }
}
