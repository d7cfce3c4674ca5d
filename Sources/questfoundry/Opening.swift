import Configuration
import Core
import Foundation
import RedisStores
import Studio
import Workspace

/// Finds and opens what the global options name.
struct Opening {
    var options: GlobalOptions

    /// The workspace of `--project`, else the one around the current folder.
    func workspace(evenIfDamaged: Bool = false) throws -> Workspace {
        if let workspace = try workspaceIfAny(evenIfDamaged: evenIfDamaged) {
            if let reason = workspace.readOnlyReason, !options.quiet { Output.note(reason) }
            return workspace
        }
        throw Failure(
            .noWorkspace, kind: "no_workspace",
            "there is no workspace at or around \(place.visible()); make one with `questfoundry init`, or name it "
                + "with --project")
    }

    /// The same; nil when there is none.
    func workspaceIfAny(evenIfDamaged: Bool = false) throws -> Workspace? {
        try Workspace.find(from: Path.absolute(place), evenIfDamaged: evenIfDamaged)
    }

    private var place: String { options.project ?? FileManager.default.currentDirectoryPath }

    /// The workspace's configuration, or the one of `--config`. Warnings go to standard error.
    func configuration(of workspace: Workspace) throws -> Configuration {
        let loaded = load(for: workspace)
        guard let configuration = loaded.configuration else {
            throw Failure(configuration: loaded)
        }
        for problem in loaded.problems where !options.quiet && (options.verbose || problem.severity == .warning) {
            Output.note(problem.description)
        }
        return configuration
    }

    func load(for workspace: Workspace) -> LoadedConfiguration {
        let file = options.config.map(Path.absolute) ?? workspace.paths.config
        return Configuration.load(path: file, workspaceRoot: workspace.root).checkingKeys
    }

    /// A workspace's configuration with what this user has trusted it with.
    func trusting(_ configuration: Configuration, of workspace: Workspace) throws -> Configuration {
        guard !configuration.untrusted(environment: ProcessInfo.processInfo.environment).isEmpty else {
            return configuration
        }
        var configuration = configuration
        configuration.trust = try TrustFile().trust(of: workspace)
        return configuration
    }

    func session() throws -> Session {
        let workspace = try workspace()
        return try session(of: workspace, configuration(of: workspace))
    }

    /// The session of a workspace that lies in a folder.
    func session(ofWorkspaceAt root: String) throws -> Session {
        guard let workspace = try Workspace.find(from: root) else {
            throw Failure(.noWorkspace, kind: "no_workspace", "there is no workspace at \(root.visible()) any more")
        }
        return try session(of: workspace, configuration(of: workspace))
    }

    /// The same, once the workspace is trusted with what its configuration asks for.
    func trustedSession() throws -> Session {
        let workspace = try workspace()
        let configuration = try configuration(of: workspace)
        let lines = configuration.untrusted(environment: ProcessInfo.processInfo.environment)
        let file = TrustFile()
        if !lines.isEmpty, case .lines(let known) = try file.trust(of: workspace), !known.isSuperset(of: lines) {
            try file.add(lines, for: workspace)
            for line in lines { Output.note("Trusted from now on: \(line)") }
        }
        return try session(of: workspace, configuration)
    }

    /// A session that logs to the workspace's own log.
    func session(of workspace: Workspace, _ configuration: Configuration) throws -> Session {
        let time = SystemTime()
        let configuration = try trusting(configuration, of: workspace)
        var environment = Session.Environment(time: time, logger: workspace.logger(time: time), trustFile: TrustFile())
        environment.shared = try RedisShare.open(configuration, project: workspace.name).map {
            SharedStores($0, workspace: workspace, time: time)
        }
        return try Session.open(workspace, configuration: configuration, environment: environment)
    }

    /// Opens the workspace for a piece of work and closes it again; whatever goes wrong is a ``Failure``.
    func withSession<Value>(_ body: (Session) async throws -> Value) async throws(Failure) -> Value {
        do {
            let session = try session()
            let result = try await body(session)
            await session.close()
            return result
        } catch {
            throw Failure(error)
        }
    }

    /// The workspace's figures as they stand; notes when the server that has some of them is away.
    func status() async throws(Failure) -> Status {
        try await withSession { session in
            let status = try await session.status()
            if let absence = session.sharedHealth?.absence { Output.note(absence) }
            return status
        }
    }

    /// Notes that this user made a workspace, which is then asked nothing.
    func noteMade(_ workspace: Workspace) {
        do { try TrustFile().noteMade(workspace) } catch {
            Output.note("This workspace will ask before it sends anything to unusual hosts: \(error.message)")
        }
    }

    /// Makes a workspace in a folder that writes with a provider, and opens it.
    func makeSession(at root: String, _ offer: ProviderScout.Offer) throws -> Session {
        let workspace = try Workspace.create(
            at: root, name: URL(filePath: root).lastPathComponent, brief: "",
            configYAML: Configuration.template(provider: offer.type, model: offer.model), time: SystemTime())
        noteMade(workspace)
        return try session(of: workspace, configuration(of: workspace))
    }
}

enum Path {
    /// A path as the shell would understand it, with `~` expanded.
    static func absolute(_ path: String) -> String {
        let folder = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
        return URL(filePath: path.expandingHome, relativeTo: folder).standardizedFileURL.path(percentEncoded: false)
    }
}
