extension Configuration {
    /// The commented `config.yml` that `init` writes for a text provider, with a model other than its usual one where one is
    /// named. It loads without a problem.
    public static func template(provider: ProviderType, model: String? = nil) -> String {
        """
        # QuestFoundry's configuration. Every key has a default: what is not written here is as the comments say.
        # Check it with `questfoundry config check`, see what is in force with `questfoundry config show`.
        # ${NAME} takes an environment variable, ${NAME:-text} gives a default, $${ is a literal ${.

        providers:
          text:
            default: \(provider.rawValue)
        \(providerLines(provider, model: model))

        # A role's own provider and settings; what is not set comes from its provider.
        # roles:
        #   scene_smith:
        #     provider: \(provider.rawValue)
        #     temperature: 0.8
        #     max_tokens: 2048

        # Answers are kept, so that the same question costs nothing the second time.
        caching:
          enabled: true
          ttl_seconds: 86400            # one day; 0 = never expires
          max_cache_size_mb: 500

        # Limits hold for all processes of this workspace. A limit that is not written does not exist.
        rate_limiting:
          on_limit: wait                # wait | fail
          max_wait_seconds: 300
          # global:
          #   requests_per_minute: 100  # requests_per_{second,minute,hour,day,month}
          #   cost_per_day: 5.00        # dollars
        \(priceLines(provider))

        """
    }

    private static func providerLines(_ provider: ProviderType, model: String?) -> String {
        var lines: [String] = []
        if provider == .embedded {
            lines += entry(.openai, model: nil).map { "# " + $0 }
        } else {
            lines += entry(provider, model: model)
            if let address = provider.defaultBaseURL { lines.append("  # base_url: \(address)") }
        }
        lines += [
            "# my_server:            # any OpenAI-compatible server", "#   type: openai",
            "#   base_url: http://127.0.0.1:8080/v1", "#   model: local",
        ]
        return lines.map { "    " + $0 }.joined(separator: "\n")
    }

    private static func entry(_ provider: ProviderType, model: String?) -> [String] {
        var lines = ["\(provider.rawValue):"]
        if provider.traits.regionalAddress != nil {
            lines += ["  region: us-east-1", "  model: amazon.nova-lite-v1:0"]
            lines += [SigningKeyName.accessKeyID, .secretAccessKey].map { "  \($0.key): ${\($0.variable)}" }
        } else if let variable = provider.keyVariables.first {
            lines.append("  api_key: ${\(variable)}")
        }
        if let model = model?.yaml ?? provider.defaultModel { lines.append("  model: \(model)") }
        return lines
    }

    private static func priceLines(_ provider: ProviderType) -> String {
        let isBuiltIn = !provider.priceLists.isEmpty
        let model = isBuiltIn ? provider.defaultModel ?? "local" : "local"
        let head =
            isBuiltIn
            ? """
              # The prices of \(provider.rawValue)'s models are built in; what is written here counts before them, in dollars for
              # ONE token. A model without a price shows "?" and does not run where a budget applies.

            """ : ""
        return head + """
              # models:
              #   \(model):               # prices in dollars for ONE token
              #     cost_per_input_token: 0.0000025
              #     cost_per_output_token: 0.00001
            """
    }
}
