import Configuration
import Core
import Testing

@Suite struct ExampleTests {
    @Test func firstExampleLoadsWithoutAProblem() throws {
        let loaded = load(firstExample)
        #expect(loaded.problems.isEmpty)
        let configuration = try #require(loaded.configuration)
        #expect(configuration.providers[.text]?.defaultName == "openai")
        #expect(configuration.providers[.text]?.entries.map(\.name) == ["openai"])
        #expect(configuration.roles == [.sceneSmith: RoleLayer(provider: "openai", temperature: 0.8)])
        #expect(configuration.rateLimiting.global.requests == [.minute: 100])
        #expect(configuration.rateLimiting.providers["openai"]?.requests == [.minute: 90])
        let price = try #require(configuration.rateLimiting.providerPrices["openai"])
        #expect(price.inputToken?.dollars == "0.00002")
        #expect(price.outputToken?.dollars == "0.00006")
        #expect(price.cachedInputToken == nil && price.perRequest == nil)
    }

    @Test func wholeExampleHasNoUnknownKeyAndNoGap() {
        let problems = load(wholeExample).problems
        func keys(_ severity: Problem.Severity) -> [String] {
            problems.filter { $0.severity == severity }.compactMap {
                $0.message.split(separator: ":").first.map(String.init)
            }
        }
        #expect(keys(.warning).isEmpty)
        #expect(keys(.error).isEmpty)
        #expect(keys(.note).isEmpty)
    }

    @Test func wholeExampleGivesItsValues() throws {
        let configuration = try #require(load(wholeExample).configuration)
        #expect(configuration.providers[.text]?.entries.count == 6)
        #expect(configuration.providers[.text]?.entry("my_server")?.type == .openai)
        #expect(configuration.providers[.image]?.entries.map(\.name) == ["dalle", "a1111", "imagen"])
        #expect(configuration.caching.resolved(provider: "openai", role: .gatekeeper).ttlSeconds == 604_800)
        #expect(configuration.caching.resolved(provider: "openai", role: .sceneSmith).ttlSeconds == 3_600)
        #expect(configuration.caching.resolved(provider: "openai", role: .sceneSmith).maxCacheSizeMB == 200)
        #expect(configuration.caching.resolved(provider: "ollama", role: .sceneSmith).enabled == false)
        #expect(configuration.rateLimiting.global.costs[.day]?.dollars == "5")
        #expect(configuration.rateLimiting.global.costs[.month]?.dollars == "60")
        #expect(configuration.rateLimiting.global.burst == 20)
        #expect(configuration.rateLimiting.global[.tokens, .hour] == 100_000)
        #expect(configuration.rateLimiting.global.maxConcurrent == 8)
        #expect(configuration.rateLimiting.providers["openai"]?[.tokens, .hour] == 90_000)
        #expect(configuration.rateLimiting.roles[.playerNarrator]?.costs[.day]?.dollars == "0.5")
        #expect(configuration.rateLimiting.modelPrices["gpt-4o"]?.cachedInputToken?.dollars == "0.00000125")
        #expect(configuration.rateLimiting.alerts == [0.5, 0.8, 0.95])
        #expect(configuration.state.keepSessions == 20)
        #expect(configuration.retry.maxRetries == 3)
        #expect(configuration.dashboard.keys["switch_provider"] == ["p"] && configuration.dashboard.keys.count == 4)
    }

    @Test(arguments: ["", "# nothing\n", "---\n", "~"])
    func emptyFileMeansAllDefaults(_ text: String) throws {
        let loaded = load(text)
        #expect(loaded.problems.isEmpty)
        let configuration = try #require(loaded.configuration)
        #expect(configuration.providerName(for: .sceneSmith, kind: .text) == "embedded")
        #expect(configuration.caching == CachingSettings())
        #expect(configuration.rateLimiting == RateLimitSettings())
    }

    @Test(arguments: ProviderType.allCases.filter { $0.kinds.contains(.text) })
    func templateLoadsWithoutAProblem(_ provider: ProviderType) throws {
        let loaded = load(Configuration.template(provider: provider))
        #expect(loaded.problems.isEmpty)
        #expect(loaded.configuration?.providerName(for: .gatekeeper, kind: .text) == provider.rawValue)
    }

    @Test(arguments: ProviderType.allCases.filter { $0.kinds.contains(.text) })
    func templateLoadsWithItsCommentsTakenIn(_ provider: ProviderType) {
        let lines = Configuration.template(provider: provider).split(separator: "\n", omittingEmptySubsequences: false)
        let text = lines.map { line -> String in
            guard let match = line.wholeMatch(of: /(\s*)# ?(\s*[a-z0-9._-]+:.*)/) else { return String(line) }
            return "\(match.1)\(match.2)"
        }.joined(separator: "\n")
        #expect(load(text).problems.isEmpty)
    }
}
