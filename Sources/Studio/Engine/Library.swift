import Configuration
import Core

/// What the studio knows as data: its loops, the forms of answers, and the prompts of roles and steps.
struct Library: Sendable {
    var loops: [Loop] = []
    var forms: [String: Form] = [:]
    /// The system prompt of each role that a loop uses.
    var roles: [RoleName: String] = [:]
    /// The task of each step, by `loop/step`.
    var tasks: [String: String] = [:]

    /// The library that is compiled into the program. A test proves that it reads without a fault and is whole.
    static let builtIn: Library = {
        var library = Library()
        do throws(LibraryError) {
            try library.read(forms: text(PackageResources.forms_yml))
            try library.read(loops: text(PackageResources.loops_yml))
            try library.read(prompts: text(PackageResources.roles_md))
            try library.read(prompts: text(PackageResources.tasks_md))
            return library
        } catch {
            return Library()
        }
    }()

    /// Adds the loops of a text, in place of those of the same names.
    ///
    /// Throws ``LibraryError`` for the first entry that cannot be read.
    mutating func read(loops yaml: String) throws(LibraryError) {
        guard let root = try Self.document(yaml) else { return }
        guard let entries = root.items else { throw LibraryError(root, "this is no list of loops") }
        for tree in entries {
            let loop = try Loop(tree: tree, among: loops)
            try check(loop, at: tree)
            if let index = loops.firstIndex(where: { $0.name == loop.name }) {
                loops[index] = loop
            } else {
                loops.append(loop)
            }
        }
    }

    /// Adds the forms of a text, in place of those of the same names.
    mutating func read(forms yaml: String) throws(LibraryError) {
        guard let root = try Self.document(yaml) else { return }
        guard let entries = root.entries else { throw LibraryError(root, "this is no mapping of names to forms") }
        for entry in entries { forms[entry.key] = try Form(name: entry.key, tree: entry.value) }
    }

    /// Adds the prompts of a Markdown text: sections that are titled with a role, with `loop/step` or `consultation`.
    mutating func read(prompts markdown: String) throws(LibraryError) {
        for section in try Self.sections(of: markdown) {
            if let role = RoleName(spelling: section.title) {
                roles[role] = section.text
            } else if section.title == "consultation" || section.title.contains("/") {
                tasks[section.title] = section.text
            } else {
                let reason = "\(section.title) is neither a role, nor loop/step, nor consultation"
                throw LibraryError(line: section.line, reason: reason)
            }
        }
    }

    func loop(named name: String) -> Loop? { loops.first { $0.name == name } }
    func task(of step: Loop.Step) -> String { tasks[step.path] ?? "" }
    var consultation: String { tasks["consultation"] ?? "" }

    /// The form of a step's answer; nil when no model is asked.
    func form(of step: Loop.Step) -> Form? { step.form.flatMap { forms[$0] } }

    /// The built-in loops that write artifacts of a type, by name.
    func writers(of types: [String]) -> [String] {
        let wanted = Set(types)
        return loops.filter { loop in
            loop.parts.count == 1 && loop.steps.contains { !wanted.isDisjoint(with: $0.outputs) }
        }.map(\.name)
    }

    private static func document(_ yaml: String) throws(LibraryError) -> Tree? {
        do {
            return try TreeReader.read(yaml)
        } catch {
            throw LibraryError(line: error.position?.line, reason: error.message)
        }
    }

    /// The sections of a Markdown text; what stands before the first is a remark.
    private static func sections(
        of markdown: String
    ) throws(LibraryError) -> [(title: String, text: String, line: Int)] {
        var sections: [(title: String, text: String, line: Int)] = []
        for (index, line) in markdown.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("# ") {
                sections.append((line.dropFirst(2).trimmingSpace, "", index + 1))
            } else if !sections.isEmpty {
                sections[sections.count - 1].text += line + "\n"
            }
        }
        return try sections.map { section throws(LibraryError) in
            let text = section.text.trimmingSpace
            guard !text.isEmpty else {
                throw LibraryError(line: section.line, reason: "the section \(section.title) is empty")
            }
            return (section.title, text, section.line)
        }
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

extension StringProtocol {
    /// The text without white space at its ends.
    var trimmingSpace: String {
        let head = drop(while: \.isWhitespace)
        guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(head[...last])
    }
}
