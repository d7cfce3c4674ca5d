import Configuration
import Core
import Foundation
import Studio
import TestKit
import Testing
import Workspace

/// A configuration that changes while its workspace is open.
@Suite(.timeLimit(.minutes(10))) struct ReconfigureTests {
    private func configuration(_ fixture: StoryFixture, adding text: String) throws -> Configuration {
        let loaded = Configuration.load(
            yaml: fixture.yaml + text, workspaceRoot: fixture.workspace.root, environment: [:])
        var configuration = try #require(loaded.configuration, "\(loaded.problems)")
        configuration.trust = .everything
        return configuration
    }

    @Test func rolesCountAtOnceAndTheRestOnceTheWorkspaceIsOpenedAgain() async throws {
        let fixture = try StoryFixture("dashboard: { bell: true }\n")
        let session = try fixture.session()
        let roles = try configuration(fixture, adding: "roles: { scene_smith: { temperature: 0.3 } }\n")
        #expect(await session.reconfigure(roles))
        let row = try await session.status().roles.first { $0.role == .sceneSmith }
        #expect(row?.temperature == 0.3)
        let limits = try configuration(
            fixture, adding: "rate_limiting: { global: { requests_per_minute: 3 } }\nroles: { scene_smith: {} }\n")
        #expect(await !session.reconfigure(limits))
        #expect(try await session.status().limits.isEmpty)
        await session.close()
    }

    @Test func aThemeIsKeptForEveryDashboardUntilTheFileNamesIt() async throws {
        let fixture = try StoryFixture("dashboard: { theme: mono }\n")
        let session = try fixture.session()
        try await session.keepTheme("parchment")
        let path = fixture.workspace.paths.overrides
        #expect(try Overrides.load(path: path).theme == "parchment")
        try await session.resetAllRoles()
        #expect(try Overrides.load(path: path).theme == "parchment")
        try await session.keepTheme("mono")
        #expect(try Overrides.load(path: path).theme == nil)
        await session.close()
    }

    @Test func keysAreSeenByTheirVariablesAlone() async throws {
        let scout = ProviderScout(variables: [
            "ANTHROPIC_API_KEY": "sk-1", "GOOGLE_API_KEY": "sk-2", "OPENAI_API_KEY": "",
        ])
        #expect(
            scout.keyed == [
                ProviderScout.Offer(.anthropic, variable: "ANTHROPIC_API_KEY"),
                ProviderScout.Offer(.gemini, variable: "GOOGLE_API_KEY"),
            ])
        #expect(!"\(scout.keyed)".contains("sk-"))
    }
}
