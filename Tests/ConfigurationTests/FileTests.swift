import Core
import Foundation
import TestKit
import Testing

@testable import Configuration

@Suite struct FileTests {
    @Test func overridesComeBackAsTheyWereWritten() throws {
        let folder = try TemporaryFolder()
        var layer = RoleLayer(provider: "my server: #1", model: "a\"b\\ü\n", temperature: 0.25, maxTokens: 10, seed: 7)
        layer.stop = ["yes", "1", "~", "END"]
        layer.topP = 1
        let overrides = Overrides(
            roles: [.sceneSmith: layer, .gatekeeper: RoleLayer(provider: "local")],
            defaults: [.text: "openai", .image: "true"], theme: "high-contrast")
        let path = folder.file("overrides.yml")
        try overrides.save(path: path)
        #expect(try Overrides.load(path: path) == overrides)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        try Overrides().save(path: path)
        #expect(try Overrides.load(path: path).isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["overrides.yml"])
    }

    @Test func overridesAreSetAndReset() {
        var overrides = Overrides()
        overrides.set(.sceneSmith, provider: "local", model: "qwen")
        overrides.set(.sceneSmith, provider: "openai")
        #expect(overrides.roles == [.sceneSmith: RoleLayer(provider: "openai")])
        overrides.reset(.sceneSmith)
        #expect(overrides.isEmpty)
    }

    @Test func missingOverridesAreNone() throws {
        #expect(try Overrides.load(path: TemporaryFolder().file("overrides.yml")).isEmpty)
        #expect(try Overrides(yaml: "").isEmpty)
    }

    @Test(arguments: ["roles: {gatekeeper: {temperature: hot}}", "roles: [", "roles: {gatekeeper: {model: '${X}'}}"])
    func overridesAreCheckedLikeTheConfiguration(_ text: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try Overrides(yaml: text) }
        #expect(error.description.hasPrefix("overrides.yml:"))
    }

    @Test func missingFileMeansDefaultsAndProblemsNameTheFile() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("config.yml")
        #expect(Configuration.load(path: path, environment: [:]).problems.isEmpty)
        #expect(Configuration.load(path: path, environment: [:]).configuration != nil)
        try Data("caching: {enabled: maybe}".utf8).write(to: URL(filePath: path))
        #expect(
            Configuration.load(path: path, environment: [:]).errors.first?.description.hasPrefix("\(path):1:20: error")
                == true)
    }

    @Test func unreadableFilesAreOneErrorEach() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("config.yml")
        try Data([0x61, 0x3A, 0xFF]).write(to: URL(filePath: path))
        #expect(Configuration.load(path: path).errors.first?.message.contains("not UTF-8") == true)
        try Data(repeating: 0x23, count: (1 << 20) + 1).write(to: URL(filePath: path))
        #expect(Configuration.load(path: path).errors.first?.message.contains("1 MiB") == true)
        #expect(Configuration.load(path: folder.path).errors.first?.message.contains("no regular file") == true)
        #expect(Configuration.load(path: path + "/x").errors.first?.message.contains("cannot read") == true)
        #expect(throws: ConfigurationError.self) { try Overrides().save(path: folder.file("none/overrides.yml")) }
        #expect(throws: ConfigurationError.self) { try Overrides().save(path: folder.path) }
    }

    @Test func cacheFolderBehindALinkOutOfTheWorkspaceIsRefused() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.file("book"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("book/cache"), withDestinationPath: "/usr/share")
        let loaded = load("caching: {cache_dir: cache}", environment: ["HOME": "/nowhere"], root: folder.file("book"))
        #expect(loaded.errors.first?.message.contains("inside the workspace") == true)
    }
}

@Suite struct ShowTests {
    private let yaml = """
        providers:
          text:
            default: openai
            openai: {api_key: '${OPENAI_API_KEY}', model: '${MODEL:-gpt-4o}', organization: 'x${MY_TOKEN}'}
            second: {type: openai, api_key: sk-in-the-file, base_url: '${HOST}', timeout_seconds: '${OPENAI_API_KEY}'}
            third: {type: openai, base_url: '${ADDRESS}', allow_http: yes, timeout_seconds: 5}
        roles:
          scene_smith: {temperature: 0.8}
        caching:
          per_role: {scene_smith: {ttl_seconds: 60}}
        rate_limiting:
          day_starts_at: "06:15"
          global: {requests_per_minute: 100}
          models: {gpt-4o: {cost_per_input_token: 2.5e-6}}
        state: {redis: {password: redis-secret}}
        """
    private let environment = [
        "OPENAI_API_KEY": "sk-secret", "MY_TOKEN": "tok-secret", "ADDRESS": "https://me:url-secret@x.y",
    ]

    private func shown(_ overrides: Overrides = Overrides()) throws -> [String] {
        let loaded = load(yaml, environment: environment)
        let configuration = try #require(loaded.configuration, "\(loaded.lines)").applying(overrides)
        return configuration.show(environment: environment).split(separator: "\n").map { line in
            line.split(separator: " ").joined(separator: " ")
        }
    }

    @Test func everyValueComesWithItsSource() throws {
        let lines = try shown()
        for line in [
            "providers.text.default: openai # config.yml:3",
            "providers.text.openai.api_key: set (OPENAI_API_KEY) # config.yml:4",
            "providers.text.openai.model: gpt-4o # config.yml:4",
            "providers.text.second.api_key: set (in the file) # config.yml:5",
            "providers.text.second.base_url: not set (HOST) # config.yml:5",
            "providers.text.third.timeout_seconds: 5 # config.yml:6",
            "roles.scene_smith.provider: openai # default", "roles.scene_smith.temperature: 0.8 # config.yml:8",
            "roles.scene_smith.model: gpt-4o # config.yml:4", "roles.scene_smith.max_tokens: 2048 # default",
            "roles.illustrator.image.provider: embedded # default",
            "caching.enabled: true # default", "caching.per_role.scene_smith.ttl_seconds: 60 # config.yml:10",
            "rate_limiting.day_starts_at: \"06:15\" # config.yml:12",
            "rate_limiting.global.requests_per_minute: 100 # config.yml:13",
            "rate_limiting.models.gpt-4o.cost_per_input_token: 0.0000025 # config.yml:14",
            "dashboard.theme: foundry # default",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }

    @Test func overridesShowAsSource() throws {
        let layer = RoleLayer(provider: "third", model: "m")
        let lines = try shown(Overrides(roles: [.sceneSmith: layer], defaults: [.text: "second"]))
        #expect(lines.contains("providers.text.default: second # overrides.yml"))
        #expect(lines.contains("roles.scene_smith.provider: third # overrides.yml"))
        #expect(lines.contains("roles.gatekeeper.provider: second # overrides.yml"))
    }

    @Test func theThemeChosenLiveCountsBeforeTheFiles() throws {
        let configuration = try #require(load("dashboard: {theme: mono}").configuration)
        let changed = configuration.applying(Overrides(theme: "parchment"))
        #expect(configuration.themeName == "mono" && changed.themeName == "parchment")
        #expect(
            changed.show(environment: [:]).split(separator: "\n").contains {
                $0.contains("theme: parchment") && $0.hasSuffix("# overrides.yml")
            })
    }

    @Test func settingsOfTheDashboardAreReadAndShown() throws {
        let text = """
            dashboard:
              mouse: false
              ascii: always
              refresh_hz: 12
              synchronized_output: never
              keys: { generate: G, quit: [Q, F10] }
            """
        let configuration = try #require(load(text).configuration)
        let settings = configuration.dashboard
        #expect(!settings.mouse && settings.ascii == .always && settings.refreshHz == 12)
        #expect(settings.synchronizedOutput == .never)
        #expect(settings.keys == ["generate": ["G"], "quit": ["Q", "F10"]])
        let shown = configuration.show(environment: [:])
        for line in ["dashboard.ascii: always", "dashboard.keys.quit: [Q, F10]", "dashboard.refresh_hz: 12"] {
            #expect(shown.contains(line), "\(line)")
        }
        let problem = configuration.error(at: ["dashboard", "keys", "quit"], "no")
        #expect(problem.description == "config.yml:6:24: error: dashboard.keys.quit: no")
    }

    @Test func changesAreWhatIsInForceAndWasNot() throws {
        let before = try #require(load("caching: {ttl_seconds: 5}\ndashboard: {theme: mono}").configuration)
        let after = try #require(
            load("\n\ndashboard: {theme: mono, bell: false}\ncaching: {ttl_seconds: 6}").configuration)
        #expect(after.changes(since: before, environment: [:]) == ["caching.ttl_seconds: 6", "dashboard.bell: false"])
        #expect(after.changes(since: after, environment: [:]).isEmpty)
    }

    @Test func configurationsAgreeWhereOnlyRolesAndTheDashboardDiffer() throws {
        let key = "providers: {text: {default: openai, openai: {api_key: sk-one}}}\n"
        let before = try #require(load(key).configuration)
        let moved = try #require(
            load("# a line\n" + key + "roles: {scene_smith: {temperature: 1}}\ndashboard: {bell: false}").configuration)
        let other = try #require(load(key.replacing("one", with: "two")).configuration)
        #expect(before.agrees(with: moved) && !before.agrees(with: other))
        #expect(!before.agrees(with: try #require(load(key + "caching: {ttl_seconds: 1}").configuration)))
        #expect(before.taking(rolesOf: moved).settings(for: .sceneSmith).temperature == 1)
        #expect(moved.taking(rolesOf: before).roles.isEmpty)
    }

    @Test func secretsAreNeverShown() throws {
        let configuration = try #require(load(yaml, environment: environment).configuration)
        var texts = [configuration.show(environment: environment), "\(configuration)"]
        texts.append(String(reflecting: configuration))
        var dumped = ""
        dump(configuration, to: &dumped)
        texts.append(dumped)
        for name in ["openai", "second", "third"] {
            do {
                let provider = try configuration.resolveProvider(name, environment: environment)
                texts.append(String(reflecting: provider))
                var dumped = ""
                dump(provider, to: &dumped)
                texts.append(dumped)
            } catch {
                texts.append("\(error)")
                texts.append(String(reflecting: error))
            }
        }
        #expect(!configuration.show(environment: environment).contains("tok-secret"))
        for text in texts {
            for secret in ["sk-secret", "sk-in-the-file", "url-secret", "redis-secret"] {
                #expect(!text.contains(secret), "\(text)")
            }
        }
    }

    @Test(arguments: [
        "providers: {text: {default: openai, openai: {api_key: [sk-secret]}}}",
        "providers: {text: {default: openai, openai: {api_key: {a: sk-secret}}}}",
        "providers: {text: {default: openai, openai: {api_kye: sk-secret}}}",
        "providers: {text: {default: openai, openai: {api_key: 'sk-secret${'}}}",
        "roles: {gatekeeper: {api_key: sk-secret}}", "state: {redis: {password: [sk-secret]}}",
        "providers: {text: {default: openai, openai: {base_url: 'https://me:sk-secret@x.y'}}}",
        "providers: {text: {openai: {api_key: sk-secret}, openai: {}}}", "a: sk-secret\n b: c",
    ])
    func problemsNeverHoldASecret(_ yaml: String) {
        let problems = load(yaml).problems
        #expect(!problems.isEmpty)
        #expect(!problems.contains { $0.message.contains("sk-secret") }, "\(problems)")
    }

    @Test func secretPrintsOnlyWhereItIsSet() {
        let secret = Secret("sk-secret", variable: "K")
        #expect("\(secret) \(String(reflecting: secret))" == "set (K) set (K)")
        #expect(Mirror(reflecting: secret).children.isEmpty)
    }
}
