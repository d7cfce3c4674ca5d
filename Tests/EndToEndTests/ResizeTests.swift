import Foundation
import TestKit
import Testing

/// Any size, at any moment, in every dialog; and the terminal as it was when the program ends.
@Suite struct ResizeTests {
    @Test(arguments: ["g", "p", "x", "?"])
    func anySizeIsSurvivedInEveryDialog(key: String) async throws {
        let project = try await Project()
        let terminal = try await project.dashboard(width: 120, height: 40)
        let heading = ["g": "Generate", "p": "Provider of", "x": "Prune the cache", "?": "Everywhere"][key] ?? ""
        try await terminal.press(key)
        try await terminal.waitFor(heading)
        for (width, height) in [(80, 24), (40, 10), (20, 1), (1, 1), (200, 60), (33, 7)] {
            try await terminal.resize(width: width, height: height)
        }
        try await terminal.resize(width: 100, height: 30)
        try await terminal.waitFor(heading)
        try await terminal.press("Escape")
        try await terminal.waitFor("the panes alone") { $0.contains("q quit") && !$0.contains(heading) }
        try await terminal.quit()
    }

    @Test func aSmallTerminalStillTells() async throws {
        let project = try await Project()
        let terminal = try await project.dashboard(width: 40, height: 10)
        try await terminal.waitFor("Roles")
        try await terminal.resize(width: 20, height: 1)
        try await terminal.waitFor("one line") { screen in
            let lines = screen.split(separator: "\n")
            return lines.count == 1 && lines[0].count <= 20
        }
        try await terminal.resize(width: 80, height: 24)
        try await terminal.waitFor("6 Activity")
        try await terminal.quit()
    }

    /// How a dashboard is ended.
    enum End: String, CaseIterable, Sendable {
        case quit, interrupt = "INT", terminate = "TERM", hangUp = "HUP"

        /// What the shell says of the program's end.
        var status: Int { [.quit: 0, .interrupt: 130, .terminate: 143, .hangUp: 129][self] ?? -1 }
    }

    @Test(arguments: End.allCases) func theTerminalIsRestored(end: End) async throws {
        let project = try await Project()
        let terminal = try await Tmux(
            width: 100, height: 30, environment: Program.environment(home: project.folder.path))
        let (before, after) = (project.folder.file("before"), project.folder.file("after"))
        try await terminal.type(
            "stty -a > \(before); \(Program.path) --project \(project.path); echo ended $?; stty -a > \(after); echo said"
        )
        try await terminal.press("Enter")
        try await terminal.waitFor("q quit")
        if end == .quit {
            try await terminal.press("q")
        } else {
            let killed = try await Program.run(
                ["pkill", "-\(end.rawValue)", "-f", "^\(Program.path) --project \(project.path)"], of: "/usr/bin/env",
                in: project.folder.path)
            #expect(killed.status == 0)
        }
        let screen = try await terminal.waitFor("said")
        #expect(screen.contains("ended \(end.status)"))
        #expect(!screen.contains("1 Roles"))
        #expect(try String(contentsOfFile: before, encoding: .utf8) == String(contentsOfFile: after, encoding: .utf8))
    }

    @Test func itSuspendsAndComesBack() async throws {
        let project = try await Project()
        let terminal = try await project.dashboard(width: 100, height: 30)
        try await terminal.waitFor("q quit")
        try await terminal.press("C-z")
        try await terminal.waitFor("Stopped")
        try await terminal.type("fg")
        try await terminal.press("Enter")
        try await terminal.waitFor("6 Activity")
        try await terminal.quit()
    }
}
