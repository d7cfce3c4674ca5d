public import Core
import Crypto
import Foundation

/// Names an answer: SHA-256 of a canonical encoding of its request, as it will be sent, with its take.
///
/// Every field of a call is in it; what cannot change the answer (API key, role, time-outs, streaming,
/// idempotency key) is no part of a call. The encoding is injective: each part is preceded by its length, each field by
/// its name, so that no two calls have one encoding. It is the guide's `generate_cache_key()`.
///
/// The words (messages, a prompt, a text) stand in it as a digest of their own, whose first digits are the key's first:
/// keys of the same words lie beside each other, whoever is asked and how, which finds the nearest entry after a change.
public struct CacheKey: Hashable, Sendable, CustomStringConvertible {
    /// 64 hexadecimal digits: 8 of the words', then 56 of the whole request's.
    public let description: String

    /// How many digits name the words alone. Among 100,000 prompts a new one begins like another in one of 40,000 cases.
    package static let wordDigits = 8

    public init(for call: TextCall) {
        var words = CanonicalEncoding(version: "questfoundry words 2")
        words.add("messages", call.messages)
        let digest = words.digest()
        var encoding = CanonicalEncoding(version: "questfoundry text 2", of: .text(call), words: digest)
        encoding.add("temperature", call.temperature)
        encoding.add("top_p", call.topP)
        encoding.add("frequency_penalty", call.frequencyPenalty)
        encoding.add("presence_penalty", call.presencePenalty)
        encoding.add("max_tokens", call.maxTokens)
        encoding.add("seed", call.seed)
        encoding.add("stop", call.stop)
        encoding.add("json", call.wantsJSON)
        encoding.add("take", call.take)
        // It came later: keys without it stay what they were.
        if let topK = call.topK { encoding.add("top_k", topK) }
        self.init(words: digest, encoding)
    }

    init(words: [UInt8], _ encoding: consuming CanonicalEncoding) {
        description = (words.prefix(Self.wordDigits / 2) + encoding.digest().dropLast(Self.wordDigits / 2)).hexadecimal
    }
}

/// Bytes that say one thing only: names and values, each preceded by its length.
struct CanonicalEncoding {
    private var hash = SHA256()
    /// What is not in the hash yet. Long texts go there at once: to copy them first takes room that is not at hand.
    private var bytes: [UInt8] = []

    private static let capacity = 512

    init(version: String) {
        bytes.reserveCapacity(Self.capacity)
        part(version)
    }

    /// Begins with what calls of every kind have: who is asked, and the digest of the words.
    init(version: String, of call: ModelCall, words: [UInt8]) {
        self.init(version: version)
        add("provider", call.provider)
        add("type", call.providerType)
        add("endpoint", call.endpoint)
        add("model", call.model)
        add("words", words)
    }

    consuming func digest() -> [UInt8] {
        hash.update(data: bytes)
        return hash.finalize().withUnsafeBytes { Array($0) }
    }

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

    mutating func add(_ name: String, _ digest: [UInt8]) {
        part(name)
        part(digest)
    }

    private mutating func part(_ bytes: [UInt8]) {
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { self.bytes.append(contentsOf: $0) }
        self.bytes.append(contentsOf: bytes)
    }

    private mutating func part(_ text: String) {
        withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
        guard text.utf8.count > Self.capacity else { return bytes.append(contentsOf: text.utf8) }
        hash.update(data: bytes)
        bytes.removeAll(keepingCapacity: true)
        var text = text
        text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    }
}
