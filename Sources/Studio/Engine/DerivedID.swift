import Core
import Crypto

/// What an artifact's id is derived from, so that the same run finds its own artifacts again.
struct DerivedID: Hashable, Sendable {
    var prefix: String
    var type: String
    var loop: String
    var step: String
    var index: Int
    var brief: String
    var seed: UInt64?
    var take: Int

    /// The id: the prefix and 40 bits of a hash, `HOOK-7F3A21C09B`. Holds no date.
    var text: String {
        let parts = [type, loop, step, "\(index)", brief, seed.map { "\($0)" } ?? "", "\(take)"]
        // Each part is preceded by its length, so that no two lists of parts have one encoding.
        let encoding = parts.map { "\($0.utf8.count):\($0)" }.joined()
        let digest = SHA256.hash(data: Array(encoding.utf8))
        return "\(prefix)-\(digest.prefix(5).hexadecimal.uppercased())"
    }
}
