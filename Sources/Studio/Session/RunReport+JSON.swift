public import Core

extension RunReport {
    /// The document that `generate --json` prints; only the error when the run could not begin.
    public var json: JSONValue {
        guard hasBegun else { return ["error": error?.json ?? .null] }
        return [
            "run": JSONValue(run.description),
            "loop": JSONValue(loop),
            "state": JSONValue(state.rawValue),
            "seed": seed.map { JSONValue($0) } ?? .null,
            "artifacts": .array(artifacts.map(\.json)),
            "requests": JSONValue(requests),
            "hits": JSONValue(hits),
            "shared": JSONValue(shared),
            "cost": JSONValue(cost?.dollars),
            "saved_cost": JSONValue(savedCost.dollars),
            "tokens": JSONValue(tokens),
            "duration_seconds": JSONValue(fraction: durationSeconds),
            "error": error?.json ?? .null,
            "estimate": estimate?.json ?? .null,
        ]
    }
}

extension StoredArtifact {
    var json: JSONValue {
        var object = JSONObject([
            ("id", JSONValue(id)), ("type", JSONValue(type)), ("revision", JSONValue(revision)),
            ("path", JSONValue(path)),
        ])
        object["needs_review"] = needsReview.map { JSONValue($0) }
        return .object(object)
    }
}

extension RunError {
    /// `kind` and `message`; for a refusal also what the limit said.
    public var json: JSONValue {
        var object = JSONObject([("kind", JSONValue(kind.rawValue)), ("message", JSONValue(message))])
        guard kind == .rateLimit || kind == .budget else { return .object(object) }
        object["scope"] = JSONValue(scope)
        object["name"] = JSONValue(name)
        object["asked"] = asked?.json ?? .null
        object["left"] = left?.json ?? .null
        object["retry_at"] = JSONValue(time: retryAt)
        return .object(object)
    }
}

extension RunError.Amount {
    fileprivate var json: JSONValue {
        switch self {
        case .count(let count): JSONValue(count)
        case .money(let money): JSONValue(money.dollars)
        }
    }
}
