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

    /// Whom the role asks, in order: its provider, then its fallback list. A live switch counts from the next time on.
    struct Candidates {
        var call: TextCall
        var passedOver: [UnusableProvider] = []
        var fallbacks: [Fallback] = []

        /// Changes every call alike.
        mutating func change(_ body: (inout TextCall) -> Void) {
            body(&call)
            fallbacks = fallbacks.map { fallback in
                guard case .call(.text(var call)) = fallback else { return fallback }
                body(&call)
                return .call(.text(call))
            }
        }
    }

    /// The calls that ask the role's providers now.
    ///
    /// Throws what is wrong with the role's own provider when none of them can be asked as it is configured.
    func candidates(messages: [Message], wantsJSON: Bool, flags: RoleLayer) throws(RunError) -> Candidates {
        let configuration: Configuration
        do { configuration = try live.current() } catch { throw unaskable(error.message) }
        var passedOver: [UnusableProvider] = []
        var first: RunError?
        var found: Candidates?
        let own = configuration.settings(for: name, flags: flags)
        for settings in [own] + configuration.fallbackSettings(for: name, flags: flags) {
            do {
                let call = try call(settings, configuration, messages: messages, wantsJSON: wantsJSON)
                if found == nil {
                    found = Candidates(call: call, passedOver: passedOver)
                } else {
                    found?.fallbacks.append(.call(.text(call)))
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
        _ settings: RoleSettings, _ configuration: Configuration, messages: [Message], wantsJSON: Bool
    ) throws(ConfigurationError) -> TextCall {
        let provider = try configuration.resolveProvider(settings.provider, environment: live.variables)
        guard let model = settings.model ?? provider.model else {
            throw ConfigurationError(
                .badValue,
                "no model: write model under providers.text.\(provider.name.visible()), or name one with --model")
        }
        return TextCall(
            provider: provider.name, providerType: provider.type.rawValue,
            endpoint: provider.baseURL?.absoluteString ?? "", model: model, messages: messages,
            temperature: settings.temperature, topP: settings.topP, frequencyPenalty: settings.frequencyPenalty,
            presencePenalty: settings.presencePenalty, maxTokens: settings.maxTokens, seed: settings.seed,
            stop: settings.stop, wantsJSON: wantsJSON)
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
