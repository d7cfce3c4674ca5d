import Themes
import Yams

extension Theme {
    /// The names of the themes that are compiled in, the default first.
    public static var builtInNames: [String] { BuiltInThemes.all.map(\.name) }

    /// A theme that is compiled in; nil for other names.
    public static func builtIn(_ name: String) -> Theme? {
        guard let theme = BuiltInThemes.all.first(where: { $0.name == name }) else { return nil }
        // A test reads each of them.
        return try? reading(String(decoding: theme.yaml, as: UTF8.self), source: name, over: Theme())
    }

    /// Reads a user's theme, which changes only what it names; the rest comes from the built-in theme that its
    /// `based_on` names, else from the one that is called `name`, else from `foundry`.
    ///
    /// Throws all problems of the file at once; `source` is what the error calls it.
    public static func reading(_ yaml: String, source: String, name: String = "") throws(ThemeError) -> Theme {
        var theme = try reading(yaml, source: source, over: builtIn(name) ?? builtIn("foundry") ?? Theme())
        if !name.isEmpty { theme.name = name }
        return theme
    }

    private static func reading(_ yaml: String, source: String, over base: Theme) throws(ThemeError) -> Theme {
        var reader = ThemeReader(theme: base)
        reader.read(yaml)
        guard reader.problems.isEmpty else { throw ThemeError(source: source, problems: reader.problems) }
        return reader.theme
    }
}

/// Reads one file into a theme and notes what is wrong with it.
private struct ThemeReader {
    var theme: Theme
    var problems: [ThemeError.Problem] = []
    private var colors: [String: Color] = [:]

    init(theme: Theme) { self.theme = theme }

    mutating func read(_ yaml: String) {
        do {
            // Everything is a text: to know numbers and the like takes longer than to read the file.
            let parser = try Parser(yaml: yaml, resolver: .basic, encoding: .utf8)
            guard let root = try parser.singleRoot() else { return note("the file is empty", at: nil) }
            guard let sections = root.mapping else { return note("expected `name:`, `colors:`, `styles:`", at: root) }
            readBase(sections["based_on"])
            readColors(sections["colors"])
            for (key, value) in sections { readSection(key, value) }
        } catch {
            problems.append(ThemeError.Problem(error))
        }
    }

    private mutating func readBase(_ node: Node?) {
        guard let node else { return }
        guard let base = Theme.builtIn(node.string ?? "") else {
            return note("based_on is one of \(Theme.builtInNames.joined(separator: ", "))", at: node)
        }
        theme = base
    }

    private mutating func readSection(_ key: Node, _ value: Node) {
        switch key.string {
        case "name": theme.name = text(value) ?? theme.name
        case "about": theme.about = text(value) ?? theme.about
        case "styles": readStyles(value)
        case "gauge": theme.gaugeColors = entries(value).compactMap { color($0) }
        case "based_on", "colors": break
        default: note("unknown key \(quoted(key)); there are name, about, based_on, colors, styles, gauge", at: key)
        }
    }

    private mutating func readColors(_ node: Node?) {
        guard let node else { return }
        for (key, value) in pairs(node) {
            if let name = key.string, let color = color(value) { colors[name] = color }
        }
    }

    private mutating func readStyles(_ node: Node) {
        for (key, value) in pairs(node) {
            guard let entry = Theme.styles.first(where: { $0.name == key.string }) else {
                note(
                    "unknown style \(quoted(key)); there are \(Theme.styles.map(\.name).joined(separator: ", "))",
                    at: key)
                continue
            }
            var style = theme[keyPath: entry.path]
            for (attribute, setting) in pairs(value) { set(attribute, setting, in: &style) }
            theme[keyPath: entry.path] = style
        }
    }

    private mutating func set(_ attribute: Node, _ value: Node, in style: inout Style) {
        switch attribute.string {
        case "foreground": style.foreground = optionalColor(value) ?? style.foreground
        case "background": style.background = optionalColor(value) ?? style.background
        case "bold": style.bold = flag(value) ?? style.bold
        case "dim": style.dim = flag(value) ?? style.dim
        case "underline": style.underline = flag(value) ?? style.underline
        case "reverse": style.reverse = flag(value) ?? style.reverse
        default:
            note(
                "unknown \(quoted(attribute)); there are foreground, background, bold, dim, underline, reverse",
                at: attribute)
        }
    }

    /// A colour, or `.some(nil)` for `none`, which leaves it to what is beneath.
    private mutating func optionalColor(_ node: Node) -> Color?? {
        if node.string == "none" { return .some(nil) }
        return color(node).map { .some($0) }
    }

    private mutating func color(_ node: Node) -> Color? {
        guard let word = node.string else { return noted("expected a colour", at: node) }
        if let color = Color(hex: word) ?? colors[word] { return color }
        return noted("\(quoted(node)) is neither #rrggbb (in quotes) nor a name from `colors`", at: node)
    }

    private mutating func text(_ node: Node) -> String? { node.string ?? noted("expected a text", at: node) }

    private mutating func flag(_ node: Node) -> Bool? { node.bool ?? noted("expected true or false", at: node) }

    private mutating func entries(_ node: Node) -> [Node] {
        node.sequence.map(Array.init) ?? noted("expected a list of colours", at: node) ?? []
    }

    private mutating func pairs(_ node: Node) -> [(Node, Node)] {
        if let mapping = node.mapping { return mapping.map { ($0.key, $0.value) } }
        return noted("expected `name: value` entries", at: node) ?? []
    }

    private func quoted(_ node: Node) -> String { "`\(node.string ?? "?")`" }

    private mutating func note(_ message: String, at node: Node?) {
        let mark = node?.mark
        problems.append(.init(line: mark?.line ?? 1, column: mark?.column ?? 1, message: message))
    }

    private mutating func noted<Value>(_ message: String, at node: Node) -> Value? {
        note(message, at: node)
        return nil
    }
}

extension ThemeError.Problem {
    /// What the YAML parser says.
    init(_ error: any Error) {
        self.init(line: 1, column: 1, message: "not readable as YAML")
        guard let error = error as? YamlError else { return }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            (line, column, message) = (mark.line, mark.column, problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            (line, column) = (context.mark.line, context.mark.column)
            message = "given more than once: \(duplicates.joined(separator: ", "))"
        case .reader(let problem, let offset, _, let yaml):
            line = 1 + yaml.prefix(offset ?? 0).count { $0.isNewline }
            message = problem
        default: message = "not readable as YAML: \(error)"
        }
    }
}
