public import Configuration

extension Session {
    /// Takes over what a changed `config.yml` says of the roles, from each role's next request on.
    ///
    /// Returns false where it says something else of what only counts once the workspace is opened again: providers,
    /// cache, limits, costs, retries, state.
    public func reconfigure(_ configuration: Configuration) -> Bool {
        live.take(rolesOf: configuration)
    }
}
