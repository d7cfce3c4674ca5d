/// The second example of the design, without its comments: every key.
let wholeExample = """
    providers:
      text:
        default: embedded
        openai:    { api_key: ${OPENAI_API_KEY}, model: gpt-4o, base_url: https://api.openai.com/v1,
              timeout_seconds: 120, organization: … }
        anthropic: { api_key: ${ANTHROPIC_API_KEY}, model: claude-sonnet-4-5 }
        gemini:    { api_key: ${GEMINI_API_KEY}, model: gemini-2.5-flash }
        ollama:    { base_url: http://localhost:11434, model: llama3 }
        bedrock:   { region: us-east-1, model: …, access_key_id: …, secret_access_key: …, session_token: … }
        my_server: { type: openai, base_url: http://127.0.0.1:8080/v1, model: local }
      image:
        default: embedded
        dalle:  { api_key: ${OPENAI_API_KEY}, model: dall-e-3 }
        a1111:  { base_url: http://127.0.0.1:7860 }
        imagen: { api_key: ${GEMINI_API_KEY} }
      audio:
        default: embedded
        elevenlabs: { api_key: ${ELEVENLABS_API_KEY}, voice: … }
        openai_tts: { api_key: ${OPENAI_API_KEY}, voice: nova }

    roles:
      scene_smith:  { provider: openai, model: gpt-4o, temperature: 0.8, max_tokens: 3000, fallback: [anthropic,
            ollama] }
      gatekeeper:   { provider: ollama, model: llama3, temperature: 0.2, max_tokens: 1000 }
      illustrator:  { provider: dalle, model: dall-e-3, width: 1024, height: 1024 }
      audio_producer: { provider: elevenlabs, voice: nova, language: en }

    caching:
      enabled: true
      backend: file
      cache_dir: .questfoundry/cache
      ttl_seconds: 86400
      max_cache_size_mb: 500
      cleanup_interval_seconds: 3600
      stream: true
      per_provider:
        openai: { ttl_seconds: 604800, max_cache_size_mb: 200 }
        ollama: { enabled: false }
      per_role:
        scene_smith: { ttl_seconds: 3600 }

    rate_limiting:
      enabled: true
      on_limit: wait
      max_wait_seconds: 300
      global:
        requests_per_minute: 100
        tokens_per_hour: 100000
        cost_per_day: 5.00
        cost_per_month: 60.00
        max_concurrent: 8
        burst: 20
      providers:
        openai: { requests_per_minute: 90, tokens_per_hour: 90000, cost_per_input_token: 0.0000025,
              cost_per_output_token: 0.00001 }
        ollama: { requests_per_minute: 1000 }
      models:
        gpt-4o: { cost_per_input_token: 0.0000025, cost_per_cached_input_token: 0.00000125,
              cost_per_output_token: 0.00001 }
      roles:
        player_narrator: { cost_per_day: 0.50 }
      alerts: [0.5, 0.8, 0.95]
      timezone: local
      day_starts_at: "00:00"
      allow_unpriced: false

    costs:
      keep_rows_days: 0

    retry:
      max_retries: 3
      initial_delay_ms: 1000
      max_delay_ms: 60000

    state:
      backend: file
      redis: { host: 127.0.0.1, port: 6379, db: 0, username: …, password: ${REDIS_PASSWORD},
            prefix: questfoundry, project: my-book, allow_plaintext: false }
      retention: { keep_backups: 5, backup_interval_hours: 24, keep_sessions: 20 }

    dashboard:
      theme: foundry
      mouse: true
      ascii: auto
      refresh_hz: 30
      bell: true
      notifications: true
      synchronized_output: auto
      keys: { generate: g, switch_provider: p, prune: x, migrate: m }
    """
