public import Core
package import Foundation

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
package struct Lifetime: Hashable, Sendable {
    package var bootID: String
    package var stored: Moment
    /// In microseconds; nil = it never expires.
    package var length: Int64?

    package init(bootID: String, stored: Moment, length: Int64?) {
        self.bootID = bootID
        self.stored = stored
        self.length = length
    }

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

/// What a store keeps under a key.
package struct CacheEntry: Hashable, Sendable {
    package var key: String
    package var provider: String
    package var model: String
    package var lifetime: Lifetime
    /// A ``CacheRecord`` in bytes, which is all that a look-up reads.
    package var record: Data

    package init(key: String, provider: String, model: String, lifetime: Lifetime, record: Data) {
        self.key = key
        self.provider = provider
        self.model = model
        self.lifetime = lifetime
        self.record = record
    }

    /// What the entry counts against a cap, in bytes: its texts and a fixed frame.
    package var size: Int { record.count + key.utf8.count + provider.utf8.count + model.utf8.count + 128 }
}
