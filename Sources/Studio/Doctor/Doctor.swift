public import Configuration
public import Core
public import Foundation
public import Workspace

/// Looks at everything that a run would need, without spending anything and without changing anything.
public struct Doctor: Sendable {
    let workspace: Workspace
    let loaded: LoadedConfiguration
    let variables: [String: String]
    let time: any TimeSource

    /// The longest that all of it takes, in seconds.
    public static let patience = 15

    public init(
        _ workspace: Workspace, loaded: LoadedConfiguration, time: any TimeSource = SystemTime(),
        variables: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.workspace = workspace
        self.loaded = loaded
        self.time = time
        self.variables = variables
    }

    /// Looks at all of it at once, and tells in a fixed order how it is. What is not known after ``patience`` is said to
    /// be so; cancelling the task ends it at once.
    public func examine() async -> [HealthCheck] {
        let settings = settings()
        let parts: [@Sendable () async -> [HealthCheck]] = [
            { settings.checks }, { await self.workspaceChecks() },
            { await self.books(settings.configuration) },
            { if let ready = settings.configuration { await self.providerChecks(ready) } else { [] } },
            { settings.configuration.map(self.priceChecks) ?? [] }, { self.networkChecks() },
        ]
        return await withTaskGroup(of: (Int, [HealthCheck])?.self) { group in
            for (index, part) in parts.enumerated() { group.addTask { (index, await part()) } }
            let time = time
            group.addTask {
                try? await time.sleep(microseconds: Int64(Self.patience) * 1_000_000)
                return nil
            }
            var found: [Int: [HealthCheck]] = [:]
            while found.count < parts.count, let next = await group.next() {
                guard let (index, checks) = next else {
                    // What is under way ends at once and says so.
                    group.cancelAll()
                    continue
                }
                found[index] = checks
            }
            group.cancelAll()
            return found.sorted { $0.key < $1.key }.flatMap(\.value)
        }
    }

    /// What the files of the configuration say; no configuration when they cannot be used.
    private func settings() -> (configuration: Configuration?, checks: [HealthCheck]) {
        var checks = loaded.problems.filter { $0.severity != .note }.map { problem in
            HealthCheck(
                "config", "", problem.severity == .error ? .problem(.configuration) : .warning,
                splitting: problem.description)
        }
        let notes = loaded.problems.count { $0.severity == .note }
        guard let configuration = loaded.configuration else { return (nil, checks) }
        let more = notes == 0 ? "" : "; \(notes) notes: questfoundry config check"
        if checks.isEmpty { checks.append(HealthCheck("config", "", .good, "config.yml has no problems\(more)")) }
        do {
            let overrides = try Overrides.load(path: workspace.paths.overrides)
            if !overrides.isEmpty {
                checks.append(HealthCheck("config", "", .good, "overrides.yml holds live changes: p, or roles reset"))
            }
            return (configuration.applying(overrides), checks + idleKeys(configuration))
        } catch {
            checks.append(HealthCheck("config", "", .problem(.configuration), splitting: error.message))
            return (nil, checks)
        }
    }

    /// Settings that are known and that the endpoint in use takes no notice of.
    private func idleKeys(_ configuration: Configuration) -> [HealthCheck] {
        ProviderKind.allCases.flatMap { kind in
            (configuration.providers[kind]?.entries ?? []).compactMap { entry in
                let keys = entry.type.idleKeys.filter(entry.isSet)
                guard !keys.isEmpty else { return nil }
                return HealthCheck(
                    "config", entry.name, .warning, "\(keys.joined(separator: ", ")): not used by the endpoint in use",
                    remedy: "remove it from providers.\(kind.rawValue).\(entry.name), or leave it")
            }
        }
    }
}
