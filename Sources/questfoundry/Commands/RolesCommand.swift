import ArgumentParser
import Configuration
import Core
import Studio
import Workspace

/// `questfoundry roles`.
struct RolesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roles", abstract: "List the roles' providers and models, and switch them.",
        subcommands: [List.self, Set.self, Reset.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Every role with its provider, its model and its figures.",
            discussion: "Example: questfoundry roles list --json")

        @Flag
        var format: ListFormat?

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let status = try await Opening(options: options).status()
            if let format { return format.print(status.json["roles"]?.array ?? []) }
            Output.result(StatusText.roles(status))
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set",
            abstract:
                "Switch a role, or the default, to a provider: from the next request on, also of a running session.",
            discussion: "Example: questfoundry roles set scene_smith --provider my_server --model llama3")

        @Argument(help: "The role to switch.")
        var role: String?

        @Option(help: "The provider to use.")
        var provider: String?

        @Option(help: "The model to use; the provider's own when left out.")
        var model: String?

        @Option(help: "Switch the default provider of all roles instead.")
        var `default`: String?

        @Option(help: "The kind that --default is about: text, image or audio.", transform: providerKind)
        var kind = ProviderKind.text

        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard (role == nil) != (`default` == nil) else {
                throw ValidationError("Name a role, or a provider with --default.")
            }
            if role != nil, provider == nil { throw ValidationError("Name the provider with --provider.") }
        }

        func run() async throws {
            try await Opening(options: options).withSession { session in
                if let name = role, let provider {
                    let role = try RoleName(argument: name)
                    try await session.switchRole(role, to: provider, model: model)
                    let used = try await session.choice(of: role, provider)
                    let name = model ?? used?.model?.model
                    Output.result(
                        "\(role.rawValue) uses \(provider)\(name.map { " " + $0 } ?? "") from its next request on"
                            + (used.map { Self.price($0.model, $0.request) } ?? ""))
                } else if let name = `default` {
                    try await session.switchDefault(kind, to: name)
                    Output.result("\(name) is the default \(kind.rawValue) provider from the next request on")
                }
            }
        }
    }

    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reset", abstract: "Take a role's live switch back: config.yml counts again.",
            discussion: "Example: questfoundry roles reset scene_smith")

        @Argument(help: "The role; every role and default when left out.")
        var role: String?

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await Opening(options: options).withSession { session in
                if let name = role {
                    let role = try RoleName(argument: name)
                    try await session.resetRole(role)
                    Output.result("\(role.rawValue) is as config.yml says")
                } else {
                    try await session.resetAllRoles()
                    Output.result("every role is as config.yml says")
                }
            }
        }
    }
}

@Sendable private func providerKind(_ name: String) throws -> ProviderKind {
    guard let kind = ProviderKind(rawValue: name) else { throw ValidationError("--kind takes text, image or audio.") }
    return kind
}

extension RolesCommand.Set {
    /// What a usual request of the role costs now.
    fileprivate static func price(_ quote: ModelQuote?, _ request: SampleRequest) -> String {
        guard let quote else { return "; it has no model yet: name one with --model" }
        guard let cost = quote.requestCost else { return "; its price is not known" }
        guard cost > .zero else { return "; it is free" }
        let size = "\(request.inputTokens) tokens in, \(request.outputTokens) out"
        guard request.calls > 0 else { return "; a request costs at most $\(Words.dollars(cost)) (\(size))" }
        let calls = request.calls == 1 ? "its last call" : "the mean of its last \(request.calls) calls"
        return "; a request costs about $\(Words.dollars(cost)) (\(size), \(calls))"
    }
}

extension Session {
    /// What a role that was just switched uses of a provider, for the kind that it uses it for.
    fileprivate func choice(
        of role: RoleName, _ provider: String
    ) throws -> (model: ModelQuote?, request: SampleRequest)? {
        for kind in role.kinds {
            let choices = try providerChoices(for: role, kind: kind)
            if let choice = choices.all.first(where: { $0.name == provider && $0.isCurrent }) {
                return (choice.model, choices.request)
            }
        }
        return nil
    }
}
