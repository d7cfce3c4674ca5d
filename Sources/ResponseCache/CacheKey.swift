public import Core
import Crypto
import Foundation

/// Names an answer: SHA-256 of a canonical encoding of its request, as it will be sent, with its take.
///
/// Every field of a call is in it; what cannot change the answer (API key, role, time-outs, streaming,
/// idempotency key) is no part of a call. The encoding is injective: each part is preceded by its length, each field by
/// its name, so that no two calls have one encoding. It is the guide's `generate_cache_key()`.
public struct CacheKey: Hashable, Sendable, CustomStringConvertible {
    /// 64 hexadecimal digits.
    public let description: String

    public init(for call: TextCall) {
        var encoding = CanonicalEncoding(version: "questfoundry text 1", capacity: call.encodedSize)
        encoding.add("provider", call.provider)
        encoding.add("type", call.providerType)
        encoding.add("endpoint", call.endpoint)
        encoding.add("model", call.model)
        encoding.add("messages", call.messages)
        encoding.add("temperature", call.temperature)
        encoding.add("top_p", call.topP)
        encoding.add("frequency_penalty", call.frequencyPenalty)
        encoding.add("presence_penalty", call.presencePenalty)
        encoding.add("max_tokens", call.maxTokens)
        encoding.add("seed", call.seed)
        encoding.add("stop", call.stop)
        encoding.add("json", call.wantsJSON)
        encoding.add("take", call.take)
        self.init(encoding)
    }

    init(_ encoding: CanonicalEncoding) { description = encoding.digest }

    /// Names the words of a call alone, whoever is asked and how: what finds the nearest entry after a change.
    static func prompt(ofText call: TextCall) -> String {
        var encoding = CanonicalEncoding(version: "questfoundry prompt 1", capacity: call.encodedSize)
        encoding.add("messages", call.messages)
        return encoding.digest
    }
}

/// Bytes that say one thing only: names and values, each preceded by its length.
struct CanonicalEncoding {
    private var bytes: [UInt8] = []

    init(version: String, capacity: Int) {
        bytes.reserveCapacity(capacity)
        part(version)
    }

    /// 64 hexadecimal digits.
    var digest: String { SHA256.hash(data: bytes).hexadecimal }

    mutating func add(_ name: String, _ value: String) {
        part(name)
        part(value)
    }

    mutating func add(_ name: String, _ value: some CustomStringConvertible) { add(name, value.description) }

    /// An absent value is told from every present one by its length of parts.
    mutating func add(_ name: String, _ value: (some CustomStringConvertible)?) {
        add(name, value.map { [$0.description] } ?? [])
    }

    mutating func add(_ name: String, _ values: [String]) {
        add(name, values.count)
        for value in values { part(value) }
    }

    mutating func add(_ name: String, _ messages: [Message]) {
        add(name, messages.count * 2)
        for message in messages {
            part(message.author.rawValue)
            part(message.content)
        }
    }

    private mutating func part(_ text: String) {
        withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: text.utf8)
    }
}

extension TextCall {
    /// About how long the canonical encoding is, in bytes.
    fileprivate var encodedSize: Int { inputTokenBound + 512 }
}
