import Configuration
import Core
import Foundation
import Synchronization
import Workspace

/// The configuration as it is in force: `config.yml` with what was changed live on top.
///
/// The changes live in `overrides.yml`, so that every process of the workspace notices them before its next request.
final class LiveConfiguration: Sendable {
    /// What tells that a file is another than before.
    private struct Stamp: Hashable {
        var inode: UInt64
        var size: Int64
        var seconds: Int
        var nanoseconds: Int

        /// nil when there is no file.
        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            inode = UInt64(status.st_ino)
            size = Int64(status.st_size)
            (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
        }
    }

    private struct State {
        var configuration: Configuration
        var stamp: Stamp?
    }

    let variables: [String: String]
    private let workspace: Workspace
    private let state: Mutex<State>

    /// Throws when `overrides.yml` cannot be read.
    init(
        _ configuration: Configuration, workspace: Workspace, variables: [String: String]
    ) throws(ConfigurationError) {
        self.workspace = workspace
        self.variables = variables
        let stamp = Stamp(workspace.paths.overrides)
        let overrides = try Overrides.load(path: workspace.paths.overrides)
        state = Mutex(State(configuration: configuration.applying(overrides), stamp: stamp))
    }

    /// What is in force now. Throws when `overrides.yml` has been changed to what cannot be read.
    func current() throws(ConfigurationError) -> Configuration {
        let path = workspace.paths.overrides
        let stamp = Stamp(path)
        let known = state.withLock { $0 }
        guard stamp != known.stamp else { return known.configuration }
        let changed = known.configuration.applying(try Overrides.load(path: path))
        state.withLock { $0 = State(configuration: changed, stamp: stamp) }
        return changed
    }

    /// Takes over the roles of a configuration that was read anew; returns whether both agree on everything else.
    func take(rolesOf configuration: Configuration) -> Bool {
        state.withLock { state in
            state.configuration = state.configuration.taking(rolesOf: configuration)
            return state.configuration.agrees(with: configuration)
        }
    }

    /// From now on the configuration's providers may send so much where.
    func trust(_ trust: ProviderTrust) { state.withLock { $0.configuration.trust = trust } }

    /// Changes what is kept in `overrides.yml`. No change of another process is lost.
    func change(_ body: (inout Overrides) -> Void) throws(ConfigurationError) {
        let path = workspace.paths.overrides
        try workspace.exclusively { () throws(ConfigurationError) in
            var overrides = try Overrides.load(path: path)
            body(&overrides)
            try overrides.save(path: path)
        } orThrow: {
            ConfigurationError(.file, $0.message)
        }
    }
}
