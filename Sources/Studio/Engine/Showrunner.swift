import Configuration
import Core
import Foundation

/// Knows the roles, one instance of each, and what each writes with.
struct Showrunner: Sendable {
    private let roles: [RoleName: Role]

    init(_ live: LiveConfiguration) {
        roles = Dictionary(uniqueKeysWithValues: RoleName.allCases.map { ($0, Role(name: $0, live: live)) })
    }

    /// Whether a role that not every project needs is called in: the configuration names it.
    func isActive(_ name: RoleName) -> Bool { (try? roles[name]?.live.current())?.isConfigured(name) == true }

    func role(_ name: RoleName) throws(RunError) -> Role {
        guard let role = roles[name] else { throw RunError(.order, "there is no \(name.rawValue)") }
        return role
    }
}

/// One role at work: turns what it is asked into a call of the provider that it uses at that moment.
struct Role: Sendable {
    let name: RoleName
    let live: LiveConfiguration

    /// What a role may be asked for.
    enum Question {
        case text([Message], wantsJSON: Bool)
        case image(prompt: String)
        case speech(text: String, voice: String?)

        var kind: ProviderKind {
            switch self {
            case .text: .text
            case .image: .image
            case .speech: .audio
            }
        }
    }

    /// Whom the role asks, in order: its provider, then its fallback list. A live switch counts from the next time on.
    struct Candidates {
        var call: ModelCall
        var passedOver: [UnusableProvider] = []
        var fallbacks: [Fallback] = []

        /// Gives every call alike a seed, where one is ordered, and a take.
        mutating func set(seed: UInt64?, take: Int) {
            call = call.with(seed: seed, take: take)
            fallbacks = fallbacks.map { fallback in
                guard case .call(let call) = fallback else { return fallback }
                return .call(call.with(seed: seed, take: take))
            }
        }
    }

    /// The calls that ask the role's providers now.
    ///
    /// Throws what is wrong with the role's own provider when none of them can be asked as it is configured.
    func candidates(_ question: Question, flags: RoleLayer) throws(RunError) -> Candidates {
        let configuration: Configuration
        do { configuration = try live.current() } catch { throw unaskable(error.message) }
        var passedOver: [UnusableProvider] = []
        var first: RunError?
        var found: Candidates?
        let own = configuration.settings(for: name, kind: question.kind, flags: flags)
        for settings in [own] + configuration.fallbackSettings(for: name, kind: question.kind, flags: flags) {
            do {
                let call = try call(settings, configuration, question)
                if found == nil {
                    found = Candidates(call: call, passedOver: passedOver)
                } else {
                    found?.fallbacks.append(.call(call))
                }
            } catch {
                // Nobody takes its place without the writer's word.
                if error.code == .untrustedHost { throw untrusted(configuration) }
                let unusable = UnusableProvider(name: settings.provider, message: error.message)
                passedOver.append(unusable)
                found?.fallbacks.append(.unusable(unusable))
                first = first ?? unaskable(error.message)
            }
        }
        if let found { return found }
        throw first ?? unaskable("it has no provider")
    }

    private func call(
        _ settings: RoleSettings, _ configuration: Configuration, _ question: Question
    ) throws(ConfigurationError) -> ModelCall {
        let kind = question.kind
        let provider = try configuration.resolveProvider(
            settings.provider, kind: kind, for: name, environment: live.variables)
        guard let model = settings.model ?? provider.model else {
            throw ConfigurationError(
                .badValue,
                "no model: write model under providers.\(kind.rawValue).\(provider.name.visible()), or name one with "
                    + "--model")
        }
        let (asked, type, endpoint) = (
            provider.name, provider.type.rawValue, provider.baseURL?.absoluteString ?? ""
        )
        let values = settings.values
        switch question {
        case .text(let messages, let wantsJSON):
            return .text(
                TextCall(
                    provider: asked, providerType: type, endpoint: endpoint, model: model, messages: messages,
                    temperature: settings.temperature, topP: settings.topP, topK: settings.topK,
                    frequencyPenalty: settings.frequencyPenalty, presencePenalty: settings.presencePenalty,
                    maxTokens: settings.maxTokens, seed: settings.seed, stop: settings.stop, wantsJSON: wantsJSON))
        case .image(let prompt):
            return .image(
                ImageCall(
                    provider: asked, providerType: type, endpoint: endpoint, model: model, prompt: prompt,
                    width: values.width, height: values.height, aspectRatio: values.aspectRatio,
                    quality: values.quality, style: values.style, steps: values.steps, cfgScale: values.cfgScale,
                    sampler: values.sampler, seed: values.seed))
        case .speech(let text, let voice):
            return .speech(
                SpeechCall(
                    provider: asked, providerType: type, endpoint: endpoint, model: model, text: text,
                    voice: values.voice ?? voice, language: values.language, stability: values.stability,
                    similarityBoost: values.similarityBoost, seed: values.seed))
        }
    }

    /// Names all that the workspace asks for, so that one answer is enough.
    private func untrusted(_ configuration: Configuration) -> RunError {
        let lines = configuration.untrusted(environment: live.variables).map(\.description)
        return RunError(
            .configuration,
            "this workspace is from elsewhere, and its configuration would send \(lines.joined(separator: ", ")): "
                + "trust it once with --trust or in the dashboard, or change config.yml")
    }

    private func unaskable(_ reason: String) -> RunError {
        RunError(.configuration, "\(name.rawValue) cannot be asked: \(reason)")
    }
}

extension ModelCall {
    /// The call with a seed, where one is given, and a take.
    fileprivate func with(seed: UInt64?, take: Int) -> ModelCall {
        switch self {
        case .text(var call):
            call.seed = seed ?? call.seed
            call.take = take
            return .text(call)
        case .image(var call):
            call.seed = seed ?? call.seed
            call.take = take
            return .image(call)
        case .speech(var call):
            call.seed = seed ?? call.seed
            call.take = take
            return .speech(call)
        }
    }
}
