import Configuration
import Core
import Foundation

/// Knows the roles, one instance of each, and what each writes with.
struct Showrunner: Sendable {
    private let roles: [RoleName: Role]

    init(_ live: LiveConfiguration) {
        roles = Dictionary(uniqueKeysWithValues: RoleName.allCases.map { ($0, Role(name: $0, live: live)) })
    }

    func role(_ name: RoleName) throws(RunError) -> Role {
        guard let role = roles[name] else { throw RunError(.order, "there is no \(name.rawValue)") }
        return role
    }
}

/// One role at work: turns what it is asked into a call of the provider that it uses at that moment.
struct Role: Sendable {
    let name: RoleName
    let live: LiveConfiguration

    /// The call that asks the role's provider now: a live switch counts from the next call on.
    ///
    /// Throws when that provider cannot be asked as it is configured.
    func call(messages: [Message], wantsJSON: Bool, flags: RoleLayer) throws(RunError) -> TextCall {
        do {
            let configuration = try live.current()
            let settings = configuration.settings(for: name, flags: flags)
            let provider = try configuration.resolveProvider(settings.provider, environment: live.variables)
            guard let model = settings.model ?? provider.model else {
                throw RunError(
                    .configuration,
                    "\(name.rawValue) has no model: write model under providers.text.\(provider.name.visible()), "
                        + "or name one with --model")
            }
            return TextCall(
                provider: provider.name, providerType: provider.type.rawValue,
                endpoint: provider.baseURL?.absoluteString ?? "", model: model, messages: messages,
                temperature: settings.temperature, topP: settings.topP, frequencyPenalty: settings.frequencyPenalty,
                presencePenalty: settings.presencePenalty, maxTokens: settings.maxTokens, seed: settings.seed,
                stop: settings.stop, wantsJSON: wantsJSON)
        } catch let error as ConfigurationError {
            throw RunError(.configuration, "\(name.rawValue) cannot be asked: \(error.message)")
        } catch let error as RunError {
            throw error
        } catch {
            throw RunError(.configuration, "\(name.rawValue) cannot be asked: \(error)")
        }
    }
}
