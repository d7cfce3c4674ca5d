import Configuration
import Core

/// How a loop is read from its entry of the library.
extension Loop {
    private static let keys: Set<String> = ["name", "title", "about", "count", "reads", "steps", "loops"]
    private static let partKeys: Set<String> = ["loop", "roles", "gate"]

    /// Reads an entry; `known` are the loops that it may be made of.
    init(tree: Tree, among known: [Loop]) throws(LibraryError) {
        try tree.allowOnly(Self.keys, of: "a loop")
        name = try tree.text("name", of: "a loop")
        title = tree["title"]?.text ?? name
        about = tree["about"]?.text ?? ""
        steps = []
        parts = []
        count = try tree.number("count")
        let isOfItsRun = tree["reads"]?.text == "run"
        if let entries = tree["loops"]?.items {
            for entry in entries { try add(entry, isOfItsRun: isOfItsRun, among: known) }
        } else {
            for entry in tree["steps"]?.items ?? [] { steps.append(try Step(tree: entry, loop: name)) }
            parts = [Part(loop: name, steps: steps.indices, readsWorkspace: !isOfItsRun)]
            let plans = steps.contains { $0.asks.contains { $0.value == "$count" } }
            count = count ?? (plans ? Self.defaultCount : nil)
        }
        guard !steps.isEmpty else { throw LibraryError(tree, "the loop \(name) has no steps") }
    }

    private mutating func add(_ entry: Tree, isOfItsRun: Bool, among known: [Loop]) throws(LibraryError) {
        try entry.allowOnly(Self.partKeys, of: "a part of \(name)")
        let part = try entry.text("loop", of: "a part of \(name)")
        guard let loop = known.first(where: { $0.name == part && $0.parts.count == 1 }) else {
            throw LibraryError(entry, "\(name) is made of \(part), which is no loop with steps above it")
        }
        var roles: [RoleName] = []
        for role in try entry.texts("roles") { roles.append(try RoleName(listed: role, at: entry)) }
        parts.append(
            Part(
                loop: part, steps: steps.count..<(steps.count + loop.steps.count), roles: roles,
                isGated: try entry.flag("gate"),
                readsWorkspace: !isOfItsRun && loop.parts.allSatisfy(\.readsWorkspace)))
        steps += loop.steps
    }
}

extension Loop.Step {
    private static let keys: Set<String> = [
        "step", "role", "consulted", "inputs", "outputs", "notes", "form", "each", "revises", "collects", "action",
        "asks", "prompt_cap",
    ]

    fileprivate init(tree: Tree, loop: String) throws(LibraryError) {
        try tree.allowOnly(Self.keys, of: "a step of \(loop)")
        let name = try tree.text("step", of: "a step of \(loop)")
        self.name = name
        self.loop = loop
        role = try RoleName(listed: tree.text("role", of: name), at: tree["role"] ?? tree)
        consulted = []
        for role in try tree.texts("consulted") { consulted.append(try RoleName(listed: role, at: tree)) }
        inputs = try tree.texts("inputs")
        outputs = try tree.texts("outputs")
        notes = try tree.texts("notes")
        form = tree["form"]?.text
        let each = try tree.texts("each")
        self.each = each.isEmpty ? nil : each == ["section"] ? .section : .artifact(each)
        revises = tree["revises"]?.text
        collects = tree["collects"]?.text
        action = try tree["action"].map { action throws(LibraryError) in
            guard let found = ActionName(rawValue: action.text ?? "") else {
                let known = ActionName.allCases.map(\.rawValue).joined(separator: ", ")
                throw LibraryError(action, "\(name) has the action \(action.text ?? "?"), which is none of \(known)")
            }
            return found
        }
        asks = try tree.lines("asks")
        promptCap = try tree.number("prompt_cap") ?? 0
        guard form != nil || action != nil else { throw LibraryError(tree, "\(name) has neither a form nor an action") }
        guard form == nil || (1024...1_048_576).contains(promptCap) else {
            throw LibraryError(tree, "\(name) has no prompt_cap from 1024 to 1048576 bytes")
        }
    }
}

extension RoleName {
    fileprivate init(listed name: String, at tree: Tree) throws(LibraryError) {
        guard let role = RoleName(spelling: name) else { throw LibraryError(tree, "no role is called \(name)") }
        self = role
    }
}

extension Library {
    /// Throws what a loop names and the library does not have.
    func check(_ loop: Loop, at tree: Tree) throws(LibraryError) {
        for part in loop.parts {
            var earlier: Set<String> = []
            for step in loop.steps[part.steps] {
                let place = tree.entry(ofStep: step.name)
                if let form = step.form, forms[form] == nil {
                    throw LibraryError(place, "\(step.name) answers in the form \(form), which is not among the forms")
                }
                for name in step.notes + [step.revises, step.collects].compactMap({ $0 }) where !earlier.contains(name) {
                    throw LibraryError(place, "\(step.name) names \(name), which is no step before it")
                }
                guard earlier.insert(step.name).inserted else {
                    throw LibraryError(place, "\(loop.name) has two steps called \(step.name)")
                }
            }
        }
    }
}

extension Tree {
    /// The entry of a step, or the loop's own.
    fileprivate func entry(ofStep name: String) -> Tree {
        self["steps"]?.items?.first { $0["step"]?.text == name } ?? self
    }
}
