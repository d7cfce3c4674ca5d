public import Core
public import ResponseCache

extension CachedEntry {
    /// One element of what `cache list --json` prints.
    public var json: JSONValue { .object(JSONObject(members + [("opening", JSONValue(opening))])) }

    /// The document that `cache show --json` prints: the entry with the answer that it holds, null when it is damaged.
    public func json(with answer: CachedAnswer?) -> JSONValue {
        var object = JSONObject(members)
        object["answer"] = answer?.answer.json ?? .null
        return .object(object)
    }

    private var members: [(String, JSONValue)] {
        [
            ("key", JSONValue(key)), ("provider", JSONValue(provider)), ("model", JSONValue(model)),
            ("stored_at", JSONValue(time: storedAt)), ("used_at", JSONValue(time: usedAt)),
            ("expires_at", JSONValue(time: expiresAt)), ("expired", .bool(isExpired)), ("damaged", .bool(isDamaged)),
            ("bytes", JSONValue(size)), ("cost", JSONValue(cost?.dollars)),
        ]
    }
}

extension Answer {
    fileprivate var json: JSONValue {
        [
            "model": JSONValue(model),
            "response_id": JSONValue(responseID),
            "finish": JSONValue(finish.rawValue),
            "usage": [
                "input_tokens": JSONValue(usage.inputTokens),
                "cached_input_tokens": JSONValue(usage.cachedInputTokens),
                "output_tokens": JSONValue(usage.outputTokens),
                "reasoning_tokens": JSONValue(usage.reasoningTokens),
                "estimated": .bool(isUsageEstimated),
            ],
            "reasoning": JSONValue(reasoning),
            "text": JSONValue(text),
        ]
    }
}
