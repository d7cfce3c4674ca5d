public import Core
public import Metering

extension LedgerLine {
    /// The names of what ``json`` and ``csv`` hold, in their order.
    public static let columns = [
        "time", "session", "run", "request", "loop", "step", "role", "provider", "model", "source", "lookup",
        "miss_cause", "outcome", "input_tokens", "cached_input_tokens", "cache_write_tokens",
        "cache_write_hour_tokens", "output_tokens", "reasoning_tokens", "images", "characters", "cost", "estimated",
        "saved_cost", "saved_tokens", "latency_ms", "sum_of",
    ]

    /// The first record of a file of ``csv`` records, without its line end.
    public static var csvHeader: String { CSV.record(columns) }

    /// One object of what `cost export` prints.
    public var json: JSONValue {
        let names = [
            JSONValue(time: time), JSONValue(session), JSONValue(run), JSONValue(request), JSONValue(loop),
            JSONValue(step), JSONValue(role), JSONValue(provider), JSONValue(model),
        ]
        let course = [JSONValue(source), JSONValue(lookup), JSONValue(missCause), JSONValue(outcome)]
        let tokens = [
            JSONValue(usage.inputTokens), JSONValue(usage.cachedInputTokens), JSONValue(usage.cacheWriteTokens),
            JSONValue(usage.cacheWriteHourTokens), JSONValue(usage.outputTokens), JSONValue(usage.reasoningTokens),
            JSONValue(usage.images), JSONValue(usage.characters),
        ]
        let costs = [
            JSONValue(cost?.dollars), JSONValue.bool(isEstimated), JSONValue(savedCost.dollars),
            JSONValue(savedTokens), JSONValue(latencyMilliseconds), sumOf.map { JSONValue($0) } ?? .null,
        ]
        return .object(JSONObject(Array(zip(Self.columns, names + course + tokens + costs))))
    }

    /// One record of a file of comma-separated values, without its line end. What is not known is an empty cell.
    public var csv: String { CSV.record((json.object ?? JSONObject()).map(\.value.cell)) }
}

extension JSONValue {
    /// As a spreadsheet shows it; what could steer a terminal is made visible.
    fileprivate var cell: String {
        switch self {
        case .null: ""
        case .string(let text): text.visible(keepingLines: true)
        default: text()
        }
    }
}
