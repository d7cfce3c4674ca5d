import Configuration
import Foundation
import TestKit
import Testing
import Workspace

/// What is kept of workspaces that this user made, or trusts.
@Suite struct TrustFileTests {
    private let fixture: WorkspaceFixture
    private let file: TrustFile
    private let line = TrustLine(variable: "OPENAI_API_KEY", host: "strange.example")

    init() throws {
        fixture = try WorkspaceFixture()
        file = TrustFile(environment: ["XDG_STATE_HOME": fixture.folder.file("state")])
    }

    @Test func placeIsTheStandardsOne() {
        #expect(TrustFile(environment: ["HOME": "/h"]).path == "/h/.local/state/questfoundry/trust")
        let named = TrustFile(environment: ["HOME": "/h", "XDG_STATE_HOME": "/s"])
        #expect(named.path == "/s/questfoundry/trust")
        #expect(TrustFile(environment: ["HOME": "/h", "XDG_STATE_HOME": "s"]).path.hasPrefix("/h/"))
    }

    @Test func madeWorkspaceIsTrustedWithEverythingAndAnotherInItsPlaceWithNothing() throws {
        let workspace = try fixture.create()
        #expect(try file.trust(of: workspace) == .lines([]))
        try file.noteMade(workspace)
        #expect(try file.trust(of: workspace) == .everything)
        try FileManager.default.moveItem(atPath: fixture.root, toPath: fixture.root + ".old")
        let other = try fixture.create()
        #expect(try file.trust(of: other) == .lines([]))
        let moved = try #require(try Workspace.find(from: fixture.root + ".old"))
        #expect(try file.trust(of: moved) == .lines([]))
    }

    @Test func answersAddUpAndSurvive() throws {
        let workspace = try fixture.create()
        try file.add([line], for: workspace)
        let texts = TrustLine(host: "strange.example")
        try file.add([texts, line], for: workspace)
        #expect(try file.trust(of: workspace) == .lines([line, texts]))
        var status = stat()
        #expect(stat(file.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test(arguments: ["", "{", "[{\"path\": 5}]", "null"])
    func brokenFileIsOneClearMessage(text: String) throws {
        let workspace = try fixture.create()
        try file.noteMade(workspace)
        try Data(text.utf8).write(to: URL(filePath: file.path))
        let error = try #require(throws: WorkspaceError.self) { try file.trust(of: workspace) }
        #expect(error.message.contains(file.path) && error.message.contains("delete it"))
        #expect(throws: WorkspaceError.self) { try file.add([line], for: workspace) }
        #expect(try String(contentsOfFile: file.path, encoding: .utf8) == text)
    }
}
