import Configuration
import Core
import Metering

extension Session {
    /// Takes back the last provider switch or change of a limit that still holds, of whatever process of the workspace.
    /// Returns what it undid, in words.
    ///
    /// Throws when there is nothing to undo.
    @discardableResult
    public func undo() throws -> String {
        while let change = try ledger.takeUndoable() {
            guard try isTakenBack(change.before) else { continue }
            let text = "undone: \(change.words.visible())"
            hub.emit(.notice(isError: false, text: text))
            bookkeeping.warn()
            return text
        }
        throw RunError(.order, "there is nothing to undo: no provider was switched, and no limit is changed")
    }

    /// Changes what is kept in `overrides.yml` so that ``undo()`` can take it back. `roles` and `defaults` are what it
    /// concerns.
    func change(
        _ words: String, roles: [RoleName] = [], defaults: [ProviderKind] = [], _ body: (inout Overrides) -> Void
    ) throws(ConfigurationError) {
        var before = Overrides()
        var hasChanged = false
        try live.change { overrides in
            before = overrides
            body(&overrides)
            hasChanged = overrides != before
        }
        guard hasChanged else { return }
        // The change holds, whether or not it can be undone.
        try? ledger.noteUndoable(
            words,
            before: [
                "roles": .array(roles.map { JSONValue($0.rawValue) }),
                "defaults": .array(defaults.map { JSONValue($0.rawValue) }), "overrides": JSONValue(before.yaml()),
            ])
    }

    private func isTakenBack(_ before: JSONValue) throws -> Bool {
        guard let yaml = before["overrides"]?.string else { return try limiter.takeBack(before) }
        let known = try Overrides(yaml: yaml)
        let roles = (before["roles"]?.array ?? []).compactMap { $0.string.flatMap { RoleName(rawValue: $0) } }
        let defaults = (before["defaults"]?.array ?? []).compactMap { $0.string.flatMap { ProviderKind(rawValue: $0) } }
        var hasChanged = false
        try live.change { overrides in
            let present = overrides
            for role in roles { overrides.roles[role] = known.roles[role] }
            for kind in defaults { overrides.defaults[kind] = known.defaults[kind] }
            hasChanged = overrides != present
        }
        return hasChanged
    }
}
