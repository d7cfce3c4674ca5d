import Configuration
import Core
import Testing

@Suite struct RoleTests {
    private let providers = """
        providers:
          text:
            default: openai
            openai: {model: gpt-4o, temperature: 0.7, max_tokens: 900, top_p: 0.9, stop: [END]}
            local: {type: openai, base_url: 'http://127.0.0.1:1/v1', model: llama3}
            bare: {type: openai, base_url: 'http://127.0.0.1:2/v1'}
          image:
            default: dalle
            dalle: {model: dall-e-3, width: 512}
            local: {type: a1111, height: 64}

        """

    private func configuration(_ roles: String) throws -> Configuration {
        let loaded = load(providers + "roles:\n" + roles)
        return try #require(loaded.configuration, "\(loaded.lines)")
    }

    @Test func layersMergeKeyByKey() throws {
        let configuration = try configuration("  scene_smith: {temperature: 0.8, seed: 0}")
            .applying(Overrides(roles: [.sceneSmith: RoleLayer(maxTokens: 300)]))
        let settings = configuration.settings(
            for: .sceneSmith, kind: .text, flags: RoleLayer(temperature: 0, seed: nil))
        #expect(settings.provider == "openai")
        #expect(settings.type == .openai)
        #expect(settings.model == "gpt-4o")
        #expect(settings.temperature == 0)
        #expect(settings.maxTokens == 300)
        #expect(settings.seed == 0)
        #expect(settings.topP == 0.9)
        #expect(settings.stop == ["END"])
        #expect(settings.frequencyPenalty == nil && settings.presencePenalty == nil && settings.fallback.isEmpty)
        #expect(
            settings.sources == [
                "provider": .default, "model": .provider, "temperature": .flag, "max_tokens": .override, "seed": .role,
                "top_p": .provider, "stop": .provider,
            ])
        #expect(settings.isOverridden)
    }

    @Test func nothingConfiguredMeansTheEmbeddedProvider() {
        let settings = Configuration().settings(for: .gatekeeper, kind: .text)
        #expect(settings.provider == "embedded")
        #expect(settings.type == .embedded)
        #expect(settings.model == "embedded")
        #expect(settings.maxTokens == 2_048)
        #expect(settings.temperature == nil)
        #expect(settings.sources == ["provider": .default, "model": .default])
        #expect(!settings.isOverridden)
    }

    @Test func anotherProviderEndsTheInheritanceOfItsModelOnly() throws {
        let configuration = try configuration(
            "  scene_smith: {provider: openai, model: gpt-5, temperature: 0.8, max_tokens: 50, fallback: [local]}")
        let switched = configuration.applying(Overrides(roles: [.sceneSmith: RoleLayer(provider: "local")]))
        let settings = switched.settings(for: .sceneSmith, kind: .text)
        #expect(settings.provider == "local")
        #expect(settings.model == "llama3")
        #expect(settings.fallback.isEmpty)
        #expect(settings.temperature == 0.8)
        #expect(settings.maxTokens == 50)
        #expect(settings.sources["model"] == .provider)
        #expect(settings.topP == nil)
    }

    @Test func fallbackIsAskedWithItsOwnModelAndTheRolesTemperature() throws {
        let configuration = try configuration(
            "  scene_smith: {provider: openai, model: gpt-5, temperature: 0.8, fallback: [local, openai, bare, local]}")
        let flags = RoleLayer(model: "gpt-6", maxTokens: 7)
        let all = configuration.fallbackSettings(for: .sceneSmith, flags: flags)
        #expect(all.map(\.provider) == ["local", "bare"])
        #expect(all.map(\.model) == ["llama3", nil])
        #expect(all.allSatisfy { $0.temperature == 0.8 && $0.maxTokens == 7 && $0.fallback.isEmpty })
        #expect(configuration.fallbackSettings(for: .sceneSmith, flags: RoleLayer(provider: "bare")).isEmpty)
    }

    @Test func providersOwnFallbackCountsForRolesThatNameNone() throws {
        let text = """
            providers:
              text:
                default: openai
                openai: {fallback: [ollama]}
                ollama: {model: llama3, fallback: [embedded]}
            roles:
              gatekeeper: {fallback: [embedded]}
            """
        let configuration = try #require(load(text).configuration)
        #expect(configuration.fallbackSettings(for: .sceneSmith).map(\.provider) == ["ollama"])
        #expect(configuration.fallbackSettings(for: .gatekeeper).map(\.provider) == ["embedded"])
    }

    @Test func fallbackOfAPictureRoleIsOfTheKindOfItsProvider() throws {
        let configuration = try configuration("  illustrator: {provider: dalle, fallback: [local], width: 99}")
        let image = configuration.fallbackSettings(for: .illustrator, kind: .image)
        #expect(image.map(\.provider) == ["local"] && image.first?.type == .a1111)
        #expect(image.first?.values.width == nil && image.first?.values.height == 64)
        #expect(configuration.fallbackSettings(for: .illustrator, kind: .text).isEmpty)
    }

    @Test func sameProviderKeepsTheInheritance() throws {
        let configuration = try configuration("  scene_smith: {provider: openai, model: gpt-5}")
            .applying(Overrides(roles: [.sceneSmith: RoleLayer(provider: "openai")]))
        #expect(configuration.settings(for: .sceneSmith, kind: .text).model == "gpt-5")
        #expect(configuration.settings(for: .sceneSmith, kind: .text).sources["provider"] == .override)
    }

    @Test func layerThatSwitchesMayNameItsOwnModel() throws {
        let configuration = try configuration("  scene_smith: {provider: openai, model: gpt-5}")
        let flags = RoleLayer(provider: "local", model: "qwen")
        let settings = configuration.settings(for: .sceneSmith, kind: .text, flags: flags)
        #expect(settings.model == "qwen")
        #expect(settings.sources["model"] == .flag)
        let above = configuration.applying(Overrides(roles: [.sceneSmith: RoleLayer(provider: "local", model: "qwen")]))
            .settings(for: .sceneSmith, kind: .text, flags: RoleLayer(provider: "openai"))
        #expect(above.model == "gpt-4o")
    }

    @Test func providerWithoutAModelHasNone() throws {
        let settings = try configuration("  scene_smith: {provider: bare}").settings(for: .sceneSmith, kind: .text)
        #expect(settings.model == nil)
    }

    @Test func overriddenDefaultCountsForRolesThatNameNone() throws {
        let configuration = try configuration("  gatekeeper: {provider: openai}\n  researcher: {model: gpt-5}")
            .applying(Overrides(defaults: [.text: "local"]))
        #expect(configuration.providerName(for: .gatekeeper, kind: .text) == "openai")
        #expect(configuration.providerName(for: .plotwright, kind: .text) == "local")
        #expect(configuration.settings(for: .plotwright, kind: .text).isOverridden)
        #expect(configuration.settings(for: .researcher, kind: .text).model != "gpt-5")
        #expect(configuration.providerName(for: .illustrator, kind: .image) == "dalle")
    }

    @Test func plainSettingsBelongToTheKindThatTheProviderNames() throws {
        let configuration = try configuration(
            "  illustrator: {provider: dalle, model: dall-e-2, width: 1024, temperature: 0.1}\n"
                + "  art_director: {model: gpt-5, image_provider: dalle}")
        let image = configuration.settings(for: .illustrator, kind: .image)
        #expect(image.model == "dall-e-2")
        #expect(image.values.width == 1_024)
        let text = configuration.settings(for: .illustrator, kind: .text)
        #expect(text.provider == "openai")
        #expect(text.model == "gpt-4o")
        #expect(text.temperature == 0.7)
        #expect(configuration.settings(for: .artDirector, kind: .text).model == "gpt-5")
        #expect(configuration.settings(for: .artDirector, kind: .image).model == "dall-e-3")
    }

    @Test func nameKnownInTwoKindsIsTheRolesOwn() throws {
        let configuration = try configuration("  illustrator: {provider: local}\n  gatekeeper: {provider: local}")
        #expect(configuration.providerName(for: .illustrator, kind: .image) == "local")
        #expect(configuration.providerName(for: .illustrator, kind: .text) == "openai")
        #expect(configuration.providerName(for: .gatekeeper, kind: .text) == "local")
        #expect(configuration.kind(of: "local", for: .illustrator) == .image)
        #expect(configuration.kind(of: "dalle", for: .gatekeeper) == nil)
    }

    @Test func textProviderWinsOverProvider() throws {
        let configuration = try configuration("  illustrator: {provider: dalle, text_provider: local}")
        #expect(configuration.providerName(for: .illustrator, kind: .text) == "local")
        #expect(configuration.providerName(for: .illustrator, kind: .image) == "dalle")
        let audio = RoleLayer(audioProvider: "elevenlabs")
        #expect(configuration.settings(for: .audioProducer, kind: .audio, flags: audio).provider == "elevenlabs")
        let image = RoleLayer(imageProvider: "local")
        #expect(configuration.settings(for: .artDirector, kind: .image, flags: image).values.height == 64)
    }

    @Test func guidesFunctionsAnswer() throws {
        let configuration = try configuration("  scene_smith: {temperature: 0.8}\n  illustrator: {provider: dalle}")
        #expect(configuration.parameter(\.temperature, for: .sceneSmith, default: 1) == 0.8)
        #expect(configuration.parameter(\.seed, for: .sceneSmith, default: 7) == 7)
        #expect(configuration.parameter(\.model, for: .illustrator, default: "none") == "dall-e-3")
    }

    @Test func aRoleThatIsNamedIsConfigured() throws {
        let configuration = try configuration("  scene_smith: {temperature: 0.8}\n  art_director: {}\n  translator:")
        for role in [RoleName.sceneSmith, .artDirector, .translator] { #expect(configuration.isConfigured(role)) }
        #expect(!configuration.isConfigured(.gatekeeper))
        let overridden = configuration.applying(Overrides(roles: [.gatekeeper: RoleLayer(model: "m")]))
        #expect(overridden.isConfigured(.gatekeeper))
    }

    @Test func cachingIsResolvedRoleBeforeProviderBeforeAll() {
        var caching = CachingSettings()
        caching.perProvider["p"] = .init(enabled: false, ttlSeconds: 0)
        caching.perRole[.gatekeeper] = .init(enabled: true)
        let resolved = caching.resolved(provider: "p", role: .gatekeeper)
        #expect(resolved.enabled)
        #expect(resolved.ttlSeconds == 0)
        #expect(resolved.maxCacheSizeMB == 500)
        #expect(caching.resolved(provider: "q", role: .researcher).ttlSeconds == 86_400)
    }
}
