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
    /// Where an entry stands that is not the program's own: steps by their paths, sections as `# title`, forms by name.
    var places: [String: Place] = [:]

    struct Place: Hashable, Sendable {
        /// As a writer finds it.
        var file: String
        /// Counts from 1.
        var line: Int
    }

    /// The library that is compiled into the program. A test proves that it reads without a fault and is whole.
    static let builtIn: Library = {
        var library = Library()
        do throws(LibraryError) {
            try library.read(forms: text(PackageResources.forms_yml))
            try library.read(loops: text(PackageResources.loops_yml))
            try library.read(prompts: text(PackageResources.roles_md))
            try library.read(prompts: text(PackageResources.tasks_md))
            library.places = [:]
            return library
        } catch {
            return Library()
        }
    }()

    /// Adds the loops of a text, in place of those of the same names, also where others are made of them.
    ///
    /// Throws ``LibraryError`` for the first entry that cannot be read.
    mutating func read(loops yaml: String, of file: String = "") throws(LibraryError) {
        guard let root = try Self.document(yaml) else { return }
        guard let entries = root.items else { throw LibraryError(root, "this is no list of loops") }
        var names: Set<String> = []
        for tree in entries {
            let loop = try Loop(tree: tree, among: loops)
            try loop.check(at: tree)
            guard names.insert(loop.name).inserted else {
                throw LibraryError(tree, "two loops are called \(loop.name)")
            }
            for step in loop.steps where step.loop == loop.name {
                places[step.path] = Place(file: file, line: tree.entry(ofStep: step.name).position.line)
            }
            put(loop)
        }
    }

    private mutating func put(_ loop: Loop) {
        guard let index = loops.firstIndex(where: { $0.name == loop.name }) else { return loops.append(loop) }
        loops[index] = loop
        guard loop.parts.count == 1 else { return }
        for index in loops.indices where loops[index].name != loop.name { loops[index].take(loop) }
    }

    /// Adds the forms of a text, in place of those of the same names.
    mutating func read(forms yaml: String, of file: String = "") throws(LibraryError) {
        guard let root = try Self.document(yaml) else { return }
        guard let entries = root.entries else { throw LibraryError(root, "this is no mapping of names to forms") }
        for entry in entries {
            forms[entry.key] = try Form(name: entry.key, tree: entry.value)
            places[entry.key] = Place(file: file, line: entry.position.line)
        }
    }

    /// What is said to others than the role of a step: to whom it consults, to a role that may ask the writer, and to the
    /// showrunner who picks a loop for a goal.
    private static let commonTasks: Set<String> = ["consultation", "question", "goal"]

    /// Adds the prompts of a Markdown text: sections that are titled with a role, with `loop/step`, or with
    /// `consultation`, `question` or `goal`.
    mutating func read(prompts markdown: String, of file: String = "") throws(LibraryError) {
        var titles: Set<String> = []
        for section in try Self.sections(of: markdown) {
            let title = section.title
            if let role = RoleName(spelling: title) {
                roles[role] = section.text
            } else if Self.commonTasks.contains(title)
                || loops.contains(where: { $0.steps.contains { $0.path == title } })
            {
                tasks[title] = section.text
            } else {
                let reason = "\"\(title)\" is neither a role, nor loop/step of a loop that there is, nor consultation"
                throw LibraryError(line: section.line, reason: reason)
            }
            guard titles.insert(title).inserted else {
                throw LibraryError(line: section.line, reason: "there are two sections \(title)")
            }
            places["# \(title)"] = Place(file: file, line: section.line)
        }
    }

    func loop(named name: String) -> Loop? { loops.first { $0.name == name } }
    func task(of step: Loop.Step) -> String { tasks[step.path] ?? "" }
    var consultation: String { tasks["consultation"] ?? "" }
    /// What a role is told that may ask the writer.
    var question: String? { tasks["question"] }
    /// What the showrunner is asked for a goal.
    var choosing: String { tasks["goal"] ?? "" }

    /// The form of a step's answer; nil when no model is asked.
    func form(of step: Loop.Step) -> Form? { step.form.flatMap { forms[$0] } }

    /// The first loop that makes artifacts of one of some types without having to read one of them; nil when none does.
    func maker(of types: [String]) -> String? {
        loops.first { $0.parts.count == 1 && $0.makes(Set(types)) }?.name
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
        for (index, line) in markdown.split(omittingEmptySubsequences: false, whereSeparator: Self.isLineEnd)
            .enumerated()
        {
            if line.hasPrefix("# ") {
                sections.append((line.dropFirst(2).trimmingSpace, "", index + 1))
            } else if !sections.isEmpty {
                sections[sections.count - 1].text += line + "\n"
            }
        }
        guard !sections.isEmpty || markdown.allSatisfy(\.isWhitespace) else {
            throw LibraryError(
                line: 1, reason: "there is no section; each begins with a line `# ` and a role or loop/step")
        }
        return try sections.map { section throws(LibraryError) in
            let text = section.text.trimmingSpace
            guard !text.isEmpty else {
                throw LibraryError(line: section.line, reason: "the section \(section.title) is empty")
            }
            return (section.title, text, section.line)
        }
    }

    /// A carriage return and the line feed after it are one character.
    private static func isLineEnd(_ character: Character) -> Bool { character == "\n" || character == "\r\n" }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

extension StringProtocol {
    /// Whether the text is 1 to 32 letters, digits, `_` and `-`: what may stand in a prompt, and name things.
    var isShortWord: Bool {
        (1...32).contains(utf8.count)
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// The text without white space at its ends.
    var trimmingSpace: String {
        let head = drop(while: \.isWhitespace)
        guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(head[...last])
    }
}
