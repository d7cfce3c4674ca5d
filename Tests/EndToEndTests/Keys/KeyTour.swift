import Foundation
import TestKit
import Testing

/// A dashboard that is opened once, and keys that are pressed in it one after the other.
struct KeyTour: Sendable, CustomTestStringConvertible {
    /// What the steps of a tour have at hand.
    struct Stage: Sendable {
        var project: Project
        var terminal: Tmux
        /// Where the tour steers a run, what that run waits for.
        var slow: SlowServer?
    }

    var name: String
    var width = 100
    var height = 24
    /// The workspace, and what writes in it where that is no provider of the program's own.
    var workspace: @Sendable () async throws -> (Project, SlowServer?) = { (try await Project(), nil) }
    var environment: @Sendable (Project) throws -> [String: String] = { _ in [:] }
    var steps: [KeyStep]

    var testDescription: String { name }

    func run() async throws {
        let (project, slow) = try await workspace()
        let terminal = try await project.dashboard(
            width: width, height: height, environment: try environment(project))
        let stage = Stage(project: project, terminal: terminal, slow: slow)
        for step in steps { try await step.perform(stage) }
        withExtendedLifetime(stage) {}
    }
}

/// A step of a tour: a key of the table and what it does, or what leads there.
struct KeyStep: Sendable {
    /// The key that is shown to keep its promise; nil for what leads there.
    var key: TableKey?
    var perform: @Sendable (KeyTour.Stage) async throws -> Void

    // MARK: Keys of the table

    /// A key after which a text is on the screen that was not there before; `typing` is typed after it.
    static func key(
        _ name: String, in place: TableKey.Place = .panes, typing: String = "", shows text: String
    ) -> Self {
        key(name, in: place, typing: typing, to: "show \(text)") { $0.contains(text) }
    }

    /// A key after which a text is gone that was on the screen before.
    static func key(_ name: String, in place: TableKey.Place = .panes, hides text: String) -> Self {
        key(name, in: place, to: "take away \(text)") { !$0.contains(text) }
    }

    /// A key after which the screen is as it was not before.
    static func key(
        _ name: String, in place: TableKey.Place = .panes, typing: String = "", to purpose: String,
        _ isDone: @escaping @Sendable (String) -> Bool
    ) -> Self {
        let key = TableKey(place: place, name: name)
        return KeyStep(key: key) { stage in
            let terminal = stage.terminal
            try await terminal.waitFor("before \(key), which is to \(purpose), a screen without that") { !isDone($0) }
            try await terminal.press(TableKey.tmuxName(of: name))
            if !typing.isEmpty { try await terminal.type(typing) }
            try await terminal.waitFor("\(key), to \(purpose)", seconds: 60, isDone)
        }
    }

    static func dialogKey(_ name: String, typing: String = "", shows text: String) -> Self {
        key(name, in: .dialog, typing: typing, shows: text)
    }

    static func dialogKey(_ name: String, hides text: String) -> Self { key(name, in: .dialog, hides: text) }

    /// Leaves the dashboard.
    static func leave(_ name: String = "q") -> Self {
        key(name, to: "leave") { $0.contains("ready>") && !$0.contains("QuestFoundry ·") }
    }

    // MARK: What leads there

    static func press(_ names: String...) -> Self {
        KeyStep { stage in for name in names { try await stage.terminal.press(TableKey.tmuxName(of: name)) } }
    }

    static func type(_ text: String) -> Self { KeyStep { try await $0.terminal.type(text) } }
    static func see(_ text: String) -> Self { KeyStep { try await $0.terminal.waitFor(text) } }
    /// Something that has to become true of the workspace: what the screen says may be stored a little later.
    static func check(_ what: String, _ isTrue: @escaping @Sendable (KeyTour.Stage) async throws -> Bool) -> Self {
        KeyStep { stage in try await waitUntil(what) { try await isTrue(stage) } }
    }

    static func act(_ body: @escaping @Sendable (KeyTour.Stage) async throws -> Void) -> Self { KeyStep(perform: body) }
}
