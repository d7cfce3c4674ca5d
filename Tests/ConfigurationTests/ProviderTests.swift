import Core
import Foundation
import Testing

@testable import Configuration

@Suite struct ProviderTests {
    private func resolve(
        _ fields: String, name: String = "openai", environment: [String: String] = [:],
        trust: ProviderTrust = .everything
    ) throws -> ResolvedProvider {
        let loaded = load("providers: {text: {default: \(name), \(name): {\(fields)}}}", environment: environment)
        var configuration = try #require(loaded.configuration, "\(loaded.lines)")
        configuration.trust = trust
        return try configuration.resolveProvider(name, kind: .text, environment: environment)
    }

    private func failure(
        _ fields: String, name: String = "openai", environment: [String: String] = [:],
        trust: ProviderTrust = .everything
    ) throws -> ConfigurationError {
        try #require(throws: ConfigurationError.self) {
            try resolve(fields, name: name, environment: environment, trust: trust)
        }
    }

    @Test func valuesAreExpandedWhenTheProviderIsUsed() throws {
        let fields = """
            api_key: '${OPENAI_API_KEY}', model: '${MODEL:-gpt-4o}', base_url: 'http://${HOST}:8080/v1',
            organization: 'a$${b}', timeout_seconds: '${T}', first_byte_timeout_seconds: 5, idle_timeout_seconds: 0.5,
            allow_http: '${H}'
            """
        let environment = ["OPENAI_API_KEY": "sk-1", "HOST": "127.0.0.1", "T": "30", "H": "yes"]
        let provider = try resolve(fields, environment: environment)
        #expect(provider.baseURL?.absoluteString == "http://127.0.0.1:8080/v1")
        #expect(provider.apiKey?.reveal() == "sk-1")
        #expect(provider.apiKey?.description == "set (OPENAI_API_KEY)")
        #expect(provider.model == "gpt-4o")
        #expect(provider.organization == "a${b}")
        #expect(provider.timeoutSeconds == 30)
        #expect(provider.firstByteTimeoutSeconds == 5)
        #expect(provider.idleTimeoutSeconds == 0.5)
        #expect(provider.allowHTTP)
        #expect(provider.isLocal)
    }

    @Test func unsetVariableStopsItsProviderOnly() throws {
        let loaded = load("providers:\n  text:\n    default: embedded\n    openai:\n      api_key: ${OPENAI_API_KEY}")
        #expect(loaded.problems.isEmpty)
        let configuration = try #require(loaded.configuration)
        #expect(try configuration.resolveProvider("embedded", environment: [:]).type == .embedded)
        let error = try #require(throws: ConfigurationError.self) {
            try configuration.resolveProvider("openai", environment: [:])
        }
        #expect(error.code == .missingKey)
        for words in ["text provider openai", "api_key", "config.yml:5", "OPENAI_API_KEY is not set"] {
            #expect(error.description.contains(words))
        }
        #expect(try failure("api_key: k, model: '${M}'").code == .unsetVariable)
    }

    @Test func defaultsAreTheProvidersOwn() throws {
        let provider = try resolve("", environment: ["OPENAI_API_KEY": "sk-1"])
        #expect(provider.baseURL?.absoluteString == "https://api.openai.com/v1")
        #expect(provider.apiKey?.reveal() == "sk-1")
        #expect(provider.model == "gpt-4o")
        #expect(provider.timeoutSeconds == 120)
        #expect(provider.firstByteTimeoutSeconds == 60)
        #expect(provider.idleTimeoutSeconds == 60)
        #expect(!provider.isLocal)
        #expect(try failure("").code == .missingKey)
        #expect(try failure("api_key: ''").code == .missingKey)
        #expect(try failure("api_key: '${K}'", environment: ["K": ""]).code == .missingKey)
    }

    @Test func ollamaNeedsNoKeyAndTakesNone() throws {
        let provider = try resolve("", name: "ollama", environment: ["OPENAI_API_KEY": "sk-1"])
        #expect(provider.baseURL?.absoluteString == "http://localhost:11434")
        #expect(provider.apiKey == nil && provider.isLocal)
        #expect(load("providers: {text: {ollama: {api_key: k}}}").lines.contains { $0.contains("api_key") })
        #expect(try !resolve("base_url: 'http://192.168.1.7:11434'", name: "ollama").isLocal)
    }

    @Test(arguments: [("anthropic", "ANTHROPIC_API_KEY"), ("gemini", "GOOGLE_API_KEY")])
    func aKeyOfItsUsualVariableGoesToItsOwnHost(name: String, variable: String) throws {
        let provider = try resolve("", name: name, environment: [variable: "sk-1"])
        #expect(provider.apiKey?.description == "set (\(variable))")
        #expect(try failure("", name: name).code == .missingKey)
        let evil = "api_key: k, base_url: 'https://evil.org'"
        #expect(try failure(evil, name: name, trust: .lines([])).code == .untrustedHost)
    }

    @Test func compatibleServerNeedsNoKeyAndGetsNoneByItself() throws {
        let environment = ["OPENAI_API_KEY": "sk-1"]
        for address in ["http://127.0.0.1:8080/v1", "https://llm.example.org/v1", "http://llm.example.org"] {
            let provider = try resolve(
                "type: openai, base_url: '\(address)'", name: "my_server", environment: environment)
            #expect(provider.apiKey == nil)
            #expect(provider.model == nil)
        }
    }

    @Test(arguments: [
        ("http://localhost:1", nil), ("http://127.8.9.1", nil), ("http://[::1]:5/v1", nil),
        ("https://api.openai.com/v1", nil), ("https://API.OpenAI.com/v1", nil),
        ("http://api.openai.com/v1", ConfigurationError.Code.plainHTTP),
        ("https://llm.example.org", .untrustedHost), ("https://127.evil.org", .untrustedHost),
        ("https://127.0.0.1.evil.org", .untrustedHost), ("https://127.0.0.256", .untrustedHost),
        ("https://api.openai.com.evil.org", .untrustedHost), ("https://evilapi.openai.com", .untrustedHost),
        ("https://localhost.evil.org", .untrustedHost), ("https://0.0.0.0", .untrustedHost),
    ])
    func keyGoesOnlyToThisMachineAndTheProvidersOwnHost(_ address: String, _ code: ConfigurationError.Code?) throws {
        let fields = "api_key: sk-secret, base_url: '\(address)'"
        if let code {
            let error = try failure(fields, trust: .lines([]))
            #expect(error.code == code)
            #expect(!error.description.contains("sk-secret"))
        } else {
            #expect(try resolve(fields, trust: .lines([])).apiKey?.reveal() == "sk-secret")
        }
    }

    @Test func allowHTTPLetsAKeyTravelToTheOwnHostInTheOpen() throws {
        let fields = "api_key: k, base_url: 'http://api.openai.com/v1', allow_http: true"
        #expect(try resolve(fields).allowHTTP)
        let evil = fields.replacing("api.openai.com", with: "evil.org")
        #expect(try failure(evil, trust: .lines([])).code == .untrustedHost)
    }

    @Test(arguments: [
        "ftp://x.y", "not an address", "https:///p", "https://u:p@api.openai.com", "https://x.y/?k=1", "/x",
    ])
    func addressFromAVariableIsChecked(_ address: String) throws {
        let error = try failure("api_key: k, base_url: '${A}'", environment: ["A": address])
        #expect(error.code == .badValue)
        #expect(error.description.contains("found the value of A"))
        #expect(!error.description.contains(address))
    }

    @Test func everyKindHasItsEmbeddedProvider() throws {
        for kind in ProviderKind.allCases {
            let provider = try Configuration().resolveProvider("embedded", kind: kind, environment: [:])
            #expect(provider.type == .embedded && provider.kind == kind && provider.isLocal)
        }
    }

    @Test(arguments: [
        (ProviderKind.image, "dalle", "OPENAI_API_KEY", "dall-e-3"),
        (.image, "imagen", "GEMINI_API_KEY", "imagen-3.0-generate-001"),
        (.audio, "openai_tts", "OPENAI_API_KEY", "tts-1"),
        (.audio, "elevenlabs", "ELEVENLABS_API_KEY", "eleven_multilingual_v2"),
    ])
    func picturesAndSoundNeedTheirKeys(kind: ProviderKind, name: String, variable: String, model: String) throws {
        let missing = try #require(throws: ConfigurationError.self) {
            try Configuration().resolveProvider(name, kind: kind, environment: [:])
        }
        #expect(missing.code == .missingKey && missing.message.contains(variable))
        let provider = try Configuration().resolveProvider(name, kind: kind, environment: [variable: "k"])
        #expect(provider.apiKey?.reveal() == "k" && provider.model == model)
    }

    @Test func whatIsSaidOfPicturesAndVoicesReachesTheRole() throws {
        let yaml = """
            providers:
              image: {default: a1111, a1111: {steps: 20, cfg_scale: 7.5, sampler: Euler a, quality: x}}
              audio: {default: elevenlabs, elevenlabs: {voice_id: v, stability: 0.5, similarity_boost: 0.75}}
            roles:
              illustrator: {image_provider: a1111, provider: a1111, width: 512, steps: 30}
              audio_producer: {provider: elevenlabs, language: nl}
            """
        let configuration = try #require(load(yaml).configuration)
        let picture = configuration.settings(for: .illustrator, kind: .image).values
        #expect(picture.width == 512 && picture.steps == 30 && picture.cfgScale == 7.5 && picture.sampler == "Euler a")
        let sound = configuration.settings(for: .audioProducer, kind: .audio).values
        #expect(sound.voice == "v" && sound.stability == 0.5 && sound.similarityBoost == 0.75 && sound.language == "nl")
        let other = configuration.settings(
            for: .illustrator, kind: .image, flags: RoleLayer(imageProvider: "dalle")
        ).values
        #expect(other.steps == nil && other.sampler == nil && other.width == nil)
    }

    @Test func anUnknownProviderIsNamedHarmlessly() throws {
        let configuration = Configuration()
        let error = try #require(throws: ConfigurationError.self) {
            try configuration.resolveProvider("nobody\u{1B}", kind: .text, environment: [:])
        }
        #expect(error.code == .unknownProvider)
        #expect(error.description.contains("nobody␛"))
    }

    @Test func everyTypeHasTheNamesOfTheTable() {
        #expect(ProviderType.openaiTTS.rawValue == "openai_tts")
        for type in ProviderType.allCases where type != .embedded {
            #expect(type.kinds.count == 1)
            #expect(type.section.keys.contains { $0.name == "base_url" })
        }
        #expect(ProviderType.gemini.keyVariables == ["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_AI_API_KEY"])
        #expect(ProviderType.bedrock.keyVariables.contains("AWS_SECRET_ACCESS_KEY"))
        #expect(
            ProviderType.allCases.filter { $0.kinds.contains(.text) }
                == [.embedded, .openai, .anthropic, .gemini, .ollama, .bedrock])
        #expect(ProviderType.anthropic.defaultModel == "claude-sonnet-4-5")
        #expect(ProviderType.a1111.defaultBaseURL == "http://127.0.0.1:7860")
    }

    @Test func providerMadeInCodeResolves() throws {
        var configuration = Configuration()
        let entry = ProviderEntry(
            name: "mine", type: .openai, values: ["base_url": "http://127.0.0.1:9/v1", "model": "m", "api_key": "k"])
        configuration.providers[.text] = ProviderSection(defaultName: "mine", entries: [entry])
        #expect(configuration.settings(for: .sceneSmith).model == "m")
        #expect(try configuration.resolveProvider("mine", environment: [:]).apiKey?.description == "set (in the file)")
    }
}

@Suite struct ExpansionTests {
    @Test(arguments: [
        ("a", "a"), ("${A}", "1"), ("x${A}y${B:-2}z", "x1y2z"), ("$A $ $$ $}", "$A $ $$ $}"), ("$${A}", "${A}"),
        ("$$${A}", "$${A}"), ("${B:-}", ""), ("${EMPTY:-d}", "d"), ("${EMPTY}", ""), ("${B:-a:b-c}", "a:b-c"),
        ("${A}${A}", "11"), ("", ""), ("${LOOP}", "${A}"),
    ])
    func textIsExpanded(_ text: String, _ expected: String) throws {
        let environment = ["A": "1", "EMPTY": "", "LOOP": "${A}"]
        #expect(try Expansion(text).text(in: environment) == expected)
    }

    @Test(arguments: ["${", "${}", "${A", "${1}", "${A B}", "${A:x}", "${é}", "${:-x}", "${A:+x}"])
    func malformedTextIsRefused(_ text: String) {
        #expect(throws: Expansion.Failure.malformed) { try Expansion(text) }
    }

    @Test func unsetVariableIsNamed() {
        #expect(throws: Expansion.Failure.unset("B")) { try Expansion("${A:-1}${B}").text(in: [:]) }
    }

    @Test func variablesStandUnquotedInBraces() throws {
        let fields = "api_key: ${K}, model: ${M:-a-b}, organization: x${K}"
        let yaml = "providers: {text: {default: openai, openai: {\(fields)}}}"
        var configuration = load(yaml).configuration
        configuration?.trust = .everything
        let provider = try configuration?.resolveProvider("openai", environment: ["K": "k"])
        #expect(provider?.apiKey?.reveal() == "k")
        #expect(provider?.model == "a-b")
        #expect(provider?.organization == "xk")
    }

    @Test func valuesElsewhereAreExpandedAtLoad() {
        let yaml = "caching: {ttl_seconds: ${TTL}, cache_dir: 'c/${NAME:-x}'}"
        let caching = load(yaml, environment: ["TTL": "60"]).configuration?.caching
        #expect(caching?.ttlSeconds == 60)
        #expect(caching?.cacheDir == "c/x")
        #expect(load(yaml, environment: ["TTL": "soon"]).errors.first?.message.contains("the value of TTL") == true)
    }
}
