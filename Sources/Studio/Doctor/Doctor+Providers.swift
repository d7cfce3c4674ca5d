import Configuration
import Core
import Foundation
import Metering

/// A provider of a kind, and who uses it.
private struct Use: Hashable {
    var kind: ProviderKind
    var name: String
    /// The role that reaches it in a way of its own; nil for all others.
    var owner: RoleName?
    /// The roles that write with it, each with its model.
    var roles: [RoleName: String?] = [:]
    /// The roles that fall back on it.
    var fallbackOf: [RoleName] = []

    var isUsed: Bool { !roles.isEmpty || !fallbackOf.isEmpty }

    /// `for scene_smith, plotwright`.
    var words: String {
        let names = RoleName.allCases.filter { roles.keys.contains($0) }.map(\.rawValue)
        let list = names.count > 4 ? "\(names.count) roles" : names.joined(separator: ", ")
        let parts = [list] + fallbackOf.map { "\($0.rawValue)'s fallback" }
        return isUsed ? "for \(parts.filter { !$0.isEmpty }.joined(separator: ", "))" : "for nobody"
    }
}

extension Doctor {
    /// Every provider that is configured or used, its host, and the models that roles name.
    func providerChecks(_ configuration: Configuration) async -> [HealthCheck] {
        let uses = configuration.uses
        let pool = Session.pool(of: { configuration }, time: time, variables: variables)
        let inspector = ProviderInspector(pool: pool, variables: variables)
        let found = await withTaskGroup(of: (Int, ProviderHealth).self) { group in
            for (index, use) in uses.enumerated() {
                group.addTask {
                    (index, await inspector.health(of: use.name, kind: use.kind, for: use.owner, in: configuration))
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        let all = uses.enumerated().compactMap { index, use in found[index].map { (use, $0) } }
        return all.map { provider($0, $1, configuration) } + hosts(uses, configuration)
            + all.flatMap { models($0, $1) }
    }

    private func standing(_ use: Use, _ configuration: Configuration) -> ProviderStanding {
        configuration.standing(of: use.name, kind: use.kind, for: use.owner, in: variables)
    }

    // MARK: - The provider

    private func provider(_ use: Use, _ health: ProviderHealth, _ configuration: Configuration) -> HealthCheck {
        let area = use.kind == .text ? "provider" : "\(use.kind.rawValue) provider"
        let resolved = standing(use, configuration).provider
        var check: HealthCheck
        if let problem = health.problem {
            check = HealthCheck(
                area, use.name, verdict(use, health.state), splitting: problem.dropping("\(use.name): "))
            if use.isUsed {
                check.remedy = "\(check.remedy ?? "mend it"), or let its roles use another: p, or roles set"
            }
            check.message += " (\(use.words))"
        } else {
            let facts = [
                resolved?.apiKey.map { "key \($0)" }, health.version.map { "version \($0)" },
                health.latencyMicroseconds.map { "answers in \($0 / 1_000) ms" },
                resolved?.baseURL == nil ? "in this program" : listed(health), use.words,
            ]
            check = HealthCheck(area, use.name, .good, facts.compactMap(\.self).joined(separator: ", "))
        }
        check.facts = JSONObject([
            ("kind", JSONValue(use.kind.rawValue)), ("state", JSONValue(health.state.rawValue)),
            ("key", JSONValue(resolved?.apiKey?.description)),
            ("latency_ms", health.latencyMicroseconds.map { JSONValue(Int($0 / 1_000)) } ?? .null),
            ("models", health.models.map { JSONValue($0.count) } ?? .null),
            ("roles", .array(RoleName.allCases.filter { use.roles.keys.contains($0) }.map { JSONValue($0.rawValue) })),
        ])
        return check
    }

    private func listed(_ health: ProviderHealth) -> String? {
        guard health.state == .good else { return "not asked: it has no free call" }
        return health.models.map { "lists \($0.count) \($0.count == 1 ? "model" : "models")" } ?? "offers no list"
    }

    /// What nobody writes with is no more than worth knowing.
    private func verdict(_ use: Use, _ state: ProviderHealth.State) -> HealthCheck.Verdict {
        guard use.isUsed else { return .warning }
        switch state {
        case .good, .unknown: return .good
        case .noKey, .keyRefused, .misconfigured: return .problem(.configuration)
        case .notReachable, .failed: return .problem(.unavailable)
        }
    }

    // MARK: - Hosts

    /// Every host that a run would talk to, and whose key it gets.
    private func hosts(_ uses: [Use], _ configuration: Configuration) -> [HealthCheck] {
        var checks: [HealthCheck] = []
        for use in uses where use.isUsed {
            guard let provider = standing(use, configuration).provider, let host = provider.hostName,
                let url = provider.baseURL
            else { continue }
            let key = provider.apiKey.map { $0.variable ?? "the key in config.yml" }
            let proxy = Proxies(variables).proxy(of: url).map { ", through the proxy \($0)" } ?? ""
            let isPlain = url.scheme?.lowercased() != "https" && !url.isLoopback
            var check = HealthCheck(
                "host", host, isPlain || !provider.isAtHome ? .warning : .good,
                "\(use.name) sends prompts there, \(key.map { "and \($0)" } ?? "and no key")\(proxy)",
                remedy: isPlain
                    ? "use https: what is sent can be read on the way"
                    : provider.isAtHome ? nil : "make sure that you trust it: it is no \(provider.type.rawValue) host")
            check.facts = JSONObject([
                ("provider", JSONValue(use.name)), ("variable", JSONValue(provider.apiKey?.variable)),
                ("sends_key", .bool(provider.apiKey != nil)),
            ])
            if !checks.contains(check) { checks.append(check) }
        }
        return checks
    }

    // MARK: - Models

    private func models(_ use: Use, _ health: ProviderHealth) -> [HealthCheck] {
        guard use.kind == .text, use.isUsed, health.problem == nil, health.latencyMicroseconds != nil else { return [] }
        let byModel = Dictionary(grouping: use.roles.keys) { use.roles[$0] ?? nil }
        return byModel.sorted { ($0.key ?? "") < ($1.key ?? "") }.map { model, roles in
            let names = RoleName.allCases.filter(roles.contains).map(\.rawValue)
            let words = names.count > 4 ? "\(names.count) roles" : names.joined(separator: ", ")
            guard let model else {
                return HealthCheck(
                    "model", use.name, .problem(.configuration), "none is named for \(words)",
                    remedy: "write model under providers.text.\(use.name), or press p")
            }
            return self.model(model, health, words: "for \(words)")
        }
    }

    /// Names the models that may be meant; where none is like it, some of those that there are.
    private func remedy(_ model: String, _ models: [String]) -> String {
        let near = Spelling.near(model, in: models, atMost: 3)
        guard near.isEmpty else { return "it has \(near.joined(separator: ", "))" }
        guard !models.isEmpty else { return "it has none yet: load or pull one" }
        let more = models.count > 3 ? " and \(models.count - 3) more" : ""
        return "it has \(models.prefix(3).joined(separator: ", "))\(more)"
    }

    private func model(_ model: String, _ health: ProviderHealth, words: String) -> HealthCheck {
        switch health.has(model) {
        case true?:
            let served = health.takesAnyModel ? health.models?.first.map { "serves \($0), whatever is asked for" } : nil
            return HealthCheck("model", model, .good, "\(health.provider) \(served ?? "has it"), \(words)")
        case nil:
            return HealthCheck("model", model, .good, "\(health.provider) offers no list to find it in, \(words)")
        case false?:
            return HealthCheck(
                "model", model, .problem(.configuration), "\(health.provider) does not list it, \(words)",
                remedy: remedy(model, health.models ?? []))
        }
    }
}

extension Configuration {
    /// Every provider that has an entry or is used, those of a kind in the order of the file.
    fileprivate var uses: [Use] {
        var uses: [Use] = []
        func index(_ kind: ProviderKind, _ name: String, _ role: RoleName? = nil) -> Int {
            let use = Use(kind: kind, name: name, owner: owner(of: name, kind: kind, for: role))
            let known = uses.firstIndex { ($0.kind, $0.name, $0.owner) == (use.kind, use.name, use.owner) }
            if let known { return known }
            uses.append(use)
            return uses.count - 1
        }
        for kind in ProviderKind.allCases {
            for entry in providers[kind]?.entries ?? [] { _ = index(kind, entry.name) }
        }
        for role in RoleName.allCases {
            for kind in role.kinds {
                let settings = settings(for: role, kind: kind)
                // Pictures and sounds that nobody configured are nothing to tell of.
                guard kind == .text || providers[kind]?.entry(settings.provider) != nil else { continue }
                uses[index(kind, settings.provider, role)].roles[role] = settings.model
                for name in settings.fallback { uses[index(kind, name, role)].fallbackOf.append(role) }
            }
        }
        return uses
    }
}

extension String {
    fileprivate func dropping(_ prefix: String) -> String { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self }
}
