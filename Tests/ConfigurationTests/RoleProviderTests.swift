import Configuration
import Core
import Foundation
import Testing

/// A provider's own keys where they stand under a role.
@Suite struct RoleProviderTests {
    private let variables = ["K": "sk-shared", "OWN": "sk-own", "HOST": "two.example"]

    private func configuration(_ roles: String) throws -> Configuration {
        let loaded = load(
            """
            providers:
              text:
                default: a
                a: {type: openai, base_url: 'https://one.example/v1', api_key: '${K}', model: m, organization: us}
                b: {type: openai, base_url: 'https://b.example/v1', model: m}
                aws: {type: bedrock, region: eu-west-1, access_key_id: i, secret_access_key: s, session_token: t, model: m}
              image:
                default: embedded
                dalle: {api_key: k}
            roles:
              \(roles)
            """)
        #expect(loaded.problems.isEmpty, "\(loaded.lines)")
        return try #require(loaded.configuration)
    }

    private func resolved(
        _ roles: String, _ name: String = "a", kind: ProviderKind = .text, for role: RoleName = .sceneSmith
    ) throws -> ResolvedProvider {
        var configuration = try configuration(roles)
        configuration.trust = .everything
        return try configuration.resolveProvider(name, kind: kind, for: role, environment: variables)
    }

    @Test func aRolesKeysTakeThePlaceOfItsProvidersForItAlone() throws {
        let roles =
            "scene_smith: {base_url: 'https://${HOST}/v1', api_key: '${OWN}', timeout_seconds: 7, allow_http: true}"
        let own = try resolved(roles)
        #expect(own.name == "a" && own.baseURL?.absoluteString == "https://two.example/v1")
        #expect(own.apiKey?.reveal() == "sk-own" && own.timeoutSeconds == 7 && own.allowHTTP)
        #expect(own.organization == "us" && own.model == "m")
        let others = try resolved(roles, for: .gatekeeper)
        #expect(others.baseURL?.host() == "one.example" && others.apiKey?.reveal() == "sk-shared")
        #expect(others.timeoutSeconds == 120 && !others.allowHTTP)
    }

    @Test func theyCountWithTheProviderThatTheFileGivesTheRoleAndWithNoOther() throws {
        let roles = "scene_smith: {provider: a, base_url: 'https://two.example/v1', fallback: [b], top_k: 5}"
        #expect(try resolved(roles).baseURL?.host() == "two.example")
        #expect(try resolved(roles, "b").baseURL?.host() == "b.example")
        let switched = try configuration(roles).applying(Overrides(roles: [.sceneSmith: RoleLayer(provider: "b")]))
        #expect(switched.owner(of: "b", kind: .text, for: .sceneSmith) == nil)
        #expect(switched.owner(of: "a", kind: .text, for: .sceneSmith) == .sceneSmith)
        let lines = switched.show(environment: variables).split(separator: "\n")
        #expect(!lines.contains { $0.hasPrefix("roles.scene_smith.base_url") })
        let fallback = try #require(configuration(roles).fallbackSettings(for: .sceneSmith).first)
        #expect(fallback.provider == "b" && fallback.topK == 5)
        // The default that the file names, not the one that was chosen live.
        let plain = try configuration("scene_smith: {base_url: 'https://two.example/v1'}")
            .applying(Overrides(defaults: [.text: "b"]))
        #expect(plain.owner(of: "b", kind: .text, for: .sceneSmith) == nil)
        #expect(plain.owner(of: "a", kind: .text, for: .sceneSmith) == .sceneSmith)
    }

    @Test func theyBelongToTheKindThatTheRolesProviderMakes() throws {
        let roles = "illustrator: {provider: dalle, base_url: 'https://two.example/v1'}"
        #expect(try resolved(roles, "dalle", kind: .image, for: .illustrator).baseURL?.host() == "two.example")
        #expect(try resolved(roles, for: .illustrator).baseURL?.host() == "one.example")
    }

    @Test func keysThatSignBelongTogether() throws {
        let own = try resolved("scene_smith: {provider: aws, access_key_id: j, secret_access_key: u}", "aws")
        #expect(own.signingKeys?.secretAccessKey.reveal() == "u" && own.signingKeys?.sessionToken == nil)
        #expect(own.signingKeys?.region == "eu-west-1")
        let half = try configuration("scene_smith: {provider: aws, access_key_id: j}")
        let error = #expect(throws: ConfigurationError.self) {
            try half.resolveProvider("aws", for: .sceneSmith, environment: variables)
        }
        #expect(error?.code == .missingKey && error?.message.contains("secret_access_key") == true)
    }

    @Test func anotherServerIsNotAskedForTheProvidersUsualModel() throws {
        let yaml = "roles: {gatekeeper: {provider: openai, base_url: 'https://two.example/v1'}}"
        let configuration = try #require(load(yaml).configuration)
        #expect(configuration.settings(for: .gatekeeper).model == nil)
        #expect(configuration.settings(for: .gatekeeper, flags: RoleLayer(provider: "embedded")).model == "embedded")
    }

    /// A workspace from elsewhere could else have a key sent anywhere by a role.
    @Test func whatARoleSendsElsewhereMustBeTrustedToo() throws {
        var configuration = try configuration("scene_smith: {base_url: 'https://${HOST}/v1', organization: '${OWN}'}")
        let own = [
            "texts to two.example", "HOST to two.example", "K to two.example", "OWN to two.example",
        ]
        let shared = ["texts to b.example", "texts to one.example", "K to one.example"]
        let lines = configuration.untrusted(environment: variables)
        #expect(lines.map(\.description) == shared + own)
        configuration.trust = .lines(Set(lines.filter { $0.host != "two.example" }))
        let error = #expect(throws: ConfigurationError.self) {
            try configuration.resolveProvider("a", for: .sceneSmith, environment: variables)
        }
        #expect(error?.code == .untrustedHost && error?.message.contains("K to two.example") == true)
        #expect(try configuration.resolveProvider("a", for: .gatekeeper, environment: variables).model == "m")
        configuration.trust = .lines(Set(lines))
        #expect(try configuration.resolveProvider("a", for: .sceneSmith, environment: variables).model == "m")
    }

    /// The usual key goes to the provider's own host alone.
    @Test func usualKeyIsNotSentToARolesServer() throws {
        let yaml = "roles: {gatekeeper: {provider: openai, base_url: 'http://127.0.0.1:9/v1', model: m}}"
        let configuration = try #require(load(yaml).configuration)
        let environment = ["OPENAI_API_KEY": "sk-1"]
        let own = try configuration.resolveProvider("openai", for: .gatekeeper, environment: environment)
        #expect(own.apiKey == nil && own.isLocal)
        #expect(try configuration.resolveProvider("openai", environment: environment).apiKey != nil)
    }

    @Test func whereTheyStandIsShownAndNoSecret() throws {
        let configuration = try configuration("scene_smith: {base_url: 'https://two.example/v1', api_key: sk-written}")
        let shown = configuration.show(environment: variables)
        #expect(!shown.contains("sk-"))
        let lines = shown.split(separator: "\n").filter { $0.hasPrefix("roles.scene_smith") }
        for (key, value) in [("base_url", "\"https://two.example/v1\""), ("api_key", "set (in the file)")] {
            let line = try #require(lines.first { $0.hasPrefix("roles.scene_smith.\(key): \(value) ") })
            #expect(line.hasSuffix("# config.yml:11"))
        }
        let card = configuration.settingLines(of: .sceneSmith, kind: .text, environment: variables)
        #expect(card.filter { $0.path.hasSuffix("base_url") }.map(\.source) == ["config.yml:11"])
        #expect(card.contains { $0.path == "providers.text.a.organization" })
        #expect(!"\(card)\(configuration)".contains("sk-"))
    }

    @Test func liveChangesSayNothingOfHowAProviderIsReached() throws {
        let overrides = try Overrides(yaml: "roles: {scene_smith: {top_k: 3, base_url: 'https://two.example/v1'}}")
        #expect(overrides.roles[.sceneSmith]?.topK == 3)
        let changed = try configuration("gatekeeper: {}").applying(overrides)
        #expect(changed.owner(of: "a", kind: .text, for: .sceneSmith) == nil)
        #expect(changed.settings(for: .sceneSmith).sources["top_k"] == .override)
    }

    @Test func theyCountOnceTheWorkspaceIsOpenedAgainAsProvidersDo() throws {
        let before = try configuration("scene_smith: {base_url: 'https://two.example/v1', temperature: 1}")
        let moved = try configuration("\n  scene_smith: {base_url: 'https://two.example/v1', temperature: 0.5}")
        #expect(before.agrees(with: moved))
        let other = try configuration("scene_smith: {base_url: 'https://three.example/v1', temperature: 0.5}")
        #expect(!before.agrees(with: other))
        let taken = before.taking(rolesOf: other)
        #expect(taken.settings(for: .sceneSmith).temperature == 0.5)
        #expect(taken.show(environment: variables).contains("roles.scene_smith.base_url: \"https://two.example/v1\""))
    }
}
