import Core
import Foundation
import TestKit
import Testing

/// What the dashboard is set to, changed while it is open, in a real terminal.
@Suite struct LiveSettingsTests {
    @Test func aThemeIsShownAtOnceAndKeptByEnter() async throws {
        let project = try await Project()
        let terminal = try await project.dashboard(width: 120, height: 40)
        let before = try await terminal.screen(isStyled: true)
        try await terminal.press("t")
        try await terminal.press("Down")
        // The whole screen has it: the background of paper in the colours of 256.
        try await terminal.waitFor("▸ parchment")
        let previewed = try await terminal.screen(isStyled: true)
        #expect(Self.background(of: previewed) != Self.background(of: before), "\(previewed)")
        try await terminal.press("Escape")
        try await terminal.waitFor("the dialog to close") { !$0.contains("ink on old paper") }
        #expect(Self.background(of: try await terminal.screen(isStyled: true)) == Self.background(of: before))
        try await terminal.press("t", "Down", "Enter")
        try await terminal.waitFor("The theme is parchment from now on")
        try await terminal.quit()
        let shown = try await project.run("config", "show")
        #expect(shown.output.contains { $0.isLetter } && shown.output.contains("dashboard.theme: parchment"))
        #expect(shown.output.contains("# overrides.yml"))
        let again = try await project.dashboard(width: 120, height: 40)
        #expect(Self.background(of: try await again.screen(isStyled: true)) == Self.background(of: previewed))
        try await again.quit()
    }

    /// The first background that a screen sets.
    private static func background(of screen: String) -> String {
        screen.firstMatch(of: /48;5;\d+/).map { String($0.output) } ?? "none"
    }

    @Test func editsOfTheConfigurationApplyAndBadOnesSayTheirLine() async throws {
        let project = try await Project()
        let terminal = try await project.dashboard(width: 200, height: 40)
        try project.write(config: "dashboard:\n  mouse: perhaps\n")
        try await terminal.waitFor("config.yml:2:10: dashboard.mouse: found perhaps")
        try project.write(config: "dashboard:\n  keys: { generate: F2, prune: p }\n")
        try await terminal.waitFor("config.yml:2:25: dashboard.keys.prune: p already does switch_provider")
        try project.write(config: "dashboard:\n  keys: { generate: F2 }\n  ascii: always\n")
        let applied = try await terminal.waitFor("In force now: ")
        #expect(applied.contains("dashboard.keys.generate: [F2]") && applied.contains("dashboard.ascii: always"))
        #expect(!applied.contains("╭") && applied.contains("+-"))
        try await terminal.press("F2")
        try await terminal.waitFor("It costs nothing.")
        try await terminal.press("Escape")
        try project.write(
            config: "roles:\n  gatekeeper: { temperature: 0.1 }\nrate_limiting: { global: { requests_per_hour: 7 } }\n")
        try await terminal.waitFor("roles.gatekeeper.temperature: 0.1")
        // What is built into an open workspace counts, too: it was opened again.
        try await terminal.waitFor("7/7")
        try await terminal.quit()
    }

    @Test func aUsersThemeAppliesAsItIsEdited() async throws {
        let project = try await Project(config: "dashboard: { theme: mine }\n")
        let themes = project.folder.file(".config/questfoundry/themes")
        try FileManager.default.createDirectory(atPath: themes, withIntermediateDirectories: true)
        try "styles: { text: { background: \"#5f0000\" } }".write(
            toFile: themes + "/mine.yml", atomically: true, encoding: .utf8)
        let terminal = try await project.dashboard(width: 120, height: 40)
        #expect(Self.background(of: try await terminal.screen(isStyled: true)) != "none")
        try "styles: { text: { background: \"#00005f\" } }".write(
            toFile: themes + "/mine.yml", atomically: true, encoding: .utf8)
        try await terminal.waitFor("The theme mine is as its file says now.")
        #expect(try await terminal.screen(isStyled: true).contains("48;5;17m"))
        try "styles:\n  sidebar: {}\n".write(toFile: themes + "/mine.yml", atomically: true, encoding: .utf8)
        try await terminal.waitFor("mine.yml, line 2, column 3: unknown style `sidebar`")
        #expect(try await terminal.screen(isStyled: true).contains("48;5;17m"))
        try await terminal.quit()
    }

    @Test func keysThatCannotBeAreErrorsOfTheConfiguration() async throws {
        let project = try await Project(
            config: "dashboard:\n  keys:\n    generat: g\n    prune: gg\n")
        let checked = try await project.run("config", "check")
        #expect(checked.status == 78)
        #expect(
            checked.output.contains(
                "config.yml:3:5: error: dashboard.keys.generat: no action has this name; did you mean `generate`?"))
        #expect(checked.output.contains("config.yml:4:5: error: dashboard.keys.prune: gg is no key"))
    }

    @Test func thePaletteDoesWhatItFinds() async throws {
        let project = try await Project()
        let terminal = try await project.dashboard(width: 80, height: 24)
        try await terminal.press(":")
        try await terminal.waitFor("part of an action's name")
        try await terminal.type("prn")
        try await terminal.waitFor("remove entries from the cache")
        try await terminal.press("Enter")
        try await terminal.waitFor("Prune the cache")
        try await terminal.press("Escape", ":")
        try await terminal.type("cancel")
        try await terminal.waitFor("Nothing is running.")
        try await terminal.press("Escape")
        try await terminal.quit()
    }

    @Test func theMouseFocusesSelectsZoomsAndPresses() async throws {
        let project = try await Project()
        let terminal = try await project.dashboard(width: 120, height: 40)
        try await terminal.click("2 Cache", times: 2)
        try await terminal.waitFor("Cache at full size") { !$0.contains("1 Roles") && $0.contains("2 Cache") }
        try await terminal.press("Escape")
        try await terminal.waitFor("1 Roles")
        try await terminal.click("gatekeeper")
        try await terminal.press("p")
        try await terminal.waitFor("Provider of gatekeeper")
        try await terminal.click("Esc")
        try await terminal.waitFor("the dialog to close") { !$0.contains("Provider of gatekeeper") }
        try await terminal.click("x prune")
        try await terminal.waitFor("No entry is expired.")
        try await terminal.click("everything")
        try await terminal.waitFor("No entry is everything.")
        try await terminal.press("Escape")
        try await terminal.quit()
    }

    @Test func aDashboardThatOnlyLooksSaysSo() async throws {
        let project = try await Project()
        let before = try project.state()
        let terminal = try await Tmux(
            width: 120, height: 40, environment: Program.environment(home: project.folder.path))
        try await terminal.type("\(Program.path) --project \(project.path) --read-only")
        try await terminal.press("Enter")
        try await terminal.waitFor("read-only")
        for key in ["g", "p", "x", "b", "+"] {
            try await terminal.press(key)
            try await terminal.waitFor("This dashboard was opened with --read-only")
            try await terminal.press("Down")
            try await terminal.waitFor("the keys") { !$0.contains("was opened with") }
        }
        try await terminal.quit()
        #expect(try project.state() == before)
    }

    @Test func pastesGoIntoTextFields() async throws {
        let project = try await Project()
        let terminal = try await project.dashboard(width: 120, height: 40)
        for (keys, field) in [(["g", "Down"], "brief"), ([":"], "find")] {
            for key in keys { try await terminal.press(key) }
            try await terminal.waitFor(field)
            try await terminal.type("\u{1B}[200~a fog\nbell\u{1B}[201~")
            try await terminal.waitFor("a fog bell")
            try await terminal.press("Escape")
        }
        try await terminal.quit()
    }

    @Test func screensOfAnySizeAreAlive() async throws {
        let project = try await Project()
        let terminal = try await project.dashboard(width: 80, height: 24)
        try await terminal.resize(width: 40, height: 10)
        try await terminal.waitFor("one pane") {
            $0.contains("1 Roles") && !$0.contains("2 Cache") && $0.contains("today")
        }
        for key in ["g", "p", "x", "b", "t", ":", "?"] {
            try await terminal.press(key)
            try await terminal.waitFor("the dialog of \(key)") { $0.contains("Esc close") }
            try await terminal.press("Escape")
            try await terminal.waitFor("its end") { !$0.contains("Esc close") }
        }
        try await terminal.resize(width: 20, height: 1)
        try await terminal.waitFor("$0 today")
        try await terminal.resize(width: 1, height: 1)
        try await terminal.press("4")
        try await terminal.resize(width: 80, height: 24)
        try await terminal.waitFor("7 State")
        try await terminal.quit()
    }

    @Test func whatIsNoTerminalGetsTheStatusInWords() async throws {
        let project = try await Project()
        let piped = try await project.run()
        #expect(piped.status == 0 && piped.errors.contains("This is not a terminal that can show the dashboard"))
        let terminal = try await Tmux(
            width: 120, height: 40, environment: Program.environment(home: project.folder.path))
        try await terminal.type("TERM=dumb \(Program.path) --project \(project.path)")
        try await terminal.press("Enter")
        try await terminal.waitFor("here is the same in words")
        try await terminal.type("clear; TERM=nonesuch \(Program.path) --project \(project.path)")
        try await terminal.press("Enter")
        try await terminal.waitFor("Terminal type nonesuch is unknown here, using xterm-256color")
        try await terminal.quit()
    }

    @Test func theFirstCardNamesTheKeysThatItSees() async throws {
        let folder = try TemporaryFolder()
        let environment = Program.environment(home: folder.path, adding: ["OPENAI_API_KEY": "sk-never-shown"])
        let terminal = try await Tmux(width: 100, height: 30, environment: environment)
        try await terminal.type("cd \(folder.path) && \(Program.path)")
        try await terminal.press("Enter")
        try await terminal.waitFor("Seen here: OPENAI_API_KEY")
        try await terminal.press("Tab", "Right")
        let chosen = try await terminal.waitFor("openai bills what it writes")
        #expect(!chosen.contains("sk-never"))
        try await terminal.press("Enter")
        try await terminal.waitFor("is made. g starts its first loop")
        let config = try String(
            contentsOfFile: folder.file("QuestFoundry/my-story/.questfoundry/config.yml"), encoding: .utf8)
        #expect(config.contains("default: openai") && config.contains("${OPENAI_API_KEY}"))
        #expect(!config.contains("sk-never"))
        try await terminal.quit()
    }
}

extension Tmux {
    /// Presses the first button of the mouse where a text stands, several times in one go.
    fileprivate func click(_ text: String, times: Int = 1) async throws {
        let rows = try await waitFor(text).split(separator: "\n", omittingEmptySubsequences: false)
        guard let row = rows.firstIndex(where: { $0.contains(text) }), let range = rows[row].range(of: text) else {
            return
        }
        let column = rows[row].distance(from: rows[row].startIndex, to: range.lowerBound)
        let place = "\(column + 1);\(row + 1)"
        try await type(String(repeating: "\u{1B}[<0;\(place)M\u{1B}[<0;\(place)m", count: times))
    }
}
