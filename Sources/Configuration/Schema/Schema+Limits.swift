import Core

extension Schema {
    /// Every place in here is strict: a mistyped limit must not mean no limit.
    static let rateLimiting = Section(
        [
            SchemaKey("enabled", .flag, \.rateLimiting.enabled),
            SchemaKey("on_limit", .choice(["wait", "fail"]), \.rateLimiting.onLimit),
            SchemaKey("max_wait_seconds", .whole(0...31_536_000), \.rateLimiting.maxWaitSeconds),
            SchemaKey("global", Section(limits(.global), isStrict: true)),
            SchemaKey("providers", scopes(.providers, limits(.providers) + prices(.providers))),
            SchemaKey("models", scopes(.any, limits(.models) + prices(.models))),
            SchemaKey("roles", scopes(.roles, limits(.roles))),
            SchemaKey("alerts", .list(.number(0...1)), \.rateLimiting.alerts),
            SchemaKey("timezone", .scalar(.zone), \.rateLimiting.timeZone),
            SchemaKey("day_starts_at", .scalar(.clock), \.rateLimiting.resetTime),
            SchemaKey("allow_unpriced", .flag, \.rateLimiting.allowUnpriced),
            SchemaKey("cost_limits", costLimits),
        ], isStrict: true)

    /// An older spelling; its keys have moved when the schema is applied.
    static let costLimits = Section([SchemaKey("daily", .money), SchemaKey("monthly", .money)], isStrict: true)

    private static func scopes(_ names: Section.Names, _ keys: [SchemaKey]) -> Section {
        Section(each: names, .section(Section(keys, isStrict: true)), isStrict: true)
    }

    /// The limits of one scope.
    private static func limits(_ place: LimitPlace) -> [SchemaKey] {
        let count = Shape.whole(0...1_000_000_000)
        let buckets = LimitMetric.allCases.flatMap { metric in
            LimitPeriod.allCases.filter { metric == .requests || $0 != .second }.map { period in
                SchemaKey(
                    "\(metric.rawValue)_per_\(period.rawValue)", count,
                    each: { \.rateLimiting[place, $0][metric, period] })
            }
        }
        let costs = [LimitPeriod.hour, .day, .month].map { period in
            SchemaKey("cost_per_\(period.rawValue)", .money, each: { \.rateLimiting[place, $0].costs[period] })
        }
        let size = Shape.whole(1...1_000_000_000)
        return buckets + costs + [
            SchemaKey("burst", size, each: { \.rateLimiting[place, $0].burst }),
            SchemaKey("burst_tokens", size, each: { \.rateLimiting[place, $0].burstTokens }),
            SchemaKey("max_concurrent", .whole(1...1_000_000), each: { \.rateLimiting[place, $0].maxConcurrent }),
        ]
    }

    private static func prices(_ place: PricePlace) -> [SchemaKey] {
        [
            token(SchemaKey("cost_per_input_token", .money, each: { \.rateLimiting[place, $0].inputToken })),
            token(
                SchemaKey("cost_per_cached_input_token", .money, each: { \.rateLimiting[place, $0].cachedInputToken })),
            token(
                SchemaKey("cost_per_cache_write_token", .money, each: { \.rateLimiting[place, $0].cacheWriteToken })),
            token(SchemaKey("cost_per_output_token", .money, each: { \.rateLimiting[place, $0].outputToken })),
            SchemaKey("cost_per_request", .money, each: { \.rateLimiting[place, $0].perRequest }),
            SchemaKey("cost_per_image", .money, each: { \.rateLimiting[place, $0].perImage }),
            SchemaKey("cost_per_character", .money, each: { \.rateLimiting[place, $0].perCharacter }),
        ]
    }

    private static func token(_ key: SchemaKey) -> SchemaKey {
        key.remarking { value in
            guard case .money(let price) = value, price > Money(picodollars: 1_000_000_000) else { return nil }
            return SchemaKey.Remark(
                severity: .warning,
                message: "$\(price.dollars) for one token looks like a price per 1,000 tokens; "
                    + "write 0.00003 for 0.03; it is used as written")
        }
    }
}

/// Where limits stand in the file.
private enum LimitPlace: Hashable, Sendable { case global, providers, models, roles }

/// Where prices stand in the file.
private enum PricePlace: Hashable, Sendable { case providers, models }

extension RateLimitSettings {
    /// ``dayStartsAt`` as the file writes it.
    fileprivate var resetTime: ClockTime {
        get { ClockTime(minutes: dayStartsAt) }
        set { dayStartsAt = newValue.minutes }
    }

    /// The limits of a name in a place.
    fileprivate subscript(place: LimitPlace, name: String) -> LimitSet {
        get {
            switch place {
            case .global: global
            case .providers: providers[name, default: LimitSet()]
            case .models: models[name, default: LimitSet()]
            case .roles: RoleName(rawValue: name).flatMap { roles[$0] } ?? LimitSet()
            }
        }
        set {
            switch place {
            case .global: global = newValue
            case .providers: providers[name] = newValue
            case .models: models[name] = newValue
            case .roles: if let role = RoleName(rawValue: name) { roles[role] = newValue }
            }
        }
    }

    fileprivate subscript(place: PricePlace, name: String) -> PriceOverride {
        get { (place == .providers ? providerPrices : modelPrices)[name, default: PriceOverride()] }
        set {
            if place == .providers { providerPrices[name] = newValue } else { modelPrices[name] = newValue }
        }
    }
}

/// A time of day that shows as `06:30`.
private struct ClockTime: SettingValue {
    var minutes: Int

    static func reading(_ value: Value) -> ClockTime? { Int.reading(value).map(ClockTime.init) }
    var yaml: String {
        let parts = [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\"\(parts.joined(separator: ":"))\""
    }
}
