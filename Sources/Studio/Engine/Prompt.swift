import Core

/// A line `key: value` that says in a prompt what the answer has to keep to.
struct PromptLine: Hashable, Sendable {
    var key: String
    var value: String
}

/// The words of one request: who the role is, and what it is asked, in sections that end with the answer's form.
struct Prompt: Hashable, Sendable {
    /// Something the role reads, under its own heading.
    struct Passage: Hashable, Sendable {
        private enum Content: Hashable {
            case text(String)
            case json(JSONValue)
        }

        var heading: String
        private var content: Content

        init(heading: String, text: String) { (self.heading, content) = (heading, .text(text)) }

        /// Content that is written as JSON where there is room for it.
        init(heading: String, json: JSONValue) { (self.heading, content) = (heading, .json(json)) }

        var text: String {
            switch content {
            case .text(let text): text
            case .json(let value): value.text()
            }
        }
    }

    var system: String
    var task: String
    var brief: String
    /// The artifacts that the step reads.
    var context: [Passage] = []
    /// What the consulted roles said.
    var notes: [Passage] = []
    /// What the writer wants to be kept in mind.
    var words: [String] = []
    /// How the role may ask the writer in place of an answer; nil where it may not.
    var invitation: String?
    var form: Form
    /// The machine-readable lines of the answer's form, after its name.
    var asks: [PromptLine] = []

    static let cutMark = "[cut here: longer than this step may read]"

    init(system: String, task: String, brief: String, form: Form) {
        self.system = system
        self.task = task
        self.brief = brief
        self.form = form
    }

    /// The messages, with at most `cap` bytes in all; what was left out for that, in words, nil when nothing was.
    ///
    /// Passages of the context are left out first, the last one first, for the most important stand at the head; then the
    /// only one left is cut, then the notes, then the brief. What the program itself says never is.
    func messages(cap: Int) -> (messages: [Message], cut: String?) {
        let notes = Self.text(of: notes)
        let (head, left) = head(of: context, within: cap - length(of: ["", notes, brief]))
        var read = [head, notes, brief]
        var excess = length(of: read) - cap
        let isCut = excess > 0
        guard isCut || left > 0 else { return ([Message(.system, system), Message(.user, user(read))], nil) }
        for index in read.indices where excess > 0 && !read[index].isEmpty {
            let length = read[index].utf8.count
            let kept = max(0, length - excess - Self.cutMark.utf8.count - 1)
            read[index] = read[index].prefix(utf8Bytes: kept) + "\n" + Self.cutMark
            excess -= length - read[index].utf8.count
        }
        let parts = [
            left > 0 ? "\(left) of \(context.count) artifacts are left out" : nil,
            isCut ? "the prompt is cut" : nil,
        ]
        let cut = parts.compactMap { $0 }.joined(separator: " and ") + ": it may have \(cap) bytes"
        return ([Message(.system, system), Message(.user, user(read))], cut)
    }

    /// The most bytes that the messages of a repair have beside those of the prompt.
    static let repairCap = 16_384

    /// The messages that follow on an answer that could not be read.
    func repair(of text: String, because reason: String) -> [Message] {
        [
            Message(.assistant, text.prefix(utf8Bytes: 8_000)),
            Message(
                .user,
                "That cannot be read: \(reason.prefix(utf8Bytes: 400)). Answer the task again, whole, in this form, and write "
                    + "nothing else.\n\n# Answer\n\(answer.prefix(utf8Bytes: 7_000))"),
        ]
    }

    /// The first passages, as many as have room but one at least, and how many are left out.
    private func head(of passages: [Passage], within bytes: Int) -> (text: String, left: Int) {
        // A section has a heading of its own.
        var room = bytes - "# Context\n\n\n".utf8.count
        var texts: [String] = []
        for passage in passages {
            let text = Self.text(of: [passage])
            guard texts.isEmpty || text.utf8.count <= room else { break }
            texts.append(text)
            room -= text.utf8.count + 2
        }
        return (texts.joined(separator: "\n\n"), passages.count - texts.count)
    }

    private func length(of read: [String]) -> Int { system.utf8.count + user(read).utf8.count }

    private func user(_ read: [String]) -> String {
        let sections = [
            ("Task", task), ("Brief", read[2]), ("Context", read[0]), ("Notes", read[1]),
            ("The writer's note", words.joined(separator: "\n")), ("Answer", answer),
        ]
        return sections.filter { !$0.1.isEmpty }.map { "# \($0.0)\n\($0.1)" }.joined(separator: "\n\n")
    }

    private var answer: String {
        let lines = ["form: \(form.name)"] + asks.map { "\($0.key): \($0.value)" } + [form.instruction]
        return (lines + (invitation.map { [$0] } ?? [])).joined(separator: "\n")
    }

    private static func text(of passages: [Passage]) -> String {
        passages.map { "## \($0.heading)\n\($0.text)" }.joined(separator: "\n\n")
    }
}

extension String {
    /// The longest beginning of the text that takes at most that many bytes and splits no character.
    func prefix(utf8Bytes count: Int) -> String {
        guard utf8.count > count else { return self }
        var end = utf8.index(startIndex, offsetBy: max(0, count))
        while end.samePosition(in: self) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }

    /// The first words of the text, at most that many, with its line breaks.
    func prefix(words count: Int) -> String {
        var words = 0
        var isInWord = false
        for index in indices {
            let isSpace = self[index].isWhitespace
            if !isSpace && !isInWord {
                guard words < count else { return String(self[..<index]).trimmingSpace }
                words += 1
            }
            isInWord = !isSpace
        }
        return trimmingSpace
    }
}
