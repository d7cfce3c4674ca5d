/// The entries that go when room is needed: those used longest ago, of a provider, or of all where it is nil.
///
/// To find them means to look at every entry, so many are found at a time. One that was used or replaced since is none any
/// more, which its time tells.
struct Victims<ID: Hashable & Sendable>: Sendable {
    struct Victim: Sendable {
        var id: ID
        var usedAt: Int64
    }

    /// How many are worth finding at a time.
    static var most: Int { 2_048 }

    /// The next one last.
    private var found: [String?: [Victim]] = [:]

    mutating func next(of provider: String?) -> Victim? { found[provider]?.popLast() }

    /// Sets those that were found, the one used longest ago first.
    mutating func set(_ victims: some Sequence<Victim>, of provider: String?) { found[provider] = victims.reversed() }

    /// Forgets those that were found when an entry was used before one of them, as when the clock was set back.
    mutating func forget(from usedAt: Int64) {
        for (provider, victims) in found where victims.first.map({ usedAt <= $0.usedAt }) == true {
            found[provider] = nil
        }
    }
}
