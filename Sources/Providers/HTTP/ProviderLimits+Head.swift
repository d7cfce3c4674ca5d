import CCurl
import Core
import Foundation

extension ProviderLimits {
    /// Reads what a response's head says about the provider's limits; nil when that is nothing.
    ///
    /// - OpenAI and servers like it: `x-ratelimit-{limit,remaining,reset}-{requests,tokens}`, resets as durations
    ///   (https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers); a number alone counts seconds,
    ///   as Azure writes it.
    /// - Anthropic: `anthropic-ratelimit-{requests,tokens,input-tokens,output-tokens}-{limit,remaining,reset}`, resets
    ///   as RFC 3339 times (https://docs.anthropic.com/en/api/rate-limits#response-headers).
    /// - All: `retry-after` as seconds or as an HTTP date (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after),
    ///   and `retry-after-ms` and `x-should-retry`, which the official clients of both obey.
    ///
    /// Times are compared with the response's own `date` where it has one, so that a wrong clock here does no harm.
    init?(head: HTTPHead) {
        let fields = head.fields
        let now = fields["date"].flatMap(Self.httpDate) ?? head.receivedAt.wall
        self.init(receivedAt: head.receivedAt)
        requests = Self.level("requests", in: fields, now: now)
        tokens = Self.level("tokens", in: fields, now: now)
        inputTokens = Self.level("input-tokens", in: fields, now: now)
        outputTokens = Self.level("output-tokens", in: fields, now: now)
        retryAfter =
            fields["retry-after-ms"].flatMap { Self.duration($0, unit: 1_000) }
            ?? fields["retry-after"].flatMap { Self.duration($0) ?? Self.span(from: now, to: Self.httpDate($0)) }
        shouldRetry = fields["x-should-retry"].flatMap { ["true": true, "false": false][$0.lowercased()] }
        if isEmpty { return nil }
    }

    /// What a failed response's head says, and its body's `RetryInfo`, where Google puts its advice: see
    /// ``retryInfo(in:)``. nil when that is nothing.
    init?(head: HTTPHead, body: JSONValue?) {
        var limits = ProviderLimits(head: head) ?? ProviderLimits(receivedAt: head.receivedAt)
        limits.retryAfter = limits.retryAfter ?? body.flatMap(Self.retryInfo)
        if limits.isEmpty { return nil }
        self = limits
    }

    private static func level(_ name: String, in fields: [String: String], now: Int64) -> Level {
        func field(_ part: String) -> String? {
            fields["anthropic-ratelimit-\(name)-\(part)"] ?? fields["x-ratelimit-\(part)-\(name)"]
        }
        return Level(
            limit: field("limit").flatMap(count), remaining: field("remaining").flatMap(count),
            reset: field("reset").flatMap { duration($0) ?? span(from: now, to: timestamp($0)) })
    }

    // MARK: - Values

    private static func count(_ text: String) -> Int? {
        guard let count = Int(text), (0...countLimit).contains(count) else { return nil }
        return count
    }

    /// The delay of a `google.rpc.RetryInfo` among an error's details, in microseconds: `"retryDelay": "34.07s"`
    /// (https://cloud.google.com/apis/design/errors#error_details, and protobuf's JSON form of a duration).
    static func retryInfo(in body: JSONValue) -> Int64? {
        let details = (body["error"]?["details"]?.array ?? []).prefix(100)
        let info = details.first { $0["@type"]?.string?.hasSuffix("google.rpc.RetryInfo") == true }
        return info?["retryDelay"]?.string.flatMap { duration($0) }
    }

    /// A duration as Go writes it, in microseconds, rounded up: `6m0s`, `12ms`, `1h2m3.5s`. A number without any unit
    /// counts in the one that is given, in microseconds. nil when it is neither, negative, or beyond
    /// ``Core/ProviderLimits/durationLimit``.
    static func duration(_ text: String, unit: Double = 1_000_000) -> Int64? {
        guard text.utf8.count <= 40 else { return nil }
        if let number = decimal(text[...]) { return bounded(number * unit) }
        var rest = text[...]
        var sum = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { !($0.isASCII && $0.isNumber || $0 == ".") }
            rest = rest.dropFirst(name.count)
            guard let number = decimal(digits), let scale = units[name] else { return nil }
            sum += number * scale
        }
        return text.isEmpty ? nil : bounded(sum)
    }

    private static let units: [Substring: Double] = [
        "ns": 0.001, "us": 1, "µs": 1, "μs": 1, "ms": 1_000, "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000,
        "d": 86_400_000_000,
    ]

    /// A number of decimal digits with at most one point: no sign, no exponent, nothing that stands for no number.
    private static func decimal(_ text: Substring) -> Double? {
        guard text.contains(where: { $0 != "." }), text.allSatisfy({ $0.isASCII && $0.isNumber || $0 == "." }) else {
            return nil
        }
        return Double(text)
    }

    private static func bounded(_ microseconds: Double) -> Int64? {
        let whole = microseconds.rounded(.up)
        return (0...Double(durationLimit)).contains(whole) ? Int64(whole) : nil
    }

    /// How long it is until a time, in microseconds: none when that is over.
    private static func span(from now: Int64, to time: Int64?) -> Int64? {
        guard let time else { return nil }
        let (span, isTooLong) = time.subtractingReportingOverflow(now)
        return isTooLong || span > durationLimit ? nil : max(span, 0)
    }

    /// An RFC 3339 time in microseconds since 1970.
    private static func timestamp(_ text: String) -> Int64? {
        guard text.utf8.count <= 40, let date = try? Date(text, strategy: .iso8601) else { return nil }
        return Int64(exactly: (date.timeIntervalSince1970 * 1_000_000).rounded(.up))
    }

    /// A date in any of the three forms of HTTP, in microseconds since 1970.
    private static func httpDate(_ text: String) -> Int64? {
        guard (20...40).contains(text.utf8.count) else { return nil }
        let seconds = Int64(qf_curl_getdate(text))
        let (microseconds, isTooLarge) = seconds.multipliedReportingOverflow(by: 1_000_000)
        return seconds < 0 || isTooLarge ? nil : microseconds
    }
}
