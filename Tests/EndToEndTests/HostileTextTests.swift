import Core
import Foundation
import SuiteKit
import TestKit
import Testing

/// Text from outside, in every place where it is shown, as a terminal takes it.
@Suite(.oneAtATime) struct HostileTextTests {
    /// What would clear the screen, write the clipboard, name the window, turn letters round, or move what follows.
    static let hostile = [
        "\u{1B}[2J\u{1B}[31m\u{1B}[?1049l", "\u{1B}]52;c;aGFoYQ==\u{7}", "\u{1B}]0;owned\u{7}\u{1B}P1;2|x\u{1B}\\",
        "\u{9B}2J\u{9D}0;owned\u{9C}\u{85}\u{90}", "\u{202E}txet\u{2066}\u{2069}\u{200F}", "a\u{200B}b\u{FEFF}c\u{AD}",
        "e" + String(repeating: "\u{301}", count: 200), "漢字かな漢字かな漢字かな漢字かな漢字かな", "👩‍👩‍👧👍🏽🇳🇱☺️",
        "\r\n\t\u{0}\u{7}\u{8}\u{7F}", "\u{FFFF}\u{E000}\u{1F}",
    ].joined(separator: " ")

    /// Every pane, and each at its full size.
    private static let tour = (1...8).flatMap {
        ["\($0)", "\($0)\r", "v", "v", "\u{1B}[B", "\u{1B}[B\r", "\u{1B}", "\u{1B}"]
    }

    /// A workspace whose name, brief and model are hostile, and a server that answers so.
    private func project(_ server: FakeOpenAIServer) async throws -> Project {
        let project = try await Project()
        let words = Self.hostile.filter { $0 != "\u{0}" }
        let told = try await Program.run(
            ["init", project.path + "2", "--provider", "embedded", "--name", words, "--brief", words],
            in: project.folder.path)
        #expect(told.status == 0, "\(told.errors)")
        let other = Project(folder: project.folder, path: project.path + "2")
        let model = #"model: "\u202Etiny 漢字漢字 👩‍👩‍👧 e\u0301\u0301\u200B""#
        try other.write(config: Project.config(server).replacing("model: tiny", with: model))
        return other
    }

    private static let answer: JSONValue = [
        "title": JSONValue(hostile), "summary": JSONValue(hostile), "text": JSONValue(hostile),
        "sections": [["key": "s1", "title": JSONValue(hostile), "exits": [], "facts": [JSONValue(hostile)]]],
        "choices": [], "decision": JSONValue(hostile),
        "hooks": [["title": JSONValue(hostile), "summary": JSONValue(hostile)]],
    ]

    @Test(arguments: [(80, 24), (120, 40)])
    func noTextFromOutsideChangesTheTerminalOrTheLayout(width: Int, height: Int) async throws {
        let server = try await FakeOpenAIServer.start { request in
            let endless = request.body.text().contains("form: hooks") ? String(repeating: "x", count: 1 << 20) : ""
            return .answer(Self.answer.text() + endless)
        }
        let project = try await project(server)
        let dashboard = try TerminalProgram(
            ["--project", project.path], in: project.folder.path, width: width, height: height)
        try await dashboard.waitFor("the first frame") { $0.rows.contains { $0.contains("Roles") } }
        try await dashboard.type(Array("g".utf8))
        try await dashboard.waitFor("the dialog") { $0.rows.contains { $0.contains("Generate") } }
        try await dashboard.type(Array("\t\u{1B}[200~\(Self.hostile)\u{1B}[201~\r".utf8))
        try await dashboard.waitFor("the run's end", seconds: 300) {
            $0.rows[0].contains("done") || $0.rows[0].contains("failed")
        }
        for keys in Self.tour {
            try await dashboard.type(Array(keys.utf8))
            try await expectIntact(dashboard, after: keys)
        }
    }

    /// The screen is what a full repaint makes of it: the program and the terminal agree on where everything stands.
    private func expectIntact(_ dashboard: TerminalProgram, after keys: String) async throws {
        var (before, after) = (try await settled(dashboard), try await repainted(dashboard))
        // A minute may have begun between the two, or a figure come.
        for _ in 0..<4 where before != after { (before, after) = (after, try await repainted(dashboard)) }
        #expect(before == after, "after \(keys.debugDescription)")
        #expect(dashboard.emulator.strays == [], "after \(keys.debugDescription)")
        #expect(dashboard.emulator.copies == [], "after \(keys.debugDescription)")
        #expect(dashboard.emulator.title.hasPrefix("QuestFoundry"))
        #expect(dashboard.emulator.modes.contains(2004) && !dashboard.emulator.modes.contains(25))
        let isWhole = after.dropFirst().dropLast().allSatisfy { "│╮╯┤┐┘".contains($0.last ?? " ") }
        #expect(isWhole, "\(after.joined(separator: "\n"))")
    }

    /// The rows as soon as nothing more is written.
    private func settled(_ dashboard: TerminalProgram) async throws -> [String] {
        try await dashboard.settle()
        return dashboard.emulator.rows
    }

    private func repainted(_ dashboard: TerminalProgram) async throws -> [String] {
        try await dashboard.type([0x0C])
        return try await settled(dashboard)
    }
}

extension String {
    fileprivate func replacing(_ text: String, with other: String) -> String {
        components(separatedBy: text).joined(separator: other)
    }
}
