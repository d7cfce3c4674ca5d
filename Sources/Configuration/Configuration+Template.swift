extension Configuration {
    /// The commented `config.yml` that `init` writes for a text provider. It loads without a problem.
    public static func template(provider: ProviderType) -> String {
        """
        # QuestFoundry's configuration. Every key has a default: what is not written here is as the comments say.
        # Check it with `questfoundry config check`, see what is in force with `questfoundry config show`.
        # ${NAME} takes an environment variable, ${NAME:-text} gives a default, $${ is a literal ${.

        providers:
          text:
            default: \(provider.rawValue)
        \(providerLines(provider))

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

    private static func providerLines(_ provider: ProviderType) -> String {
        switch provider {
        case .openai:
            """
                openai:
                  api_key: ${OPENAI_API_KEY}
                  model: gpt-4o
                  # base_url: https://api.openai.com/v1
                # my_server:            # any OpenAI-compatible server
                #   type: openai
                #   base_url: http://127.0.0.1:8080/v1
                #   model: local
            """
        default:
            """
                # openai:
                #   api_key: ${OPENAI_API_KEY}
                #   model: gpt-4o
                # my_server:            # any OpenAI-compatible server
                #   type: openai
                #   base_url: http://127.0.0.1:8080/v1
                #   model: local
            """
        }
    }

    private static func priceLines(_ provider: ProviderType) -> String {
        switch provider {
        case .openai:
            """
              # OpenAI's prices are built in; what is written here counts before them, in dollars for ONE token. A model
              # without a price shows "?" and does not run where a budget applies.
              # models:
              #   gpt-4o:
              #     cost_per_input_token: 0.0000025
              #     cost_per_output_token: 0.00001
            """
        default:
            """
              # models:
              #   local:                # prices in dollars for ONE token
              #     cost_per_input_token: 0.0000025
              #     cost_per_output_token: 0.00001
            """
        }
    }
}
