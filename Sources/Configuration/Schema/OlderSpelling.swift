/// A spelling that existing files use, and what it means today. Adding one is one row of ``OlderSpelling/all``.
///
/// Paths are keys with dots between them; `{…}` stands for any key and is the same key on both sides.
struct OlderSpelling: Sendable {
    /// What becomes of the value.
    enum Change: Sendable {
        /// It stays as it is.
        case none
        /// A price for that many tokens becomes the price of one.
        case dividedByThousand
        /// A word becomes another word; anything else stays where it is.
        case word(String, String)
        /// `false` becomes 0; `true` says nothing.
        case zeroWhenOff
    }

    let old: [String]
    /// Where the value goes.
    let new: [[String]]
    let change: Change

    init(_ old: String, _ new: String..., change: Change = .none) {
        self.old = Self.path(old)
        self.new = new.map(Self.path)
        self.change = change
    }

    private static func path(_ text: String) -> [String] { text.split(separator: ".").map(String.init) }

    private static let provider = "providers.{kind}.{name}"
    private static let providerLimits = "rate_limiting.providers.{name}"

    /// In the order in which they are applied: what is moved first may have an older spelling inside.
    static let all = limits + prices + caches + names + words

    private static let limits = [
        OlderSpelling("\(provider).rate_limit", providerLimits),
        OlderSpelling("\(provider).cost_limits.daily", "\(providerLimits).cost_per_day"),
        OlderSpelling("\(provider).cost_limits.monthly", "\(providerLimits).cost_per_month"),
        OlderSpelling("roles.{role}.rate_limit", "rate_limiting.roles.{role}"),
        OlderSpelling("roles.{role}.cost_limits.daily", "rate_limiting.roles.{role}.cost_per_day"),
        OlderSpelling("roles.{role}.cost_limits.monthly", "rate_limiting.roles.{role}.cost_per_month"),
        OlderSpelling("cost_limits.daily", "rate_limiting.global.cost_per_day"),
        OlderSpelling("cost_limits.monthly", "rate_limiting.global.cost_per_month"),
        OlderSpelling("rate_limiting.cost_limits.daily", "rate_limiting.global.cost_per_day"),
        OlderSpelling("rate_limiting.cost_limits.monthly", "rate_limiting.global.cost_per_month"),
    ]

    private static let prices =
        [
            (provider, providerLimits), (providerLimits, providerLimits),
            ("rate_limiting.models.{model}", "rate_limiting.models.{model}"),
        ].flatMap { old, new in
            let prices = ["\(new).cost_per_input_token", "\(new).cost_per_output_token"]
            return [
                OlderSpelling("\(old).cost_per_1k_tokens", prices[0], prices[1], change: .dividedByThousand),
                OlderSpelling("\(old).cost_per_token", prices[0], prices[1]),
            ]
        } + [OlderSpelling("\(provider).cost_per_request", "\(providerLimits).cost_per_request")]

    private static let caches = [
        (provider, "caching.per_provider.{name}"), ("roles.{role}", "caching.per_role.{role}"),
    ]
    .flatMap { old, new in
        [
            OlderSpelling("\(old).cache", new),
            OlderSpelling("\(old).cache_enabled", "\(new).enabled"),
            OlderSpelling("\(old).cache_ttl_seconds", "\(new).ttl_seconds"),
        ]
    }

    private static let names = [provider, "roles.{role}"].flatMap { place in
        [
            ("timeout", "timeout_seconds"), ("max_output_tokens", "max_tokens"), ("voice_id", "voice"),
            ("aws_region", "region"), ("aws_access_key_id", "access_key_id"),
            ("aws_secret_access_key", "secret_access_key"),
        ].map { OlderSpelling("\(place).\($0)", "\(place).\($1)") }
    }

    private static let mock = Change.word("mock", ProviderType.embedded.rawValue)

    private static let words = [
        OlderSpelling("retry.enabled", "retry.max_retries", change: .zeroWhenOff),
        OlderSpelling("providers.audio.mock", "providers.audio.embedded"),
        OlderSpelling("providers.audio.default", "providers.audio.default", change: mock),
        OlderSpelling("providers.audio.{name}.type", "providers.audio.{name}.type", change: mock),
        OlderSpelling("roles.audio_director.provider", "roles.audio_director.provider", change: mock),
        OlderSpelling("roles.audio_producer.provider", "roles.audio_producer.provider", change: mock),
        OlderSpelling("roles.{role}.audio_provider", "roles.{role}.audio_provider", change: mock),
    ]
}
