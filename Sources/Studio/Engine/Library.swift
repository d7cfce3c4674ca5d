import Core
import Yams

/// What the studio knows as data: its loops, the forms of answers, and the prompts of roles and steps.
struct Library: Sendable {
    var loops: [Loop]
    var forms: [String: Form]
    /// The system prompt of each role that a loop uses.
    var roles: [RoleName: String]
    /// The task of each step, by `loop/step`.
    var tasks: [String: String]

    /// The library that is compiled into the program. A test proves that it reads without a fault and is whole.
    static let builtIn: Library =
        (try? Library(
            loops: text(PackageResources.loops_yml), forms: text(PackageResources.forms_yml),
            roles: text(PackageResources.roles_md), tasks: text(PackageResources.tasks_md)))
        ?? Library(loops: [], forms: [:], roles: [:], tasks: [:])

    init(loops: [Loop], forms: [String: Form], roles: [RoleName: String], tasks: [String: String]) {
        self.loops = loops
        self.forms = forms
        self.roles = roles
        self.tasks = tasks
    }

    /// Reads the four texts; throws ``LibraryError`` naming what is wrong with the first entry that cannot be read.
    init(loops: String, forms: String, roles: String, tasks: String) throws {
        let loopNodes = try Yams.compose(yaml: loops)?.sequence ?? []
        self.loops = try loopNodes.map { try Loop(node: $0) }
        let formNodes = try Yams.compose(yaml: forms)?.mapping ?? [:]
        self.forms = try Dictionary(
            uniqueKeysWithValues: formNodes.map { key, node in
                let name = key.string ?? ""
                return (name, try Form(name: name, node: node))
            })
        self.tasks = Self.sections(of: tasks)
        self.roles = [:]
        for (title, text) in Self.sections(of: roles) {
            guard let role = RoleName(rawValue: title) else { throw LibraryError(reason: "no role is called \(title)") }
            self.roles[role] = text
        }
    }

    func task(of step: Loop.Step, in loop: Loop) -> String { tasks["\(loop.name)/\(step.name)"] ?? "" }
    var consultation: String { tasks["consultation"] ?? "" }

    /// The sections of a Markdown text by their titles; what stands before the first is a remark.
    private static func sections(of markdown: String) -> [String: String] {
        var sections: [String: String] = [:]
        for section in ("\n" + markdown).split(separator: "\n# ").dropFirst() {
            let lines = section.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            guard lines.count == 2 else { continue }
            sections[String(lines[0])] = lines[1].trimmingSpace
        }
        return sections
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// What is wrong with an entry of the library.
struct LibraryError: Error, Hashable, CustomStringConvertible {
    var reason: String
    var description: String { "the studio's library: \(reason)" }
}

extension Loop {
    fileprivate init(node: Node) throws {
        name = try node.text("name", of: "a loop")
        title = try node.text("title", of: name)
        readsWorkspace = node["reads"]?.string != "run"
        let name = name
        steps = try (node["steps"]?.sequence ?? []).map { try Step(node: $0, loop: name) }
    }
}

extension Loop.Step {
    fileprivate init(node: Node, loop: String) throws {
        name = try node.text("step", of: loop)
        role = try RoleName(listed: node.text("role", of: name))
        consulted = try node.texts("consulted").map { try RoleName(listed: $0) }
        inputs = node.texts("inputs")
        outputs = node.texts("outputs")
        form = try node.text("form", of: name)
        isPerSection = node["each"]?.string == "section"
        revises = node["revises"]?.string
        asks = node.lines("asks")
        guard let cap = node["prompt_cap"]?.int, cap > 0 else {
            throw LibraryError(reason: "\(name) has no prompt_cap")
        }
        promptCap = cap
    }
}

extension RoleName {
    fileprivate init(listed name: String) throws {
        guard let role = RoleName(rawValue: name) else { throw LibraryError(reason: "no role is called \(name)") }
        self = role
    }
}

extension Node {
    func text(_ key: String, of owner: String) throws -> String {
        guard let text = self[key]?.string else { throw LibraryError(reason: "\(owner) has no \(key)") }
        return text
    }

    /// The entries of a mapping of texts, in their order.
    func lines(_ key: String) -> [PromptLine] {
        (self[key]?.mapping ?? [:]).map { PromptLine(key: $0.string ?? "", value: $1.string ?? "") }
    }

    func texts(_ key: String) -> [String] { self[key]?.sequence?.compactMap(\.string) ?? [] }
}

extension StringProtocol {
    /// The text without white space at its ends.
    var trimmingSpace: String {
        let head = drop(while: \.isWhitespace)
        guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(head[...last])
    }
}
