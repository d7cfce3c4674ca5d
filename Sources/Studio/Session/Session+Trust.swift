import Configuration
import Workspace

extension Session {
    /// Lets the workspace's configuration send what it asks for to where it says, now and in every session to come.
    ///
    /// Throws when that cannot be kept; nothing is trusted then.
    public func trustConfiguration() throws {
        let lines = try live.current().untrusted(environment: live.variables)
        guard !lines.isEmpty, let file = environment.trustFile else { return }
        try file.add(lines, for: workspace)
        live.trust(try file.trust(of: workspace))
    }
}
