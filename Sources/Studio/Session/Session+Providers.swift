import Configuration
public import Core
import Metering

extension Session {
    /// The providers that a role could use for a kind, as they could be asked now, and what a request of the role would
    /// cost on each. Asks no server.
    public func providerChoices(for role: RoleName, kind: ProviderKind) throws -> ProviderChoices {
        let configuration = try live.current()
        let entries = configuration.providers[kind]?.entries ?? []
        var names = entries.map(\.name)
        if !names.contains(ProviderType.embedded.rawValue) { names.insert(ProviderType.embedded.rawValue, at: 0) }
        let request = try sampleRequest(of: role, configuration)
        let paces = try CostTracker(ledger: ledger, settings: configuration.rateLimiting).paces()
        let choices = names.map { name in
            var choice = choice(name, for: role, kind: kind, request, configuration)
            choice.latencyMilliseconds = paces.first { $0.provider == name && $0.model == nil }?.latencyMilliseconds
            return choice
        }
        return ProviderChoices(role: role, kind: kind, request: request, all: choices)
    }

    private func choice(
        _ name: String, for role: RoleName, kind: ProviderKind, _ request: SampleRequest, _ configuration: Configuration
    ) -> ProviderChoice {
        let current = configuration.settings(for: role, kind: kind)
        let standing = configuration.standing(of: name, kind: kind, for: role, in: live.variables)
        let model = name == current.provider ? current.model ?? standing.model : standing.model
        let pricing = Pricing(provider: name, kind: kind, standing, configuration, request)
        let known = ([model, standing.model] + configuration.models(of: name, kind: kind)).compactMap(\.self)
        let quotes = known.indices.filter { !known[..<$0].contains(known[$0]) }.map { pricing.quote(known[$0]) }
        return ProviderChoice(
            name: name, type: pricing.type, host: standing.provider?.hostName, model: model.map(pricing.quote),
            configuredModels: quotes, key: standing.provider?.apiKey?.description, isReady: standing.problem == nil,
            problem: standing.problem?.text, lastError: hub.live.failures[name], isCurrent: name == current.provider)
    }

    /// What models cost for a role on a provider.
    public func quotes(
        of models: [String], on provider: String, for role: RoleName, kind: ProviderKind
    ) throws -> [ModelQuote] {
        let configuration = try live.current()
        let standing = configuration.standing(of: provider, kind: kind, for: role, in: live.variables)
        let request = try sampleRequest(of: role, configuration)
        let pricing = Pricing(provider: provider, kind: kind, standing, configuration, request)
        return models.map(pricing.quote)
    }

    /// Looks how a provider stands, and which models it has, without spending anything. Ends in ten seconds at the
    /// latest; cancelling the task ends it at once.
    public func offer(of provider: String, for role: RoleName, kind: ProviderKind) async throws -> ProviderOffer {
        let health = try await lookAtProvider(provider, kind: kind, for: role)
        return ProviderOffer(
            health: health, quotes: try quotes(of: health.models ?? [], on: provider, for: role, kind: kind))
    }

    /// How a provider stands, for a role as that would reach it, without spending anything; the roles' rows of
    /// ``status()`` tell from then on when it could not be reached. Ends in ten seconds at the latest;
    /// cancelling the task ends it at once.
    @discardableResult
    public func lookAtProvider(
        _ name: String, kind: ProviderKind, for role: RoleName? = nil
    ) async throws -> ProviderHealth {
        let configuration = try live.current()
        let health = await inspector.health(of: name, kind: kind, for: role, in: configuration)
        if !Task.isCancelled { healthBook.note(health, owner: configuration.owner(of: name, kind: kind, for: role)) }
        return health
    }

    /// Looks at the providers that roles use and that listen on this machine or at their own well-known address, all at
    /// once: nobody has to be asked whether those may be called.
    public func lookAtProvidersInUse() async throws {
        let configuration = try live.current()
        var owners: [String: Set<RoleName?>] = [:]
        for role in RoleName.allCases {
            let name = configuration.providerName(for: role, kind: .text)
            let provider = configuration.standing(of: name, kind: .text, for: role, in: live.variables).provider
            guard provider?.isAtHome == true, provider?.baseURL != nil else { continue }
            owners[name, default: []].insert(configuration.owner(of: name, kind: .text, for: role))
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (name, owners) in owners {
                for owner in owners {
                    group.addTask { try await self.lookAtProvider(name, kind: .text, for: owner) }
                }
            }
            try await group.waitForAll()
        }
    }

    /// A role's usual request, as its calls were until now; where there were none, the largest that its steps make.
    public func sampleRequest(of role: RoleName) throws -> SampleRequest {
        try sampleRequest(of: role, try live.current())
    }

    private func sampleRequest(of role: RoleName, _ configuration: Configuration) throws -> SampleRequest {
        let tracker = CostTracker(ledger: ledger, settings: configuration.rateLimiting)
        if let usage = try tracker.typicalUsage(of: role) {
            return SampleRequest(
                inputTokens: usage.inputTokens, outputTokens: usage.outputTokens, calls: usage.calls)
        }
        let steps = Library.builtIn.loops.flatMap(\.steps).filter { $0.role == role || $0.consulted.contains(role) }
        return SampleRequest(
            inputTokens: steps.map(\.promptCap).max() ?? 0,
            outputTokens: configuration.settings(for: role).maxTokens, calls: 0)
    }
}

/// Prices the models of one provider for one role.
private struct Pricing {
    let provider: String
    let kind: ProviderKind
    let type: String
    let isLocal: Bool
    let settings: RateLimitSettings
    let request: SampleRequest

    init(
        provider: String, kind: ProviderKind, _ standing: ProviderStanding, _ configuration: Configuration,
        _ request: SampleRequest
    ) {
        self.provider = provider
        self.kind = kind
        self.request = request
        let type = configuration.providers[kind]?.entry(provider)?.type ?? ProviderType(rawValue: provider)
        self.type = (type ?? .embedded).rawValue
        isLocal = standing.provider?.isLocal ?? (type == .embedded)
        settings = configuration.rateLimiting
    }

    func quote(_ model: String) -> ModelQuote {
        let price = settings.price(provider: provider, model: model, type: type, isLocal: isLocal)
        return ModelQuote(model: model, price: price, requestCost: price.flatMap(cost))
    }

    private func cost(_ price: Price) -> Money? {
        switch kind {
        case .text where request.calls == 0:
            price.worstCase(inputTokens: request.inputTokens, outputTokens: request.outputTokens)
        case .text:
            price.cost(of: Usage(inputTokens: request.inputTokens, outputTokens: request.outputTokens))
        case .image: price.image + price.request
        // How long the text is that will be spoken is not known.
        case .audio: price.character == .zero ? price.request : nil
        }
    }
}

extension Configuration {
    /// The models that roles name for a provider.
    fileprivate func models(of provider: String, kind: ProviderKind) -> [String] {
        RoleName.allCases.filter { $0.kinds.contains(kind) }.compactMap { role in
            let settings = settings(for: role, kind: kind)
            return settings.provider == provider ? settings.model : nil
        }
    }
}
