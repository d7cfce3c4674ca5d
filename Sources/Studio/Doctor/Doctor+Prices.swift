import Configuration
import Core
import Metering

extension Doctor {
    /// Which models that roles write with have no price, and whether a budget refuses them for it.
    func priceChecks(_ configuration: Configuration) -> [HealthCheck] {
        var priced: Set<String> = []
        var checks: [HealthCheck] = []
        for role in RoleName.allCases {
            let settings = configuration.settings(for: role)
            let standing = configuration.standing(of: settings.provider, kind: .text, for: role, in: variables)
            guard let model = settings.model ?? standing.model, let type = settings.type else { continue }
            let limits = configuration.rateLimiting
            let price = limits.price(
                provider: settings.provider, model: model, type: type.rawValue,
                isLocal: standing.provider?.isLocal ?? (type == .embedded))
            guard price == nil else {
                priced.insert(model)
                continue
            }
            let check = unpriced(model, isRefused: limits.refusesUnpriced(settings, model: model))
            if !checks.contains(check) { checks.append(check) }
        }
        let all = "\(priced.count) \(priced.count == 1 ? "model has its price" : "models have their prices")"
        return checks.isEmpty
            ? [HealthCheck("prices", "", .good, "\(all), from \(PriceTable.source) or config.yml")] : checks
    }

    private func unpriced(_ model: String, isRefused: Bool) -> HealthCheck {
        let prices = "set cost_per_input_token and cost_per_output_token under rate_limiting.models.\(model)"
        guard isRefused else {
            return HealthCheck("prices", model, .warning, "has no price: its costs count as unknown", remedy: prices)
        }
        return HealthCheck(
            "prices", model, .problem(.configuration), "has no price, and a budget applies: its requests are refused",
            remedy: "\(prices), or allow_unpriced: true under rate_limiting")
    }
}

extension RateLimitSettings {
    /// Whether a budget applies to a role's requests that what has no price may not pass.
    fileprivate func refusesUnpriced(_ role: RoleSettings, model: String) -> Bool {
        let sets = [global, providers[role.provider], models[model], roles[role.role]]
        return enabled && !allowUnpriced && sets.contains { $0?.costs.isEmpty == false }
    }
}
