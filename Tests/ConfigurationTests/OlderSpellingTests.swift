import Configuration
import Core
import Testing

/// Every row of the design's table of older spellings.
@Suite struct OlderSpellingTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var old: String
        var new: String
        /// What the one note about the old spelling must hold.
        var note: String
        var testDescription: String { old }

        init(_ old: String, _ new: String, _ note: String) {
            self.old = old
            self.new = new
            self.note = note
        }
    }

    private static func openai(_ text: String) -> String { "providers: {text: {default: openai, openai: {\(text)}}}" }

    static let rows = [
        Row(
            openai("rate_limit: {requests_per_minute: 9}"),
            openai("") + "\nrate_limiting: {providers: {openai: {requests_per_minute: 9}}}",
            "rate_limiting.providers.openai"),
        Row(
            openai("cache: {enabled: false, ttl_seconds: 60}"),
            openai("") + "\ncaching: {per_provider: {openai: {enabled: false, ttl_seconds: 60}}}",
            "caching.per_provider.openai"),
        Row(
            openai("cache_enabled: false"), openai("") + "\ncaching: {per_provider: {openai: {enabled: false}}}",
            "caching.per_provider.openai.enabled"),
        Row(
            openai("cache_ttl_seconds: 60"), openai("") + "\ncaching: {per_provider: {openai: {ttl_seconds: 60}}}",
            "caching.per_provider.openai.ttl_seconds"),
        Row(
            "roles: {sceneSmith: {cache: {ttl_seconds: 60}}}", "caching: {per_role: {scene_smith: {ttl_seconds: 60}}}",
            "caching.per_role.scene_smith"),
        Row(
            "roles: {scene-smith: {cache_enabled: false}}", "caching: {per_role: {scene_smith: {enabled: false}}}",
            "caching.per_role.scene_smith.enabled"),
        Row(
            "roles: {scene_smith: {cache_ttl_seconds: 60}}", "caching: {per_role: {scene_smith: {ttl_seconds: 60}}}",
            "caching.per_role.scene_smith.ttl_seconds"),
        Row(
            "cost_limits: {daily: 5}", "rate_limiting: {global: {cost_per_day: 5}}",
            "rate_limiting.global.cost_per_day"),
        Row(
            "rate_limiting: {cost_limits: {daily: 5}}", "rate_limiting: {global: {cost_per_day: 5}}",
            "rate_limiting.global.cost_per_day"),
        Row(
            openai("cost_limits: {daily: 5}"),
            openai("") + "\nrate_limiting: {providers: {openai: {cost_per_day: 5}}}",
            "rate_limiting.providers.openai.cost_per_day"),
        Row(
            openai("cost_per_1k_tokens: 0.03"),
            openai("")
                + "\nrate_limiting: {providers: {openai: {cost_per_input_token: 0.00003, cost_per_output_token: 0.00003}}}",
            "each 0.00003"),
        Row(
            "rate_limiting: {models: {m: {cost_per_1k_tokens: \"25e-4\"}}}",
            "rate_limiting: {models: {m: {cost_per_input_token: 0.0000025, cost_per_output_token: 0.0000025}}}",
            "rate_limiting.models.m.cost_per_input_token and rate_limiting.models.m.cost_per_output_token"),
        Row(
            openai("cost_per_token: 0.00003"),
            openai("")
                + "\nrate_limiting: {providers: {openai: {cost_per_input_token: 0.00003, cost_per_output_token: 0.00003}}}",
            "cost_per_output_token"),
        Row(
            openai("cost_per_request: 0.5"),
            openai("") + "\nrate_limiting: {providers: {openai: {cost_per_request: 0.5}}}",
            "rate_limiting.providers.openai.cost_per_request"),
        Row("retry: {enabled: false}", "retry: {max_retries: 0}", "retry.max_retries: 0"),
        Row("retry: {enabled: on}", "retry: {}", "leave it out"),
        Row(openai("timeout: 30"), openai("timeout_seconds: 30"), "timeout_seconds"),
        Row(openai("max_output_tokens: 99"), openai("max_tokens: 99"), "max_tokens"),
        Row("roles: {gatekeeper: {max_output_tokens: 99}}", "roles: {gatekeeper: {max_tokens: 99}}", "max_tokens"),
        Row(
            "providers: {text: {default: bedrock, bedrock: {aws_region: r, aws_access_key_id: a, "
                + "aws_secret_access_key: s}}}",
            "providers: {text: {default: bedrock, bedrock: {region: r, access_key_id: a, secret_access_key: s}}}",
            "providers.text.bedrock.region"),
        Row(
            "providers: {audio: {default: elevenlabs, elevenlabs: {voice_id: nova}}}",
            "providers: {audio: {default: elevenlabs, elevenlabs: {voice: nova}}}", "providers.audio.elevenlabs.voice"),
        Row("providers: {audio: {default: mock}}", "providers: {audio: {default: embedded}}", "write embedded"),
        Row(
            "providers: {audio: {default: embedded, mock: {}}}",
            "providers: {audio: {default: embedded, embedded: {}}}", "providers.audio.embedded"),
        Row(
            "roles: {audio_producer: {provider: mock}}", "roles: {audio_producer: {provider: embedded}}",
            "write embedded"),
        Row(
            "roles: {audio_director: {audio_provider: mock}}", "roles: {audio_director: {audio_provider: embedded}}",
            "write embedded"),
    ]

    @Test(arguments: rows)
    func olderSpellingMeansTheNewOneWithANote(_ row: Row) throws {
        let old = load(row.old)
        let new = load(row.new)
        let before = try #require(old.configuration, "\(old.lines)")
        let after = try #require(new.configuration, "\(new.lines)")
        #expect(before.caching == after.caching)
        #expect(before.rateLimiting == after.rateLimiting)
        #expect(before.retry == after.retry)
        #expect(before.roles.filter { $0.value != RoleLayer() } == after.roles)
        for kind in ProviderKind.allCases {
            let (left, right) = (before.providers[kind], after.providers[kind])
            #expect(left?.defaultName == right?.defaultName)
            #expect(left?.entries.map(\.name) == right?.entries.map(\.name))
            #expect(left?.entries.map(\.defaults) == right?.entries.map(\.defaults))
            for key in ["timeout_seconds", "voice", "region", "access_key_id", "secret_access_key"] {
                #expect(left?.entries.map { $0.isSet(key) } == right?.entries.map { $0.isSet(key) })
            }
        }
        let notes = old.problems.filter { $0.message.contains("older spelling") }
        #expect(notes.allSatisfy { $0.severity == .note && $0.line == 1 })
        #expect(notes.contains { $0.message.contains(row.note) }, "\(old.lines)")
        #expect(notes.count == (row.old.contains("aws") ? 3 : 1))
        #expect(!new.problems.contains { $0.message.contains("older spelling") })
    }

    @Test func tokenPriceUnderRateLimitIsIgnoredWithAWarning() throws {
        let loaded = load(Self.openai("rate_limit: {cost_per_input_token: 0.03, requests_per_minute: 9}"))
        let warning = try #require(loaded.problems.first { $0.severity == .warning })
        #expect(warning.message.contains("ignored, since it was documented as a price per 1,000 tokens"))
        #expect(loaded.configuration?.rateLimiting.providerPrices == [:])
        #expect(loaded.configuration?.rateLimiting.providers["openai"]?.requests == [.minute: 9])
    }

    @Test func limitsInOlderPlacesAreNeverSilentlyIgnored() {
        for yaml in [
            Self.openai("rate_limit: {request_per_minute: 5}"), Self.openai("cost_limits: {weekly: 5}"),
            "roles: {researcher: {rate_limit: {request_per_day: 5}}}",
        ] {
            #expect(load(yaml).configuration == nil, "\(yaml)")
        }
        let limits = load("cost_limits: {monthly: 60}").configuration?.rateLimiting
        #expect(limits?.global.costs[.month]?.dollars == "60")
        let role = load("roles: {researcher: {cost_limits: {daily: 5}}}").configuration?.rateLimiting
        #expect(role?.roles[.researcher]?.costs[.day]?.dollars == "5")
        let provider = load(Self.openai("rate_limit: {tokens_per_hour: 5}")).configuration?.rateLimiting
        #expect(provider?.providers["openai"]?[.tokens, .hour] == 5)
    }

    @Test func zeroTimeToLiveIsExplained() {
        for yaml in [
            "caching: {ttl_seconds: 0}", "caching: {per_role: {researcher: {ttl_seconds: 0}}}",
            "caching: {per_provider: {openai: {ttl_seconds: 0}}}",
        ] {
            let loaded = load(yaml)
            #expect(loaded.configuration != nil)
            #expect(loaded.problems.map(\.severity) == [.note])
            #expect(loaded.problems.first?.message.contains("never expires") == true)
        }
        #expect(load("caching: {ttl_seconds: 0}").configuration?.caching.ttlSeconds == 0)
    }

    @Test func otherKeysOfExistingFilesAreAccepted() {
        let loaded = load(
            """
            providers:
              text:
                default: embedded
                openai: {temperature: 0.5, top_p: 0.9, top_k: 40, frequency_penalty: 0, presence_penalty: 0, seed: 1, stop: [x]}
              image:
                default: embedded
                imagen: {project_id: p, location: l, aspect_ratio: '1:1', safety_filter_level: few}
                dalle: {quality: hd, style: vivid}
                a1111: {steps: 20, cfg_scale: 7.5, sampler: Euler}
              audio:
                default: embedded
                elevenlabs: {model: m, stability: 0.5, similarity_boost: 0.7}
            state: {file_path: somewhere}
            """)
        #expect(loaded.configuration != nil)
        #expect(!loaded.problems.contains { $0.severity != .note })
        #expect(loaded.lines.contains { $0.contains("state.file_path: accepted, but not used") })
        let defaults = loaded.configuration?.providers[.text]?.entry("openai")?.defaults
        #expect(defaults?.temperature == 0.5)
        #expect(defaults?.stop == ["x"] && defaults?.topK == 40)
    }

    @Test(arguments: [
        ("cost_limits: {daily: 5}\nrate_limiting:\n  global: {cost_per_day: 6}", "line 1 and line 3"),
        (
            "providers:\n  text:\n    default: openai\n    openai:\n      timeout: 5\n      timeout_seconds: 6",
            "line 5 and line 6"
        ),
        ("retry:\n  enabled: false\n  max_retries: 2", "line 2 and line 3"),
        ("roles:\n  scene_smith: {temperature: 1}\n  sceneSmith: {temperature: 0}", "line 2 and line 3"),
    ])
    func disagreementNamesBothLines(_ yaml: String, _ lines: String) {
        let loaded = load(yaml)
        #expect(loaded.errors.count == 1)
        #expect(loaded.errors.first?.message.contains(lines) == true, "\(loaded.lines)")
    }

    @Test func agreementIsOnlyANote() {
        let loaded = load("cost_limits: {daily: 5}\nrate_limiting:\n  global: {cost_per_day: 5.00}")
        #expect(loaded.problems.map(\.severity) == [.note])
        #expect(loaded.configuration?.rateLimiting.global.costs[.day]?.dollars == "5")
    }

    @Test func priceOfAThousandMayComeFromAVariable() {
        let yaml = Self.openai("cost_per_1k_tokens: ${PRICE}")
        let loaded = load(yaml, environment: ["PRICE": "0.002"])
        #expect(loaded.configuration?.rateLimiting.providerPrices["openai"]?.inputToken?.dollars == "0.000002")
        #expect(load(yaml).errors.first?.message.contains("PRICE is not set") == true)
        #expect(load(Self.openai("cost_per_1k_tokens: cheap")).errors.first?.message.contains("found cheap") == true)
        #expect(load(Self.openai("cost_per_1k_tokens: [1]")).configuration == nil)
    }
}
