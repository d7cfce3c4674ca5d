public import Core

/// What was changed live and outlives the session: `overrides.yml`, which has the form of `config.yml` with `roles`,
/// `providers.KIND.default` and `dashboard.theme` only.
public struct Overrides: Hashable, Sendable {
    public var roles: [RoleName: RoleLayer]
    public var defaults: [ProviderKind: String]
    /// The dashboard's theme; nil lets `config.yml` decide.
    public var theme: String?

    public init(
        roles: [RoleName: RoleLayer] = [:], defaults: [ProviderKind: String] = [:], theme: String? = nil
    ) {
        self.roles = roles
        self.defaults = defaults
        self.theme = theme
    }

    public var isEmpty: Bool { self == Overrides() }

    /// Switches a role to a provider and, when one is given, a model; what was switched before no longer counts.
    public mutating func set(_ role: RoleName, provider: String, model: String? = nil) {
        roles[role] = RoleLayer(provider: provider, model: model)
    }

    /// Lets `config.yml` decide about a role again.
    public mutating func reset(_ role: RoleName) { roles[role] = nil }

    /// Reads the text of an overrides file, checked as `config.yml` is. Throws the errors that are found, all at once.
    public init(yaml text: String, file: String = "overrides.yml") throws(ConfigurationError) {
        var checker = Checker(findings: Findings(file: file), environment: [:])
        do {
            if let tree = try TreeReader.read(text) { checker.readOverrides(tree) }
        } catch {
            checker.findings.error(at: error.position, error.message)
        }
        let errors = checker.findings.sorted.filter { $0.severity == .error }
        guard errors.isEmpty else {
            throw ConfigurationError(.file, errors.map(\.description).joined(separator: "\n"))
        }
        let read = checker.configuration
        self.init(roles: read.roles, defaults: read.overrides.defaults, theme: read.overrides.theme)
    }

    /// The overrides as YAML, the same for the same overrides.
    public func yaml() -> String {
        var lines = ["# Written by questfoundry: what was changed live. config.yml counts for the rest."]
        let defaults = ProviderKind.allCases.compactMap { kind in self.defaults[kind].map { (kind, $0) } }
        if !defaults.isEmpty { lines.append("providers:") }
        for (kind, name) in defaults { lines += ["  \(kind.rawValue):", "    default: \(name.yaml)"] }
        let roles = RoleName.allCases.compactMap { role in self.roles[role].map { (role, $0) } }
            .filter { $0.1 != RoleLayer() }
        if !roles.isEmpty { lines.append("roles:") }
        for (role, layer) in roles {
            lines.append("  \(role.rawValue):")
            for field in RoleField.all {
                if let value = field.yaml(layer) { lines.append("    \(field.key): \(value)") }
            }
        }
        if let theme { lines += ["dashboard:", "  theme: \(theme.yaml)"] }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads an overrides file; a missing one means that nothing was changed.
    public static func load(path: String) throws(ConfigurationError) -> Overrides {
        guard let text = try ConfigurationFile.read(path) else { return Overrides() }
        return try Overrides(yaml: text, file: path)
    }

    /// Writes the file whole or not at all, readable by its owner only, and safe against a loss of power.
    public func save(path: String) throws(ConfigurationError) {
        try ConfigurationFile.write(yaml(), to: path)
    }
}

extension Checker {
    fileprivate mutating func readOverrides(_ tree: Tree) {
        var modernizer = Modernizer(tree, findings: findings, environment: environment)
        if tree.entries != nil { modernizer.run() }
        findings = modernizer.findings
        check(modernizer.tree, as: Schema.overrides)
    }
}
