import Core

extension Checker {
    /// The kinds' entries by name, before anything is checked: names may be used above the place that makes them.
    mutating func collectProviderNames(in tree: Tree) {
        providerNames = Set(ProviderType.allCases.map(\.rawValue))
        for kind in ProviderKind.allCases {
            let entries = tree.entry(at: ["providers", kind.rawValue])?.value.entries ?? []
            providerNames.formUnion(entries.map(\.key).filter { $0 != "default" })
        }
    }

    mutating func checkProviders(_ tree: Tree, at place: Place) {
        guard let kind = place.path.last.flatMap(ProviderKind.init(rawValue:)) else { return }
        guard let entries = tree.entries else {
            return findings.error(at: tree.position, "\(place.title): found \(tree.words), expected providers by name")
        }
        var section = ProviderSection()
        for entry in entries where entry.key != "default" {
            if let provider = provider(entry, kind: kind, at: place.under(entry.key)) {
                section.entries.append(provider)
            } else {
                brokenProviders.insert(entry.key)
            }
        }
        configuration.providers[kind] = section
        guard let entry = entries.first(where: { $0.key == "default" }) else {
            if let first = section.entries.first {
                findings.add(
                    .warning, at: tree.position,
                    "\(place.title) names no default, so embedded is used; add `default: \(first.name.visible())`")
            }
            return
        }
        guard case .text(let name) = value(of: entry.value, as: .text, at: place.under("default")) else { return }
        configuration.providers[kind]?.defaultName = name
        configuration.written[place.path + ["default"]] = WrittenPlace(
            file: findings.file, position: entry.position)
    }

    private mutating func provider(_ entry: Tree.Entry, kind: ProviderKind, at place: Place) -> ProviderEntry? {
        guard let fields = entry.value.entries else {
            findings.error(
                at: entry.value.position, "\(place.title): found \(entry.value.words), expected keys with values")
            return nil
        }
        guard let type = type(of: entry, kind: kind, at: place) else { return nil }
        let values = self.values(of: fields, as: type.section, at: place)
        var defaults = RoleLayer()
        for field in fields { read(field, into: &defaults) }
        return ProviderEntry(
            name: entry.key, type: type, place: "\(findings.file):\(entry.position.line)", values: values,
            defaults: defaults)
    }

    private mutating func values(of fields: [Tree.Entry], as section: Section, at place: Place) -> [String: RawValue] {
        var values: [String: RawValue] = [:]
        for field in fields where field.key != "type" {
            guard let key = section.keys.first(where: { $0.name == field.key }) else {
                report(unknown: field, in: section, at: place)
                continue
            }
            values[field.key] = checkLazily(field, as: key, at: place.under(field.key))
        }
        return values
    }

    private mutating func type(of entry: Tree.Entry, kind: ProviderKind, at place: Place) -> ProviderType? {
        let known = ProviderType.allCases.filter { $0.kinds.contains(kind) }
        let words = "one of " + known.map(\.rawValue).joined(separator: ", ")
        guard let written = entry.value.entry(at: ["type"]) else {
            if let type = ProviderType(rawValue: entry.key), known.contains(type) { return type }
            findings.error(
                at: entry.position,
                "\(place.title): no provider of its own has this name; add type: and \(words)")
            return nil
        }
        let title = place.under("type")
        guard case .text(let name) = value(of: written.value, as: .text, at: title) else { return nil }
        if let type = ProviderType(rawValue: name), known.contains(type) { return type }
        findings.error(at: written.value.position, "\(title.title): found \(name.visible()), expected \(words)")
        return nil
    }

    /// Checks a provider's value as far as it can be without its variables, which are expanded only when it is used.
    ///
    /// Returns the value as it is written; nil when there is none.
    mutating func checkLazily(_ field: Tree.Entry, as key: SchemaKey, at place: Place) -> RawValue? {
        let scalar = field.value.scalar
        if let scalar, let expansion = try? Expansion(scalar.text), expansion.isVariable {
            var place = place
            report(key.status, of: field, at: &place)
        } else {
            check(field, as: key, isStrict: false, at: place)
        }
        guard let scalar, !field.value.isNull else { return nil }
        return RawValue(scalar: scalar, place: "\(findings.file):\(field.position.line)")
    }

    /// Takes what a provider says about requests, as far as it can be read now: the rest shows when it is used.
    private func read(_ field: Tree.Entry, into defaults: inout RoleLayer) {
        guard let role = RoleField.values.first(where: { $0.key == field.key }) else { return }
        var silent = Checker(findings: Findings(file: findings.file), environment: environment)
        guard !field.value.isNull, let value = silent.value(of: field.value, as: role.shape, at: Place()) else {
            return
        }
        role.read(value, &defaults)
    }
}
