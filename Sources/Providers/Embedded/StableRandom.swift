/// Numbers that are the same on every machine and in every run, given the same beginning (SplitMix64).
struct StableRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// Begins with texts and a seed: another text or seed gives other numbers.
    init(_ texts: [String], seed: UInt64) {
        // FNV-1a, each text followed by a byte that no UTF-8 text holds.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for text in texts {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            hash = (hash ^ 0xFF) &* 0x100_0000_01B3
        }
        var mixer = StableRandom(seed: seed)
        state = hash ^ mixer.next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, but not with, a positive bound.
    mutating func next(below bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }

    /// The numbers of a range in an order that chance decides.
    mutating func shuffled(_ range: Range<Int>) -> [Int] {
        var result = Array(range)
        for index in result.indices.dropFirst() { result.swapAt(index, next(below: index + 1)) }
        return result
    }
}
