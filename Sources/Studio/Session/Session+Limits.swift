import Core
public import Metering

extension Session {
    /// Raises or lowers a limit for a while, for every process of the workspace; a run that pauses there goes on.
    ///
    /// A budget's change holds until its period ends, any other for a day; what shall last is written in config.yml. It
    /// is recorded with its time and `author`. Returns what holds now. Throws when the ledger cannot be written.
    @discardableResult
    public func changeLimit(
        _ key: LimitKey, at scope: LimitScope, to value: Int64, by author: String
    ) throws -> LimitChange {
        let change = try limiter.change(key, at: scope, to: value, by: author)
        hub.emit(.notice(isError: false, text: change.description))
        return change
    }
}
