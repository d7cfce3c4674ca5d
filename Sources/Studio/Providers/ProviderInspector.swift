import Configuration
import Core
import Foundation
import Providers

/// Looks how configured providers stand, by what is set and by the calls that nobody bills.
struct ProviderInspector: Sendable {
    let pool: ProviderPool
    let variables: [String: String]

    /// How a provider stands now, for a role as that would reach it. Ends in ten seconds at the latest; cancelling the
    /// task ends it at once.
    func health(
        of name: String, kind: ProviderKind, for role: RoleName? = nil, in configuration: Configuration
    ) async -> ProviderHealth {
        let standing = configuration.standing(of: name, kind: kind, for: role, in: variables)
        var health = ProviderHealth(provider: name, kind: kind, state: .unknown)
        if let problem = standing.problem {
            health.state = ProviderHealth.State(problem.state)
            health.problem = problem.text
            return health
        }
        guard kind == .text else { return health }
        do {
            if let survey = try await pool.survey(name, for: role) { health.take(survey) }
            // One in this process answers nobody.
            if standing.provider?.baseURL == nil { health.latencyMicroseconds = nil }
        } catch {
            health.take(error)
        }
        return health
    }
}

extension ProviderHealth {
    fileprivate mutating func take(_ survey: ProviderSurvey) {
        state = .good
        models = survey.models?.map(\.name)
        aliases = Set((survey.models ?? []).flatMap(\.aliases))
        takesAnyModel = survey.takesAnyModel
        version = survey.version
        latencyMicroseconds = survey.latencyMicroseconds
    }

    fileprivate mutating func take(_ error: any Error) {
        guard let error = error as? ProviderError else {
            state = .misconfigured
            problem = (error as? ConfigurationError)?.message ?? String(describing: error)
            return
        }
        state = State(error.kind)
        problem = error.message
    }
}

extension ProviderHealth.State {
    fileprivate init(_ readiness: Status.RoleRow.Readiness) {
        self =
            switch readiness {
            case .noKey: .noKey
            default: .misconfigured
            }
    }

    fileprivate init(_ kind: ProviderError.Kind) {
        self =
            switch kind {
            case .unauthorized, .forbidden: .keyRefused
            case .unreachable, .timedOut, .interrupted: .notReachable
            case .misconfigured: .misconfigured
            default: .failed
            }
    }
}

extension ResolvedProvider {
    /// Whether it listens on this machine, or at the address that its type has by itself.
    var isAtHome: Bool {
        let own = type.defaultBaseURL.flatMap { URL(string: $0) }?.host()
        return isLocal || own != nil && baseURL?.host()?.lowercased() == own
    }

    /// Its host, with the port when that is unusual; nil for one in this process.
    var hostName: String? {
        guard let baseURL, let name = baseURL.host(percentEncoded: false) else { return nil }
        return (baseURL.port.map { "\(name):\($0)" } ?? name).visible()
    }
}
