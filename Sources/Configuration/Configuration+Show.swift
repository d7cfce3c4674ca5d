package import Core

extension Configuration {
    /// The text of `config show`: every value in force as a path of keys, and where it comes from. Never a secret.
    public func show(environment: [String: String]) -> String {
        let lines = lines(environment: environment)
        let width = lines.map(\.text.count).filter { $0 <= 72 }.max() ?? 0
        return lines.map { line in
            line.text + String(repeating: " ", count: max(0, width - line.text.count)) + "  # " + line.source
        }.joined(separator: "\n")
    }

    private typealias Line = SettingLine

    /// What is in force and was not in force in another configuration, as ``show(environment:)`` tells it, without where it
    /// comes from.
    public func changes(since other: Configuration, environment: [String: String]) -> [String] {
        let before = Set(other.lines(environment: environment).map(\.text))
        return lines(environment: environment).map(\.text).filter { !before.contains($0) }
    }

    private func lines(environment: [String: String]) -> [Line] {
        showProviders(environment: environment) + showRoles(environment: environment) + showSettings()
    }

    // MARK: - Providers

    private func showProviders(environment: [String: String]) -> [Line] {
        ProviderKind.allCases.flatMap { kind -> [Line] in
            let path = ["providers", kind.rawValue]
            let section = providers[kind] ?? ProviderSection()
            let overridden = overrides.defaults[kind]
            let source = overridden != nil ? "overrides.yml" : written[path + ["default"]]?.description ?? "default"
            let name = overridden ?? section.defaultName
            return [Line(path + ["default"], name.yaml, source: source)]
                + section.entries.flatMap { show($0, at: path + [$0.name], environment: environment) }
        }
    }

    private func show(_ entry: ProviderEntry, at path: [String], environment: [String: String]) -> [Line] {
        let type = Line(path + ["type"], entry.type.rawValue, source: entry.place ?? "default")
        return [type] + show(entry.values, of: entry.type, at: path, environment: environment)
    }

    private func show(
        _ values: [String: RawValue], of type: ProviderType, at path: [String], environment: [String: String]
    ) -> [Line] {
        type.section.keys.compactMap { key in
            guard let raw = values[key.name] else { return nil }
            let text = raw.shown(as: key, environment: environment)
            return Line(path + [key.name], text, source: raw.place ?? "default")
        }
    }

    // MARK: - Roles

    private func showRoles(environment: [String: String]) -> [Line] {
        RoleName.allCases.flatMap { role in
            role.kinds.flatMap { show(role, kind: $0, environment: environment) }
        }
    }

    private func show(_ role: RoleName, kind: ProviderKind, environment: [String: String]) -> [Line] {
        let settings = settings(for: role, kind: kind)
        let path = ["roles", role.rawValue] + (role.kinds.count > 1 ? [kind.rawValue] : [])
        let provider = Line(path + ["provider"], settings.provider.yaml, source: source("provider", settings))
        var values = settings.values
        if kind == .text { values.maxTokens = settings.maxTokens }
        let own = ownValues(of: role, on: settings.provider, kind: kind) ?? [:]
        return [provider]
            + RoleField.values.compactMap { field in
                field.yaml(values).map { Line(path + [field.key], $0, source: source(field.key, settings)) }
            } + (settings.type.map { show(own, of: $0, at: path, environment: environment) } ?? [])
    }

    /// Every value in force for a role and one kind, then those of its provider which the role does not say itself. Never
    /// a secret.
    package func settingLines(of role: RoleName, kind: ProviderKind, environment: [String: String]) -> [SettingLine] {
        let name = providerName(for: role, kind: kind)
        var entry = entry(name, kind: kind)
        for key in (ownValues(of: role, on: name, kind: kind) ?? [:]).keys { entry?.values[key] = nil }
        return show(role, kind: kind, environment: environment)
            + (entry.map { show($0, at: ["providers", kind.rawValue, name], environment: environment) } ?? [])
    }

    private func source(_ key: String, _ settings: RoleSettings) -> String {
        switch settings.sources[key] {
        case .flag: "this run"
        case .override: "overrides.yml"
        case .role: written[["roles", settings.role.rawValue, key]]?.description ?? "role"
        case .provider:
            providers[settings.kind]?.entry(settings.provider)?.values[key]?.place ?? "provider \(settings.provider)"
        case .default, nil: "default"
        }
    }

    // MARK: - The rest

    private func showSettings() -> [Line] {
        Schema.root.keys.filter { $0.status == .inForce && !["providers", "roles"].contains($0.name) }
            .flatMap { show($0, at: [$0.name], name: "") }
    }

    private func show(_ key: SchemaKey, at path: [String], name: String) -> [Line] {
        guard key.status == .inForce else { return [] }
        guard case .section(let section) = key.shape else {
            guard let text = key.show?(self, name), !text.isEmpty else { return [] }
            if path == ["dashboard", "theme"], let theme = overrides.theme {
                return [Line(path, theme.yaml, source: "overrides.yml")]
            }
            return [Line(path, text, source: written[path]?.description ?? "default")]
        }
        let fixed = section.keys.flatMap { show($0, at: path + [$0.name], name: name) }
        guard let others = section.others else { return fixed }
        let names = Set(written.keys.filter { $0.count > path.count && $0.starts(with: path) }.map { $0[path.count] })
        return fixed + names.sorted().flatMap { show(others.key($0), at: path + [$0], name: $0) }
    }
}

/// One value in force: its path of keys, what it is, and where it comes from, made visible.
package struct SettingLine: Hashable, Sendable {
    package var path: String
    package var value: String
    /// `config.yml:12`, `overrides.yml`, `default` …
    package var source: String

    package init(_ path: [String], _ value: String, source: String) {
        self.path = KeyPathText.joined(path).visible()
        self.value = value.visible()
        self.source = source.visible()
    }

    fileprivate var text: String { "\(path): \(value)" }
}

extension RawValue {
    /// The value as it may be shown: a secret, or what comes from a variable that may hold one, only by where it is set.
    fileprivate func shown(as key: SchemaKey, environment: [String: String]) -> String {
        let expansion = try? Expansion(scalar.text)
        let variables = expansion?.variables ?? []
        if let unset = variables.first(where: { environment[$0] == nil }),
            (try? expansion?.text(in: environment)) == nil
        {
            return "not set (\(unset))"
        }
        guard case .scalar(let shape) = key.shape, shape != .secret else {
            return "set (\(variables.first ?? "in the file"))"
        }
        guard !variables.contains(where: Self.mayHoldSecret) else { return scalar.text }
        guard (try? shape.read(scalar, in: environment)) != nil, let text = try? expansion?.text(in: environment) else {
            return "not \(shape.expected)"
        }
        return scalar.isPlain && shape != .text ? text : text.yaml
    }

    private static func mayHoldSecret(_ variable: String) -> Bool {
        ["KEY", "TOKEN", "SECRET", "PASSWORD"].contains { variable.uppercased().contains($0) }
    }
}
