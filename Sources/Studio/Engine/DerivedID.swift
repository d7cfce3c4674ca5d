import Core
import Crypto

/// What a piece's id is derived from, so that the same run finds its own artifacts again. Holds no date.
struct DerivedID: Hashable, Sendable {
    var prefix: String
    var parts: [String]

    /// The id of what a step writes at an index of its answers.
    init(prefix: String, type: String, step: Loop.Step, index: Int, brief: String, seed: UInt64?) {
        self.prefix = prefix
        parts = [type, step.loop, step.name, "\(index)", brief, seed.map { "\($0)" } ?? ""]
    }

    /// The id of what is written about a section of a brief, by whichever loop.
    init(prefix: String, type: String, section: StoryPlan.Section) {
        self.prefix = prefix
        parts = [type, "section", section.brief, section.key]
    }

    /// The id of what a step notes about an artifact.
    init(prefix: String, step: Loop.Step, about piece: String) {
        self.prefix = prefix
        parts = [step.loop, step.name, "about", piece]
    }

    /// The prefix and 40 bits of a hash: `HOOK-7F3A21C09B`.
    var text: String {
        // Each part is preceded by its length, so that no two lists of parts have one encoding.
        let encoding = parts.map { "\($0.utf8.count):\($0)" }.joined()
        let digest = SHA256.hash(data: Array(encoding.utf8))
        return "\(prefix)-\(digest.prefix(5).hexadecimal.uppercased())"
    }

    /// The id of a take of a piece: the first has the piece's own, `HOOK-7F3A21C09B-T2` is the second.
    static func take(_ take: Int, of piece: String) -> String { take > 1 ? "\(piece)-T\(take)" : piece }
}
