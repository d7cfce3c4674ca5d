import Core

/// Brings a file's older spellings to the present ones, with one note for each.
struct Modernizer {
    private(set) var tree: Tree
    private(set) var findings: Findings
    let environment: [String: String]

    init(_ tree: Tree, findings: Findings, environment: [String: String]) {
        self.tree = tree
        self.findings = findings
        self.environment = environment
    }

    mutating func run() {
        for path in [["roles"], ["caching", "per_role"], ["rate_limiting", "roles"]] { nameRoles(at: path) }
        dropThousandPrices()
        for row in OlderSpelling.all {
            for match in matches(of: row.old[...], in: tree) { apply(row, to: match) }
        }
    }

    /// Roles in any of their spellings become the one that the program uses.
    private mutating func nameRoles(at path: [String]) {
        guard let section = tree.entry(at: path) else { return }
        for entry in section.value.entries ?? [] {
            guard let role = RoleName(spelling: entry.key), role.rawValue != entry.key else { continue }
            tree.remove(at: path + [entry.key])
            place(entry, at: path + [role.rawValue], from: path + [entry.key])
        }
    }

    /// Token prices under a provider's `rate_limit` were documented as prices of 1,000 tokens: they are not used.
    private mutating func dropThousandPrices() {
        let keys = ["cost_per_input_token", "cost_per_output_token", "cost_per_cached_input_token", "cost_per_token"]
        for key in keys {
            for match in matches(of: ["providers", "{kind}", "{name}", "rate_limit", key], in: tree) {
                guard let entry = tree.entry(at: match.path) else { continue }
                tree.remove(at: match.path)
                findings.add(
                    .warning, at: entry.position,
                    "\(match.title): ignored, since it was documented as a price per 1,000 tokens; write the price of "
                        + "one token as rate_limiting.providers.\(match.path[2].visible()).\(key)")
            }
        }
    }

    // MARK: - Matching

    private struct Match {
        var path: [String] = []
        var names: [String: String] = [:]

        var title: String { KeyPathText.joined(path) }
    }

    private func matches(of pattern: ArraySlice<String>, in tree: Tree) -> [Match] {
        guard let first = pattern.first else { return [Match()] }
        return (tree.entries ?? []).flatMap { entry -> [Match] in
            let isName = first.hasPrefix("{")
            guard isName || entry.key == first else { return [] }
            return matches(of: pattern.dropFirst(), in: entry.value).map { match in
                var match = match
                match.path.insert(entry.key, at: 0)
                if isName { match.names[first] = entry.key }
                return match
            }
        }
    }

    // MARK: - Changing

    private mutating func apply(_ row: OlderSpelling, to match: Match) {
        guard let entry = tree.entry(at: match.path) else { return }
        let targets = row.new.map { $0.map { match.names[$0] ?? $0 } }
        let title = targets.map(KeyPathText.joined).joined(separator: " and ")
        var moved = entry
        switch row.change {
        case .none: break
        case .word(let old, let new):
            guard entry.value.scalar?.text == old else { return }
            moved.value.content = .scalar(Scalar(text: new))
        case .zeroWhenOff:
            guard let scalar = entry.value.scalar, let isOn = YAMLScalar.flag(scalar.text) else { return }
            guard !isOn else {
                tree.remove(at: match.path)
                return findings.add(
                    .note, at: entry.position, "\(match.title): true is an older spelling of nothing; leave it out")
            }
            moved.value.content = .scalar(Scalar(text: "0"))
        case .dividedByThousand:
            guard let divided = divide(entry) else { return tree.remove(at: match.path) }
            moved.value.content = .scalar(divided)
        }
        tree.remove(at: match.path)
        for target in targets { place(moved, at: target, from: match.path) }
        findings.add(.note, at: entry.position, note(on: row, match: match, title: title, moved: moved))
    }

    private func note(on row: OlderSpelling, match: Match, title: String, moved: Tree.Entry) -> String {
        switch row.change {
        case .none: return "\(match.title) is an older spelling; write \(title)"
        case .word(let old, let new): return "\(match.title): \(old) is an older spelling; write \(new)"
        case .zeroWhenOff: return "\(match.title): false is an older spelling; write retry.max_retries: 0"
        case .dividedByThousand:
            let price = moved.value.scalar.flatMap { try? Money(dollars: $0.text) }.map { ", each \($0.dollars)" } ?? ""
            return "\(match.title) is an older spelling; write \(title)\(price)"
        }
    }

    /// A price of 1,000 tokens as the price of one, exact; nil, with a problem, when its variable is not set.
    private mutating func divide(_ entry: Tree.Entry) -> Scalar? {
        guard var scalar = entry.value.scalar else { return Scalar(text: "", isPlain: true) }
        do {
            scalar.text = try Expansion(scalar.text).text(in: environment)
        } catch {
            findings.error(at: entry.value.position, "\(entry.key.visible()): \(error.message)")
            return nil
        }
        guard (try? Money(dollars: scalar.text)) != nil else { return scalar }
        let parts = scalar.text.lowercased().split(separator: "e")
        let exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
        return Scalar(text: "\(parts[0])e\(exponent - 3)", isPlain: scalar.isPlain)
    }

    /// Puts an entry where its new spelling belongs, beside what is there; a different value there is an error.
    private mutating func place(_ entry: Tree.Entry, at path: [String], from old: [String]) {
        guard let present = tree.entry(at: path) else {
            _ = tree.set(entry.value, keyAt: entry.position, at: path)
            return
        }
        if case .map(let entries) = entry.value.content, case .map = present.value.content {
            for inner in entries { place(inner, at: path + [inner.key], from: old + [inner.key]) }
        } else if !entry.value.says(thatOf: present.value) {
            let lines = [entry.position, present.position].sorted().map { "line \($0.line)" }
            findings.error(
                at: max(entry.position, present.position),
                "\(KeyPathText.joined(path)) and its older spelling \(KeyPathText.joined(old)) disagree "
                    + "(\(lines.joined(separator: " and "))); keep one of them")
        }
    }
}

extension Tree {
    /// Whether both say the same, wherever they stand.
    fileprivate func says(thatOf other: Tree) -> Bool {
        switch (content, other.content) {
        case (.scalar(let left), .scalar(let right)):
            if left.text == right.text { return true }
            guard let amount = try? Money(dollars: left.text) else { return false }
            return amount == (try? Money(dollars: right.text))
        case (.list(let left), .list(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.says(thatOf: $1) }
        case (.map(let left), .map(let right)):
            return left.count == right.count
                && left.allSatisfy { entry in
                    right.first { $0.key == entry.key }.map { entry.value.says(thatOf: $0.value) } ?? false
                }
        default: return false
        }
    }
}

/// A path of keys as messages show it.
enum KeyPathText {
    static func joined(_ path: some Sequence<String>) -> String {
        path.map { $0.visible() }.joined(separator: ".")
    }
}
