import Core

/// Walks a file's tree along the schema: finds what is wrong, and takes over what is right.
struct Checker {
    var findings: Findings
    let environment: [String: String]
    var configuration = Configuration()
    /// The names that providers may have.
    var providerNames: Set<String> = []
    /// Those whose entries cannot be used, which has been said.
    var brokenProviders: Set<String> = []
    /// The keys of providers that stand under roles.
    var ownValues: [RoleName: [String: RawValue]] = [:]

    init(findings: Findings, environment: [String: String]) {
        self.findings = findings
        self.environment = environment
    }

    /// Where the walk is.
    struct Place {
        var path: [String] = []
        /// The provider, model or role that the keys stand under.
        var name = ""
        /// Whether a section above is not in force, which has been said.
        var isQuiet = false

        func under(_ key: String) -> Place {
            var place = self
            place.path.append(key)
            return place
        }

        var title: String { KeyPathText.joined(path) }
    }

    mutating func check(_ tree: Tree, as section: Section, at place: Place = Place()) {
        guard let entries = tree.entries else {
            let title = place.path.isEmpty ? "the file" : place.title
            return findings.error(at: tree.position, "\(title): found \(tree.words), expected keys with values")
        }
        for entry in entries {
            if let key = section.keys.first(where: { $0.name == entry.key }) {
                if key.isOfProvider, let role = RoleName(rawValue: place.name) {
                    ownValues[role, default: [:]][key.name] = checkLazily(entry, as: key, at: place.under(entry.key))
                } else {
                    check(entry, as: key, isStrict: section.isStrict, at: place.under(entry.key))
                }
            } else if let others = section.others, isName(entry.key, others.names) {
                var inner = place.under(entry.key)
                inner.name = entry.key
                check(entry, as: others.key(entry.key), isStrict: section.isStrict, at: inner)
            } else {
                report(unknown: entry, in: section, at: place)
            }
        }
    }

    mutating func check(_ entry: Tree.Entry, as key: SchemaKey, isStrict: Bool, at place: Place) {
        var place = place
        report(key.status, of: entry, at: &place)
        switch key.shape {
        case .section(let section): check(entry.value, as: section, at: place)
        case .providers: checkProviders(entry.value, at: place)
        case .scalar, .list:
            if entry.value.isNull, !isStrict { return }
            guard let value = value(of: entry.value, as: key.shape, at: place) else { return }
            if !place.isQuiet, let remark = key.remark(value) {
                findings.add(remark.severity, at: entry.value.position, "\(place.title): \(remark.message)")
            }
            take(value, of: key, from: entry, at: place)
        }
    }

    private mutating func take(_ value: Value, of key: SchemaKey, from entry: Tree.Entry, at place: Place) {
        key.take(value, place.name, &configuration)
        configuration.written[place.path] = WrittenPlace(file: findings.file, position: entry.position)
    }

    mutating func report(_ status: SchemaKey.Status, of entry: Tree.Entry, at place: inout Place) {
        switch status {
        case .inForce: break
        case .whereUsed: place.isQuiet = true
        case .unused(let reason):
            findings.add(.note, at: entry.position, "\(place.title): \(reason)")
        }
    }

    // MARK: - Values

    /// A value, expanded and read; nil, with a problem, when it does not fit.
    mutating func value(of tree: Tree, as shape: Shape, at place: Place) -> Value? {
        switch (shape, tree.content) {
        case (.scalar(let shape), .scalar(let scalar)):
            return value(of: scalar, as: shape, position: tree.position, at: place)
        case (.list(let shape), .list(let trees)):
            let values = trees.map { value(of: $0, as: .scalar(shape), at: place) }
            return .list(values.compactMap { $0 })
        case (.list(let shape), .scalar(let scalar)):
            return value(of: scalar, as: shape, position: tree.position, at: place).map { .list([$0]) }
        default:
            findings.error(
                at: tree.position, "\(place.title): found \(tree.words), expected \(shape.expected)")
            return nil
        }
    }

    private mutating func value(
        of scalar: Scalar, as shape: ScalarShape, position: Position, at place: Place
    ) -> Value? {
        do {
            return try shape.read(scalar, in: environment)
        } catch {
            // What is not in use does not need its variables.
            if error.unset == nil || !place.isQuiet { findings.error(at: position, "\(place.title): \(error.message)") }
            return nil
        }
    }

    // MARK: - Names

    private func isName(_ key: String, _ names: Section.Names) -> Bool {
        switch names {
        case .any: true
        case .providers: providerNames.contains(key)
        case .roles: RoleName(rawValue: key) != nil
        }
    }

    mutating func report(unknown entry: Tree.Entry, in section: Section, at place: Place) {
        let isProvider = section.others?.names == .providers
        var known = section.keys.map(\.name)
        switch section.others?.names {
        case .providers: known += providerNames.sorted()
        case .roles: known += RoleName.allCases.map(\.rawValue)
        case .any, nil: break
        }
        let what = isProvider ? "no provider has this name" : "unknown key"
        let remedy =
            Spelling.nearest(to: entry.key, in: known).map { "did you mean `\($0)`?" }
            ?? "known: \(known.joined(separator: ", "))"
        let reason = section.isStrict ? "; a mistyped limit must not mean no limit" : ""
        findings.add(
            section.isStrict || isProvider ? .error : .warning, at: entry.position,
            "\(place.under(entry.key).title): \(what); \(remedy)\(reason)")
    }
}

extension Tree {
    /// What stands there, in few words.
    var words: String {
        switch content {
        case .scalar(let scalar): ScalarShape.describe(scalar)
        case .list: "a list"
        case .map: "keys with values"
        }
    }
}

extension Shape {
    var expected: String {
        switch self {
        case .scalar(let shape): shape.expected
        case .list(let shape): "a list, each of it \(shape.expected)"
        case .section, .providers: "keys with values"
        }
    }
}
