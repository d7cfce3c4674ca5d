import Configuration
import Core
import Terminal

/// The keys that are in force outside of dialogs: the table's, as far as a configuration names no others.
package struct Keymap: Sendable {
    /// Something that is wrong with the keys that are wanted for an action.
    package struct Problem: Error, Hashable, Sendable {
        /// The action as the configuration names it.
        package var action: String
        package var message: String
    }

    /// The table, each action with the keys that do it now.
    let bindings: [KeyBinding<Action>]

    /// The table's own keys.
    package static let standard = Keymap(bindings: KeyTable.main)

    private init(bindings: [KeyBinding<Action>]) { self.bindings = bindings }

    /// The table with other keys for the actions that are named; keys are spelled as the help screen shows them.
    ///
    /// Returns everything that is wrong at once, and then the table's own keys.
    package static func rebinding(_ wishes: [String: [String]]) -> (keymap: Keymap, problems: [Problem]) {
        guard !wishes.isEmpty else { return (standard, []) }
        var bindings = KeyTable.main
        var problems: [Problem] = []
        for (name, keys) in wishes.sorted(by: { $0.key < $1.key }) {
            guard let index = bindings.firstIndex(where: { $0.action.name == name }) else {
                problems.append(unknown(name))
                continue
            }
            do { try bindings[index].rebind(to: keys) } catch { problems.append(error) }
        }
        if problems.isEmpty { problems = clashes(in: bindings, wishes: wishes) }
        return problems.isEmpty ? (Keymap(bindings: bindings), []) : (standard, problems)
    }

    func binding(for key: Key) -> KeyBinding<Action>? { bindings.first { $0.keys.contains(key) } }

    func binding(of action: Action) -> KeyBinding<Action>? { bindings.first { $0.action == action } }

    private static func unknown(_ name: String) -> Problem {
        let names = KeyTable.main.map(\.action.name)
        let near = Spelling.near(name, in: names, atMost: 1).first.map { "did you mean `\($0)`?" }
        return Problem(
            action: name, message: "no action has this name; \(near ?? "known: \(names.joined(separator: ", "))")")
    }

    /// Every key that would do two things, told at an action that the configuration names.
    private static func clashes(in bindings: [KeyBinding<Action>], wishes: [String: [String]]) -> [Problem] {
        var owners: [Key: [String]] = [:]
        for binding in bindings {
            for key in binding.keys { owners[key, default: []].append(binding.action.name) }
        }
        return owners.filter { $0.value.count > 1 }.sorted { $0.key.name(.ascii) < $1.key.name(.ascii) }
            .compactMap { key, names in
                guard let blamed = names.last(where: { wishes[$0] != nil }) else { return nil }
                let others = names.filter { $0 != blamed }.joined(separator: ", ")
                return Problem(
                    action: blamed, message: "\(key.name(.ascii)) already does \(others); give that another key, too")
            }
    }
}

extension KeyBinding<Action> {
    /// Takes the keys of these names; those that count everywhere stay.
    fileprivate mutating func rebind(to names: [String]) throws(Keymap.Problem) {
        var wanted: [Key] = []
        for name in names {
            guard let key = Key(named: name) else { throw problem("\(name.visible()) is no key; \(Key.spelling)") }
            if KeyTable.everywhere.contains(key), !keys.contains(key) {
                throw problem("\(key.name(.ascii)) has its meaning everywhere, also while something is being typed")
            }
            if !wanted.contains(key) { wanted.append(key) }
        }
        guard !wanted.isEmpty else { throw problem("no key is named; leave the line out for the usual one") }
        keys = wanted + keys.filter { KeyTable.everywhere.contains($0) && !wanted.contains($0) }
    }

    private func problem(_ message: String) -> Keymap.Problem {
        Keymap.Problem(action: action.name, message: message)
    }
}
