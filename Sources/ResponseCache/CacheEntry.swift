public import Core
import Crypto
import Foundation

/// An answer as the cache keeps it.
public struct CachedAnswer: Hashable, Sendable {
    public var answer: Answer
    /// What it cost when it was made; nil when its model had no price.
    public var cost: Money?
    public var storedAt: Moment

    public init(answer: Answer, cost: Money?, storedAt: Moment) {
        self.answer = answer
        self.cost = cost
        self.storedAt = storedAt
    }
}

/// Why a look-up found nothing.
public enum MissCause: String, Hashable, Sendable {
    /// Nothing like it was ever asked.
    case new
    case expired
    /// The answer had to make room for others.
    case evicted
    /// Somebody removed the answer.
    case pruned
    /// The same was asked before, and now for another take.
    case newTake = "new_take"
    /// The same words were asked of another model or with other settings.
    case changed
    /// There is an answer that the asking role cannot read.
    case rejected
}

/// From when to when an answer counts, told by both clocks.
struct Lifetime: Hashable {
    var bootID: String
    var stored: Moment
    /// In microseconds; nil = it never expires.
    var length: Int64?

    /// How long ago it began, in microseconds. Within a boot the boot clock decides, so that a wall clock that is set
    /// back revives nothing.
    func age(at now: Moment, bootID: String) -> Int64 {
        let isSameBoot = self.bootID == bootID
        let (start, end) = isSameBoot ? (stored.sinceBoot, now.sinceBoot) : (stored.wall, now.wall)
        return Int64(clamping: Int128(end) - Int128(start))
    }

    /// An entry from the future counts as expired.
    func isOver(at now: Moment, bootID: String) -> Bool {
        let age = self.age(at: now, bootID: bootID)
        return age < 0 || length.map { age >= $0 } ?? false
    }
}

/// One row of a store.
struct CacheEntry: Hashable {
    var key: String
    /// Names the words of the request alone.
    var prompt: String
    var provider: String
    var model: String
    var lifetime: Lifetime
    /// The kept answer in bytes.
    var payload: Data
    var checksum: String

    init(
        key: String, prompt: String, provider: String, model: String, lifetime: Lifetime, payload: Data,
        checksum: String? = nil
    ) {
        self.key = key
        self.prompt = prompt
        self.provider = provider
        self.model = model
        self.lifetime = lifetime
        self.payload = payload
        self.checksum = checksum ?? Self.checksum(of: payload)
    }

    /// What the entry counts against a cap, in bytes: its texts and a fixed frame.
    var size: Int { payload.count + key.utf8.count + prompt.utf8.count + provider.utf8.count + model.utf8.count + 128 }

    /// The answer; nil when the row is damaged.
    var value: CachedAnswer? {
        guard checksum == Self.checksum(of: payload) else { return nil }
        return CachedAnswer(bytes: payload)
    }

    private static func checksum(of payload: Data) -> String {
        let digest = SHA256.hash(data: payload)
        return String(digest.withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }, radix: 16)
    }
}
