import Configuration
import Core
import Foundation
import Testing

@Suite struct ProblemTests {
    struct Sample: CustomTestStringConvertible, Sendable {
        var yaml: String
        /// The one problem, as `LINE:COLUMN severity`, and what its message must hold.
        var place: String
        var words: [String]
        var testDescription: String { yaml }

        init(_ yaml: String, _ place: String, _ words: String...) {
            self.yaml = yaml
            self.place = place
            self.words = words
        }
    }

    @Test(arguments: [
        Sample("caching:\n  ttl_second: 5", "2:3 warning", "caching.ttl_second", "did you mean `ttl_seconds`?"),
        Sample("cachin: {}", "1:1 warning", "did you mean `caching`?"),
        Sample("nothing_like_it: 1", "1:1 warning", "known: providers, roles"),
        Sample("providers: {text: {default: openai, openai: {modell: x}}}", "1:46 warning", "did you mean `model`?"),
        Sample("roles: {scene_smit: {}}", "1:9 warning", "did you mean `scene_smith`?"),
        Sample("roles: {gatekeeper: {temprature: 1}}", "1:22 warning", "did you mean `temperature`?"),
        Sample("rate_limiting: {on_limits: wait}", "1:17 error", "on_limit", "mistyped limit"),
        Sample(
            "rate_limiting:\n  global:\n    request_per_minute: 5", "3:5 error", "did you mean `requests_per_minute`?"),
        Sample("rate_limiting: {models: {m: {cost: 5}}}", "1:30 error", "unknown key"),
        Sample("cost_limits: {weekly: 5}", "1:15 error", "cost_limits.weekly", "mistyped limit"),
        Sample("roles: {researcher: {cost_limits: {weekly: 5}}}", "1:36 error", "mistyped limit"),
        Sample("rate_limiting: {providers: {opnai: {}}}", "1:29 error", "no provider", "did you mean `openai`?"),
        Sample("caching: {per_provider: {opnai: {}}}", "1:26 error", "did you mean `openai`?"),
        Sample("caching: {per_role: {editor: {}}}", "1:22 warning", "unknown key"),
        Sample("caching: {ttl_seconds: -1}", "1:24 error", "found -1", "expected a whole number from 0"),
        Sample("caching: {ttl_seconds: soon}", "1:24 error", "found soon"),
        Sample("caching: {ttl_seconds: \"60\"}", "1:24 error", "found the text \"60\""),
        Sample("caching: {ttl_seconds: [1]}", "1:24 error", "found a list"),
        Sample("caching: {cache_dir: {a: b}}", "1:22 error", "found keys with values", "expected a text"),
        Sample("caching: [1]", "1:10 error", "caching: found a list", "expected keys"),
        Sample("caching: {backend: disk}", "1:20 error", "found disk", "file, memory, redis"),
        Sample(
            "{caching: {backend: redis}, state: {redis: {host: redis.example, password: x}}}", "1:76 error",
            "would travel to redis.example", "allow_plaintext: true"),
        Sample("{caching: {backend: redis}, state: {redis: {password: '${P}'}}}", "1:55 error", "P is not set"),
        Sample(
            "{caching: {backend: redis}, state: {redis: {prefix: 'a{b'}}}", "1:53 error", "without spaces and braces"),
        Sample("caching: {cache_dir: /etc}", "1:22 error", "inside the workspace"),
        Sample("caching: {cache_dir: ../outside}", "1:22 error", "inside the workspace"),
        Sample("caching: {cleanup_interval_seconds: 0}", "1:37 error", "whole number from 1"),
        Sample("roles: {gatekeeper: {temperature: 3}}", "1:35 error", "found 3", "from 0 to 2"),
        Sample("roles: {gatekeeper: {temperature: hot}}", "1:35 error", "found hot"),
        Sample(
            "roles: {gatekeeper: {fallback: [ollama, nobody]}}", "1:41 error",
            "roles.gatekeeper.fallback: no provider is called nobody", "known: embedded, openai"),
        Sample(
            "roles: {gatekeeper: {fallback: [dalle]}}", "1:33 error", "dalle makes image, not text",
            "name one of embedded"),
        Sample(
            "roles: {illustrator: {provider: dalle, fallback: openai}}", "1:50 error", "openai makes text, not image"),
        Sample(
            "providers: {text: {default: openai, openai: {fallback: [elevenlabs]}}}", "1:57 error",
            "providers.text.openai.fallback: elevenlabs makes audio"),
        Sample("roles: {gatekeeper: {max_tokens: 0}}", "1:34 error", "whole number from 1"),
        Sample("roles: {gatekeeper: {stop: {a: b}}}", "1:28 error", "expected a list"),
        Sample(
            "roles: {gatekeeper: {provider: nobody}}", "1:32 error", "no provider is called nobody", "known: embedded"),
        Sample("roles: {gatekeeper: {provider: dalle}}", "1:32 error", "makes image", "gatekeeper uses no provider of"),
        Sample("roles: {gatekeeper: {text_provider: dalle}}", "1:37 error", "no text provider is called dalle"),
        Sample("roles: {gatekeeper: {image_provider: dalle}}", "1:38 error", "makes image"),
        Sample(
            "roles: {gatekeeper: {base_url: 'https://x.y'}}", "1:22 warning", "roles.gatekeeper.base_url: not used",
            "embedded, has no such key"),
        Sample("roles: {gatekeeper: {provider: ollama, api_key: k}}", "1:40 warning", "ollama, has no such key"),
        Sample("roles: {gatekeeper: {provider: openai, base_url: x.y}}", "1:50 error", "expected an address"),
        Sample("roles: {gatekeeper: {provider: openai, timeout_seconds: 0}}", "1:57 error", "found 0"),
        Sample("roles: {gatekeeper: {provider: openai, allow_http: maybe}}", "1:52 error", "expected true or false"),
        Sample("roles: {gatekeeper: {provider: openai, api_key: '${A'}}", "1:49 error", "${NAME}"),
        Sample("providers: {text: {default: nobody}}", "1:29 error", "no text provider is called nobody"),
        Sample("providers: {text: {openai: {model: m}}}", "1:19 warning", "add `default: openai`"),
        Sample("providers: {text: {default: x, x: {model: m}}}", "1:32 error", "add type: and one of embedded, openai"),
        Sample("providers: {text: {default: x, x: {type: dalle}}}", "1:42 error", "found dalle"),
        Sample("providers: {text: {default: openai, openai: 5}}", "1:45 error", "found 5"),
        Sample("providers: {text: 5}", "1:19 error", "expected providers by name"),
        Sample(
            "providers: {text: {default: openai, openai: {base_url: 'https://me:pw@x.y'}}}", "1:56 error",
            "expected an address"),
        Sample("providers: {text: {default: openai, openai: {timeout_seconds: 0}}}", "1:63 error", "found 0"),
        Sample("providers: {text: {default: openai, openai: {model: '${A'}}}", "1:53 error", "${NAME}"),
        Sample("providers: {text: {default: openai, openai: {top_k: -5}}}", "1:53 error", "top_k: found -5"),
        Sample("rate_limiting: {global: {requests_per_minute: -5}}", "1:47 error", "found -5"),
        Sample("rate_limiting: {global: {requests_per_minute: }}", "1:47 error", "found nothing"),
        Sample("rate_limiting: {global: {requests_per_minute: 1.5}}", "1:47 error", "found 1.5"),
        Sample("rate_limiting: {global: {cost_per_day: -1}}", "1:40 error", "found -1", "dollars"),
        Sample("rate_limiting: {global: {burst: 0}}", "1:33 error", "found 0"),
        Sample("rate_limiting: {models: {m: {cost_per_image: -1}}}", "1:46 error", "found -1", "dollars"),
        Sample("rate_limiting: {models: {m: {cost_per_input_token: 1e-13}}}", "1:52 error", "pico-dollars"),
        Sample(
            "rate_limiting: {models: {m: {cost_per_input_token: 0.03}}}", "1:52 warning", "per 1,000 tokens", "0.00003"),
        Sample("rate_limiting: {models: {m: {cost_per_cache_write_token: 0.03}}}", "1:58 warning", "per 1,000 tokens"),
        Sample("rate_limiting: {day_starts_at: 06:10}", "1:32 error", "found 06:10", "quarter of an hour"),
        Sample("rate_limiting: {day_starts_at: \"24:00\"}", "1:32 error", "quarter of an hour"),
        Sample("rate_limiting: {timezone: Mars/Olympus}", "1:27 error", "Europe/Amsterdam"),
        Sample("rate_limiting: {max_wait_seconds: ${WAIT}}", "1:35 error", "WAIT is not set"),
        Sample("dashboard: {mouse: maybe}", "1:20 error", "dashboard.mouse: found maybe"),
        Sample("state: {backend: paper}", "1:18 error", "state.backend: found paper"),
        Sample("providers: {text: {default: openai, openai: {type: '${T}'}}}", "1:52 error", "T is not set"),
        Sample("caching: {cache_dir: \"a\\e[31m\\u202E\", \"x\\e\": 1}", "1:39 warning", "x␛"),
    ])
    func problemNamesPlaceKeyAndRemedy(_ sample: Sample) throws {
        let problems = load(sample.yaml).problems.filter { $0.severity != .note }
        let problem = try #require(problems.first)
        #expect(problems.count == 1, "\(problems)")
        #expect("\(problem.line):\(problem.column) \(problem.severity.rawValue)" == sample.place)
        for words in sample.words { #expect(problem.message.contains(words)) }
    }

    @Test func allProblemsAreReportedAtOnceInTheOrderOfTheFile() {
        let loaded = load(
            """
            roles:
              gatekeeper: {temperature: 9, max_tokens: none}
            caching:
              ttl: 5
              enabled: maybe
            rate_limiting:
              global: {request: 5}
            """)
        #expect(loaded.problems.map(\.line) == [2, 2, 4, 5, 7])
        #expect(loaded.errors.count == 4)
        #expect(loaded.configuration == nil)
        #expect(
            loaded.problems.first?.description
                == "config.yml:2:29: error: roles.gatekeeper.temperature: found 9, expected a number from 0 to 2")
    }

    @Test func warningsAndNotesLeaveAConfiguration() {
        let loaded = load("cachin: {}\ncaching: {ttl_seconds: 0}")
        #expect(loaded.problems.map(\.severity) == [.warning, .note])
        #expect(loaded.configuration?.caching.ttlSeconds == 0)
    }

    @Test func whatIsNotUsedNeedsNoVariables() {
        let loaded = load("state: {redis: {password: '${REDIS_PASSWORD}', port: 6379}}")
        #expect(loaded.lines == [])
    }

    @Test(arguments: [("1e-6", "0.000001"), ("\"0.000002\"", "0.000002"), ("2.5E-6", "0.0000025"), ("0", "0")])
    func pricesAreExactDecimals(_ text: String, _ dollars: String) {
        let loaded = load("rate_limiting: {models: {m: {cost_per_output_token: \(text)}}}")
        #expect(loaded.problems.isEmpty)
        #expect(loaded.configuration?.rateLimiting.modelPrices["m"]?.outputToken?.dollars == dollars)
    }

    @Test(arguments: ["models", "providers"]) func pricesOfEveryClassAreInForce(_ place: String) throws {
        let loaded = load(
            """
            rate_limiting:
              \(place):
                openai:
                  cost_per_input_token: 0.000001
                  cost_per_cached_input_token: 0.000002
                  cost_per_cache_write_token: 0.000003
                  cost_per_output_token: 0.000004
                  cost_per_request: 5
                  cost_per_image: 0.06
                  cost_per_character: 0.00007
            """)
        #expect(loaded.problems.isEmpty)
        let settings = try #require(loaded.configuration?.rateLimiting)
        let price = PriceOverride(
            inputToken: try Money(dollars: "0.000001"), cachedInputToken: try Money(dollars: "0.000002"),
            cacheWriteToken: try Money(dollars: "0.000003"), outputToken: try Money(dollars: "0.000004"),
            perRequest: try Money(dollars: "5"), perImage: try Money(dollars: "0.06"),
            perCharacter: try Money(dollars: "0.00007"))
        #expect((place == "models" ? settings.modelPrices : settings.providerPrices) == ["openai": price])
    }

    @Test func limitsOfAProviderAreInForce() throws {
        let loaded = load(
            """
            rate_limiting:
              on_limit: fail
              max_wait_seconds: 10
              allow_unpriced: yes
              timezone: Europe/Amsterdam
              day_starts_at: "06:15"
              providers:
                openai: {requests_per_second: 2, requests_per_month: 0, cost_per_day: 0.01, burst: 1, cost_per_request: 0.5}
            """)
        #expect(loaded.problems.isEmpty)
        let settings = try #require(loaded.configuration?.rateLimiting)
        #expect(settings.onLimit == .fail)
        #expect(settings.maxWaitSeconds == 10)
        #expect(settings.allowUnpriced)
        #expect(settings.timeZone.identifier == "Europe/Amsterdam")
        #expect(settings.dayStartsAt == 375)
        let limits = try LimitSet(
            requests: [.second: 2, .month: 0], costs: [.day: Money(dollars: "0.01")], burst: 1)
        #expect(settings.providers == ["openai": limits])
        #expect(settings.providerPrices["openai"]?.perRequest?.dollars == "0.5")
        #expect(load("rate_limiting: {timezone: local}").configuration?.rateLimiting.timeZone == .current)
        #expect(load("rate_limiting: {day_starts_at: 12:30}").configuration?.rateLimiting.dayStartsAt == 750)
    }

    @Test(arguments: [("/book/cache", "/book"), (".questfoundry/cache", "/book"), ("/home/w/.cache/qf", "/book")])
    func cacheFolderMayBeInTheWorkspaceOrTheUsersCache(_ directory: String, _ root: String) {
        let loaded = load("caching: {cache_dir: \(directory)}", environment: ["HOME": "/home/w"], root: root)
        #expect(loaded.problems.isEmpty)
        #expect(loaded.configuration?.caching.cacheDir == directory)
    }

    @Test func tildeAndXDGCacheHomeAreUnderstood() {
        let home = load("caching: {cache_dir: ~/.cache/qf}", environment: ["HOME": "/home/w"])
        #expect(home.configuration?.caching.cacheDir == "/home/w/.cache/qf")
        let environment = ["HOME": "/home/w", "XDG_CACHE_HOME": "/scratch"]
        #expect(load("caching: {cache_dir: /scratch/qf}", environment: environment).problems.isEmpty)
        #expect(load("caching: {cache_dir: ~/.cache/qf}", environment: environment).configuration == nil)
    }
}
