public import Core
public import Metering

extension CostSummary {
    /// The document that `cost summary --json` prints.
    public var json: JSONValue {
        [
            "currency": "USD",
            "by": .array(keys.map { JSONValue($0.rawValue) }),
            "from": JSONValue(first?.description),
            "to": JSONValue(last?.description),
            "groups": .array(groups.map { $0.json(by: keys) }),
            "total": .object(JSONObject(total.members)),
        ]
    }
}

extension CostGroup {
    fileprivate func json(by keys: [CostKey]) -> JSONValue {
        let named = zip(keys, names).map { key, name in (key.rawValue, JSONValue(name)) }
        return .object(JSONObject(named + figures.members))
    }
}

extension CostFigures {
    /// The cost is null where something had no price; what is known of it is the priced cost.
    fileprivate var members: [(String, JSONValue)] {
        [
            ("calls", JSONValue(calls)), ("hits", JSONValue(hits)), ("input_tokens", JSONValue(inputTokens)),
            ("cached_input_tokens", JSONValue(cachedInputTokens)), ("output_tokens", JSONValue(outputTokens)),
            ("cost", JSONValue(unpriced == 0 ? cost.dollars : nil)), ("priced_cost", JSONValue(cost.dollars)),
            ("unpriced_calls", JSONValue(unpriced)), ("estimated_cost", JSONValue(estimated.dollars)),
            ("saved_cost", JSONValue(saved.dollars)),
        ]
    }
}
