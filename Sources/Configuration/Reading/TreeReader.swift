import Core
import Yams

/// Reads YAML as untrusted input: bounded in size, depth and expansion, and never with a tag that makes objects.
///
/// libyaml refuses more than 1,000 levels before anything recurses over them; what is left for this reader is bounded
/// by ``maxDepth`` and ``maxNodes``, aliases counted each time they are used.
package struct TreeReader {
    static let maxBytes = 1 << 20
    static let maxDepth = 32
    static let maxNodes = 50_000
    /// So few cannot make a key large, however they are nested.
    private static let harmlessAliases = 8

    /// Why a text is no document.
    package struct Failure: Error {
        package var position: Position?
        package var message: String
    }

    private var nodes = 0

    /// The document of a text; nil when it is empty.
    package static func read(_ text: String) throws(Failure) -> Tree? {
        guard text.utf8.count <= maxBytes else {
            throw Failure(message: "the file is larger than 1 MiB, which nothing that is read here is")
        }
        try refuseNestedAliasKeys(text)
        guard let root = try parse(text) else { return nil }
        var reader = TreeReader()
        return try reader.tree(root, depth: 0)
    }

    private static func parse(_ text: String) throws(Failure) -> Node? {
        do {
            return try Parser(yaml: Braces.hidden(in: text), resolver: .basic, encoding: .utf8).singleRoot()
        } catch let error as YamlError {
            throw Failure(error)
        } catch {
            throw Failure(message: "not YAML")
        }
    }

    /// Refuses keys that are no plain words in a text with many aliases: the parser would hash such a key through all
    /// of its aliases, which a few lines make take for ever. Looks at the text alone, on the safe side.
    private static func refuseNestedAliasKeys(_ text: String) throws(Failure) {
        guard text.utf8.count(where: { $0 == UInt8(ascii: "*") }) > harmlessAliases else { return }
        let key = /(?:^|[\r\n\u{85}\u{2028}\u{2029}\u{FEFF}\[{,:?-])[ \t]*\?|[\]}]\s*:|\*[A-Za-z0-9_-]+\s*:/
        guard let match = text.firstMatch(of: key) else { return }
        let lines = text[..<match.range.upperBound].count { $0.isNewline } + 1
        throw Failure(
            position: Position(line: lines, column: 1), message: "found a key that is not a word; keys are words here")
    }

    private mutating func tree(_ node: Node, depth: Int) throws(Failure) -> Tree {
        let position = Position(node.mark)
        nodes += 1
        guard nodes <= Self.maxNodes else {
            throw Failure(position: position, message: "too many values, counting every use of an alias; use fewer")
        }
        guard depth <= Self.maxDepth else {
            throw Failure(position: position, message: "nested more than \(Self.maxDepth) levels deep; flatten it")
        }
        try Self.checkTag(of: node, at: position)
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain || node.tag.description != Tag.Name.str.rawValue
            return Tree(
                content: .scalar(Scalar(text: Braces.shown(in: scalar.string), isPlain: isPlain)), position: position)
        case .sequence(let sequence):
            var list: [Tree] = []
            for element in sequence { list.append(try tree(element, depth: depth + 1)) }
            return Tree(content: .list(list), position: position)
        case .mapping(let mapping):
            return .map(at: position, try entries(of: mapping, depth: depth + 1))
        case .alias:
            throw Failure(position: position, message: "found an alias without its anchor")
        }
    }

    private mutating func entries(of mapping: Node.Mapping, depth: Int) throws(Failure) -> [Tree.Entry] {
        var entries: [Tree.Entry] = []
        var merged: [Tree.Entry] = []
        for (key, value) in mapping {
            let position = Position(key.mark)
            guard let scalar = key.scalar else {
                throw Failure(position: position, message: "found a key that is not a word; keys are words here")
            }
            let tree = try tree(value, depth: depth)
            if scalar.string == "<<", scalar.style == .plain {
                merged += try Self.merged(tree)
            } else {
                entries.append(Tree.Entry(key: Braces.shown(in: scalar.string), position: position, value: tree))
            }
        }
        var keys = Set(entries.map(\.key))
        return entries + merged.filter { keys.insert($0.key).inserted }
    }

    /// What `<<` brings in: a map's entries, or those of several maps, where the first that has a key counts.
    private static func merged(_ tree: Tree) throws(Failure) -> [Tree.Entry] {
        switch tree.content {
        case .map(let entries): return entries
        case .list(let maps):
            var entries: [Tree.Entry] = []
            for map in maps {
                guard case .map(let more) = map.content else { throw mergeFailure(at: map.position) }
                entries += more
            }
            return entries
        case .scalar: throw mergeFailure(at: tree.position)
        }
    }

    private static func mergeFailure(at position: Position) -> Failure {
        Failure(position: position, message: "found << with something else than a map; it takes *an_alias of a map")
    }

    private static func checkTag(of node: Node, at position: Position) throws(Failure) {
        let accepted: Set<Tag.Name> = [.str, .int, .float, .bool, .null, .seq, .map, .timestamp]
        let name = node.tag.description
        guard accepted.contains(where: { $0.rawValue == name }) else {
            throw Failure(position: position, message: "found the tag \(name.visible()); tags make no objects here")
        }
    }
}

extension Position {
    init(_ mark: Mark?) { self.init(line: mark?.line ?? 1, column: mark?.column ?? 1) }
}

extension TreeReader.Failure {
    fileprivate init(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            guard !problem.hasPrefix("Maximum nesting") else {
                self.init(position: Position(mark), message: "nested far too deeply; flatten it")
                return
            }
            let reason = [context?.text, problem].compactMap { $0 }.joined(separator: ", ")
            self.init(position: Position(mark), message: "not YAML: \(reason.visible())")
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { Braces.shown(in: $0).visible() }.joined(separator: ", ")
            self.init(
                position: Position(context.mark), message: "\(names) is written more than once here; keep one of them")
        case .reader(let problem, _, _, _): self.init(message: "not YAML: \(problem.visible())")
        default: self.init(message: "not YAML")
        }
    }
}
