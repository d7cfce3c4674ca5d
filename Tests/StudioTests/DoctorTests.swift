import Configuration
import Core
import Foundation
import TestKit
import Testing
import Workspace

@testable import Studio

/// What `doctor` sees.
@Suite(.timeLimit(.minutes(10))) struct DoctorTests {
    private func checks(
        _ fixture: StoryFixture, _ yaml: String, variables: [String: String] = [:],
        time: any TimeSource = ManualTime()
    ) async -> [HealthCheck] {
        var loaded = Configuration.load(yaml: yaml, workspaceRoot: fixture.workspace.root, environment: variables)
        loaded.configuration?.trust = .everything
        return await Doctor(fixture.workspace, loaded: loaded, time: time, variables: variables).examine()
    }

    private func checks(_ yaml: String, variables: [String: String] = [:]) async throws -> [HealthCheck] {
        await checks(try StoryFixture(yaml), yaml, variables: variables)
    }

    private func yaml(_ address: URL, model: String = "tiny") -> String {
        """
        providers:
          text:
            default: mine
            mine: { type: openai, base_url: "\(address.absoluteString)", model: \(model), api_key: "${MY_KEY}" }
        """
    }

    @Test func aGoodWorkspaceIsGoodAndStaysAsItIs() async throws {
        let server = try await FakeOpenAIServer.start()
        let yaml = yaml(server.baseURL)
        let fixture = try StoryFixture(yaml, servers: [server])
        let before = try fixture.inventory()
        let checks = await checks(fixture, yaml, variables: ["MY_KEY": "sk-secret-2"])
        #expect(checks.allSatisfy { $0.verdict == .good }, "\(checks)")
        let areas = ["config", "workspace", "files", "disk", "project", "ledger", "cache", "provider", "host", "model"]
        #expect(checks.map(\.area) == areas + ["prices", "network"])
        #expect(server.served == 0 && server.looks.count == 1)
        #expect(try fixture.inventory() == before)
        #expect(!String(reflecting: checks).contains("sk-secret-2"))
        let host = try #require(checks.first { $0.area == "host" })
        #expect(host.facts["variable"]?.string == "MY_KEY" && host.message.contains("MY_KEY"))
        let provider = try #require(checks.first { $0.area == "provider" })
        #expect(provider.message.contains("lists 3 models") && provider.facts["latency_ms"]?.int != nil)
    }

    @Test func aModelThatTheServerDoesNotHaveIsNamedWithTheNearest() async throws {
        let server = try await FakeOpenAIServer.start()
        let checks = try await checks(yaml(server.baseURL, model: "modelone"), variables: ["MY_KEY": "k"])
        let model = try #require(checks.first { $0.area == "model" })
        #expect(model.verdict == .problem(.configuration) && model.subject == "modelone")
        #expect(model.remedy == "it has model-one")
        let strange = try await self.checks(yaml(server.baseURL, model: "x"), variables: ["MY_KEY": "k"])
        #expect(strange.first { $0.area == "model" }?.remedy == "it has tiny, model-one, model-two")
    }

    @Test func aRolesOwnServerIsLookedAtAndNamedWithTheKeyThatItGets() async throws {
        let (server, own) = (try await FakeOpenAIServer.start(), try await FakeOpenAIServer.start())
        let roles = """

            roles:
              scene_smith: { base_url: "\(own.baseURL.absoluteString)", api_key: "${OWN_KEY}", model: model-one }
            """
        let checks = try await checks(
            yaml(server.baseURL) + roles, variables: ["MY_KEY": "sk-secret-1", "OWN_KEY": "sk-secret-2"])
        let hosts = checks.filter { $0.area == "host" }
        #expect(hosts.map { $0.facts["variable"]?.string } == ["MY_KEY", "OWN_KEY"])
        #expect(hosts.map(\.subject) == [server, own].map { "127.0.0.1:\($0.baseURL.port ?? 0)" })
        #expect(checks.filter { $0.area == "provider" }.last?.message.contains("for scene_smith") == true)
        #expect(server.looks.count == 1 && own.looks.count == 1)
        #expect(own.looks.first?.headers["authorization"] == "Bearer sk-secret-2")
        #expect(!String(reflecting: checks).contains("sk-secret"))
    }

    @Test func whatIsInUseIsAProblemAndWhatIsNotAWarning() async throws {
        let closed = "http://127.0.0.1:\(try RawServer.closedPort())/v1"
        let yaml = """
            providers:
              text:
                default: gone
                gone: { type: openai, base_url: "\(closed)", model: tiny }
                also_gone: { type: openai, base_url: "\(closed)", model: tiny }
                openai: { api_key: "${OPENAI_API_KEY}" }
                anthropic: { api_key: "${ANTHROPIC_API_KEY}" }
            roles:
              gatekeeper: { provider: openai }
            """
        let checks = try await checks(yaml)
        let verdicts = Dictionary(
            uniqueKeysWithValues: checks.filter { $0.area == "provider" }.map { ($0.subject, $0) })
        #expect(verdicts["gone"]?.verdict == .problem(.unavailable))
        #expect(verdicts["gone"]?.remedy?.hasPrefix("start the server or correct base_url") == true)
        #expect(verdicts["also_gone"]?.verdict == .warning && verdicts["anthropic"]?.verdict == .warning)
        #expect(verdicts["openai"]?.verdict == .problem(.configuration))
        #expect(verdicts["openai"]?.message == "no key (for gatekeeper)")
        #expect(verdicts["openai"]?.remedy?.hasPrefix("set OPENAI_API_KEY") == true)
        #expect(checks.filter { $0.area == "host" }.count == 1)
    }

    @Test func aKeyThatIsNotTakenIsBadConfiguration() async throws {
        let server = try await FakeOpenAIServer.start(listing: { _ in .error(status: 401, message: "no") })
        let checks = try await checks(yaml(server.baseURL), variables: ["MY_KEY": "k"])
        let provider = try #require(checks.first { $0.area == "provider" })
        #expect(provider.verdict == .problem(.configuration) && provider.facts["state"]?.string == "key_refused")
    }

    @Test func rolesWithoutAModelAreAProblem() async throws {
        let server = try await FakeOpenAIServer.start()
        let yaml = "providers: { text: { default: mine, mine: { type: openai, base_url: \"\(server.baseURL)\" } } }"
        let model = try #require(try await checks(yaml).first { $0.area == "model" })
        #expect(model.verdict == .problem(.configuration) && model.message == "none is named for 15 roles")
    }

    @Test func aServerWithoutAListCannotBeFaulted() async throws {
        let server = try await FakeOpenAIServer.start(listing: { _ in .error(status: 404, message: "no") })
        let checks = try await checks(yaml(server.baseURL), variables: ["MY_KEY": "k"])
        #expect(checks.allSatisfy { $0.verdict == .good }, "\(checks)")
        #expect(checks.contains { $0.area == "model" && $0.message.contains("offers no list") })
    }

    @Test func modelsWithoutAPriceAreAProblemWhereABudgetApplies() async throws {
        let yaml = """
            providers:
              text:
                default: far
                far: { type: openai, base_url: "https://far.invalid/v1", model: unheard-of }
            """
        let free = try #require(try await checks(yaml).first { $0.area == "prices" })
        #expect(free.verdict == .warning && free.subject == "unheard-of")
        let budget = "\nrate_limiting: { global: { cost_per_day: 5 } }"
        let bound = try #require(try await checks(yaml + budget).first { $0.area == "prices" })
        #expect(bound.verdict == .problem(.configuration) && bound.remedy?.contains("allow_unpriced") == true)
        let allowed = "\nrate_limiting: { global: { cost_per_day: 5 }, allow_unpriced: true }"
        #expect(try await checks(yaml + allowed).first { $0.area == "prices" }?.verdict == .warning)
        // Prompts would go to a host that is nobody's own.
        #expect(try await checks(yaml).first { $0.area == "host" }?.verdict == .warning)
    }

    @Test func settingsOfAnotherEndpointAreNamed() async throws {
        let yaml = "providers: { image: { imagen: { api_key: k, project_id: p, location: here } } }"
        let check = try #require(try await checks(yaml).first { $0.area == "config" && $0.subject == "imagen" })
        #expect(check.verdict == .warning && check.message.hasPrefix("project_id, location"))
    }

    @Test func damagedBooksAndOpenFilesAreTold() async throws {
        let fixture = try StoryFixture()
        let cache = fixture.workspace.paths.folder + "/cache"
        try FileManager.default.createDirectory(
            atPath: cache, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for path in [fixture.workspace.paths.ledger, cache + "/responses.db"] {
            try Data(repeating: 7, count: 8_192).write(to: URL(filePath: path))
            #expect(chmod(path, 0o600) == 0)
        }
        #expect(chmod(fixture.workspace.paths.config, 0o644) == 0)
        let checks = await checks(fixture, "")
        #expect(checks.first { $0.area == "ledger" }?.verdict == .problem(.unavailable))
        #expect(checks.first { $0.area == "cache" }?.verdict == .warning)
        let files = try #require(checks.first { $0.area == "files" })
        #expect(files.verdict == .warning && files.message == "others may read config.yml")
    }

    @Test func aBrokenConfigurationIsToldAndTheRestIsLookedAt() async throws {
        let checks = await checks(try StoryFixture(), "rate_limiting: { global: { cost_per_dya: 5 } }")
        let config = try #require(checks.first)
        #expect(config.area == "config" && config.verdict == .problem(.configuration))
        #expect(config.message.contains("config.yml:1") || config.remedy?.contains("cost_per_day") == true)
        #expect(checks.contains { $0.area == "ledger" } && !checks.contains { $0.area == "provider" })
    }

    @Test func aSilentServerHoldsNothingUpForLong() async throws {
        let time = ManualTime()
        let server = try RawServer { $0.waitUntilClosed() }
        let yaml = yaml(server.baseURL)
        let fixture = try StoryFixture(yaml)
        async let found = checks(fixture, yaml, variables: ["MY_KEY": "k"], time: time)
        // The bound on all of it, and the two on the call.
        await time.waitForSleepers(3)
        time.advance(seconds: 10)
        let provider = try #require(await found.first { $0.area == "provider" })
        #expect(provider.verdict == .problem(.unavailable) && provider.message.contains("10 s"))
    }

    @Test func proxiesAreReadAsTheyAreUsedAndWithoutTheirPasswords() throws {
        let proxies = Proxies([
            "HTTPS_PROXY": "http://mara:secret@proxy:3128", "HTTP_PROXY": "http://unused:1",
            "NO_PROXY": "example.com,.near",
        ])
        func proxy(_ url: String) throws -> String? { proxies.proxy(of: try #require(URL(string: url))) }
        #expect(try proxy("https://api.openai.com/v1") == "http://proxy:3128")
        #expect(try proxy("http://api.openai.com/v1") == nil && proxy("https://127.0.0.1:1") == nil)
        #expect(try proxy("https://example.com") == nil && proxy("https://a.example.com") == nil)
        #expect(try proxy("https://x.near") == nil && proxy("https://notexample.com") != nil)
        #expect(proxies.inForce.map(\.variable) == ["HTTPS_PROXY", "NO_PROXY"])
        #expect(!"\(proxies.inForce)".contains("secret"))
    }
}
