public import Core
public import Metering

extension LookupTotals {
    /// How `status --json` and `cache stats --json` tell of look-ups.
    var json: JSONValue { .object(JSONObject(members)) }

    fileprivate var members: [(String, JSONValue)] {
        [
            ("hits", JSONValue(hits)), ("shared", JSONValue(shared)), ("misses", JSONValue(misses)),
            ("bypassed", JSONValue(bypassed)), ("hit_rate", JSONValue(fraction: hitRate)),
            ("saved_cost", JSONValue(savedCost.dollars)), ("saved_tokens", JSONValue(savedTokens)),
            ("hit_rate_by_tokens", JSONValue(fraction: hitRateByTokens)), ("missed", missed.json),
            ("causes", .object(JSONObject(causes.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }))),
        ]
    }
}

extension MissTotals {
    /// The cost is null where something had no price.
    fileprivate var json: JSONValue {
        [
            "count": JSONValue(count), "tokens": JSONValue(tokens),
            "cost": JSONValue(unpriced == 0 ? cost.dollars : nil),
        ]
    }
}

extension Tallies {
    /// The document that `cache stats --by … --json` prints: the look-ups of a stretch, told apart by some keys.
    public func lookupsJSON(by keys: [TallyKey], over stretch: Stretch) -> JSONValue {
        let groups = self[stretch].grouped(by: keys).map { group in
            let names = zip(keys, group.names).map { ($0.rawValue, JSONValue($1)) }
            return JSONValue.object(JSONObject(names + group.tallies.lookups.members))
        }
        return [
            "by": .array(keys.map { JSONValue($0.rawValue) }), "over": JSONValue(stretch.rawValue),
            "groups": .array(groups), "total": self[stretch].lookups.json,
        ]
    }
}

extension Pace {
    /// One element of the `paces` of `status --json`.
    var json: JSONValue {
        [
            "provider": JSONValue(provider), "model": JSONValue(model), "calls": JSONValue(calls),
            "median_latency_seconds": JSONValue(fraction: latencyMilliseconds / 1_000),
            "median_tokens_per_second": JSONValue(fraction: tokensPerSecond),
        ]
    }
}
