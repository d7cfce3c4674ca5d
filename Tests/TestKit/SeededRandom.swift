import Foundation

/// Random numbers that a seed repeats: SplitMix64.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    /// The seeds that property tests run with; `QUESTFOUNDRY_SEEDS` asks for more of them.
    public static func seeds(_ count: UInt64) -> [UInt64] {
        let asked = ProcessInfo.processInfo.environment["QUESTFOUNDRY_SEEDS"].flatMap(UInt64.init)
        return Array(1...max(asked ?? count, 1))
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// One of a range's numbers.
    public mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// Whether one of so many chances came true.
    public mutating func isOne(in chances: Int) -> Bool { number(1...chances) == 1 }

    /// One of some elements, of which there has to be at least one.
    public mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(0...elements.count - 1)] }
}
