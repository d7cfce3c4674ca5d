import Configuration

/// Reads a configuration with nothing but these variables set.
func load(_ yaml: String, environment: [String: String] = [:], root: String = "/book") -> LoadedConfiguration {
    Configuration.load(yaml: yaml, file: "config.yml", workspaceRoot: root, environment: environment)
}

extension LoadedConfiguration {
    /// Every problem as `LINE:COLUMN severity message`.
    var lines: [String] { problems.map { "\($0.line):\($0.column) \($0.severity.rawValue) \($0.message)" } }
}

/// The first example of the design: what every existing project has.
let firstExample = """
    providers:
      text:
        default: openai
        openai:
          api_key: ${OPENAI_API_KEY}
          model: gpt-4o
    roles:
      scene_smith:
        provider: openai
        temperature: 0.8
    caching:
      enabled: true
      ttl_seconds: 86400
    rate_limiting:
      global:
        requests_per_minute: 100
      providers:
        openai:
          requests_per_minute: 90
          cost_per_input_token: 0.00002     # dollars for ONE token
          cost_per_output_token: 0.00006
    """
