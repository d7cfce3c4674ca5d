import Configuration
import Core

/// How a loop is read from its entry of the library.
extension Loop {
    private static let keys: Set<String> = ["name", "title", "about", "count", "reads", "steps", "loops"]
    private static let partKeys: Set<String> = ["loop", "roles", "gate"]

    /// Reads an entry; `known` are the loops that it may be made of.
    init(tree: Tree, among known: [Loop]) throws(LibraryError) {
        try tree.allowOnly(Self.keys, of: "a loop")
        name = try tree.word("name", of: "a loop")
        title = tree["title"]?.text ?? name
        about = tree["about"]?.text ?? ""
        steps = []
        parts = []
        count = try tree.number("count")
        if let count, !Self.countRange.contains(count) {
            throw LibraryError(tree["count"] ?? tree, "count is from 1 to \(Self.countRange.upperBound)")
        }
        let isOfItsRun = tree["reads"]?.text == "run"
        if let reads = tree["reads"], !isOfItsRun {
            throw LibraryError(reads, "reads is `run` or left out: then the loop also reads what the workspace holds")
        }
        guard tree["loops"] == nil || tree["steps"] == nil else {
            throw LibraryError(tree, "\(name) has both steps and loops; it has one of them")
        }
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
        guard let loop = known.first(where: { $0.name == part && $0.parts.count == 1 }), part != name else {
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
        let name = try tree.word("step", of: "a step of \(loop)")
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
