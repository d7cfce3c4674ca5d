import Core
import Foundation
import TestKit
import Testing

@testable import ResponseCache

/// What every store keeps to.
@Suite struct CacheStoreContractTests {
    /// A filter, and which of ``entries`` it matches at ``Core/Moment/start``.
    struct FilterSample: Sendable {
        var filter: PruneFilter
        var keys: Set<String>
    }

    private let folder: StoreShelf

    init() throws { folder = try StoreShelf() }

    private static let nothing = PruneResult(entries: 0, bytes: 0)

    private static let entries = [
        CacheEntry.sample(
            "x1", provider: "x", size: 400, stored: .start.moved(wall: -100_000_000, sinceBoot: -100_000_000),
            length: 50_000_000),
        .sample("x2", provider: "x", size: 500, stored: .start.moved(wall: -60_000_000, sinceBoot: -60_000_000)),
        .sample(
            "y1", provider: "y", size: 600, stored: .start.moved(wall: -59_999_999, sinceBoot: -59_999_999),
            length: 30_000_000),
        .sample("y2", provider: "y", size: 700, length: 1),
    ]

    static let filters = [
        FilterSample(filter: .expired, keys: ["x1", "y1"]),
        FilterSample(filter: .olderThan(seconds: 60), keys: ["x1", "x2"]),
        FilterSample(filter: .provider("y"), keys: ["y1", "y2"]),
        FilterSample(filter: .provider("z"), keys: []),
        FilterSample(filter: .everything, keys: ["x1", "x2", "y1", "y2"]),
    ]

    private func count(_ store: any CacheStore, _ filter: PruneFilter? = nil) throws -> PruneResult {
        try store.count(filter, now: .start, bootID: "boot-1")
    }

    private func present(_ store: any CacheStore, _ keys: String) throws -> String {
        try keys.filter { try store.record(String($0)) != nil }
    }

    private func isExpired(_ store: any CacheStore, at moment: Moment, bootID: String) throws -> Bool {
        try store.count(.expired, now: moment, bootID: bootID).entries == 1
    }

    @Test(arguments: StoreKind.allCases)
    func entryComesBackAsItWasPut(_ kind: StoreKind) throws {
        let store = try kind.store(in: folder)
        for entry in [CacheEntry.sample("a"), .sample("b", provider: "é\n\"π", length: 86_400_000_000)] {
            try store.put(entry, usedAt: 1, caps: .none)
            #expect(try store.record(entry.key) == entry.record)
        }
        #expect(try store.record("c") == nil)
        #expect(try count(store) == PruneResult(entries: 2, bytes: 2_000))
    }

    @Test(arguments: StoreKind.allCases)
    func puttingAgainReplacesTheEntry(_ kind: StoreKind) throws {
        let store = try kind.store(in: folder)
        try store.put(.sample("a", provider: "x"), usedAt: 1, caps: .none)
        let second = CacheEntry.sample("a", provider: "y", size: 700, length: 5)
        try store.put(second, usedAt: 2, caps: .none)
        #expect(try store.record("a") == second.record)
        #expect(try count(store) == PruneResult(entries: 1, bytes: 700))
        #expect(try count(store, .provider("x")) == Self.nothing)
    }

    @Test(arguments: StoreKind.allCases)
    func sameWordsAreFoundUnderAnotherKeyOnly(_ kind: StoreKind) throws {
        let store = try kind.store(in: folder)
        let (key, near) = ("1234567890abcdef", "12345678ffffffff")
        #expect(try !store.hasNeighbour(of: key))
        try store.put(.sample(key), usedAt: 1, caps: .none)
        #expect(try !store.hasNeighbour(of: key))
        #expect(try store.hasNeighbour(of: near))
        #expect(try !store.hasNeighbour(of: "12345679ffffffff"))
        try store.put(.sample(near), usedAt: 1, caps: .none)
        #expect(try store.hasNeighbour(of: key))
        try store.remove(near)
        #expect(try !store.hasNeighbour(of: key))
    }

    @Test(arguments: StoreKind.allCases)
    func removedEntryIsGone(_ kind: StoreKind) throws {
        let store = try kind.store(in: folder)
        try store.put(.sample("a"), usedAt: 1, caps: .none)
        try store.put(.sample("b", size: 600), usedAt: 1, caps: .none)
        try store.remove("a")
        try store.remove("never there")
        #expect(try present(store, "ab") == "b")
        #expect(try count(store) == PruneResult(entries: 1, bytes: 600))
    }

    @Test(arguments: StoreKind.allCases)
    func sumOfSizesNeverPassesTheCap(_ kind: StoreKind) throws {
        let store = try kind.store(in: folder)
        for index in 0..<10 {
            try store.put(
                .sample("\(index)", provider: "p\(index % 2)"), usedAt: Int64(index),
                caps: CacheCaps(total: 3_500, provider: .max))
            let kept = min(index + 1, 3)
            #expect(try count(store) == PruneResult(entries: kept, bytes: kept * 1_000))
        }
        #expect(try present(store, "0123456789") == "789")
    }

    @Test(arguments: StoreKind.allCases)
    func providerMakesRoomWithinItsOwnCap(_ kind: StoreKind) throws {
        let store = try kind.store(in: folder)
        let caps = CacheCaps(total: 10_000, provider: 2_000)
        try store.put(.sample("o", provider: "oldest"), usedAt: 0, caps: caps)
        for index in 1...4 {
            try store.put(.sample("\(index)", provider: "x"), usedAt: Int64(index), caps: caps)
            #expect(try count(store, .provider("x")).bytes == min(index, 2) * 1_000)
        }
        #expect(try present(store, "o1234") == "o34")
        #expect(try count(store) == PruneResult(entries: 3, bytes: 3_000))
    }

    @Test(arguments: StoreKind.allCases)
    func entryUsedLongestAgoMakesRoomFirst(_ kind: StoreKind) throws {
        let store = try kind.store(in: folder)
        let caps = CacheCaps(total: 3_000, provider: 3_000)
        for (index, key) in ["b", "c", "a"].enumerated().reversed() {
            try store.put(.sample(key), usedAt: Int64(index), caps: caps)
        }
        try store.put(.sample("d"), usedAt: 3, caps: caps)
        #expect(try present(store, "abcd") == "acd")
        try store.touch(["c": 9, "never there": 10])
        try store.put(.sample("e"), usedAt: 4, caps: caps)
        #expect(try present(store, "acde") == "cde")
        try store.put(.sample("f"), usedAt: 5, caps: caps)
        #expect(try present(store, "cdef") == "cef")
    }

    @Test(arguments: StoreKind.allCases)
    func replacedEntryMakesRoomForItself(_ kind: StoreKind) throws {
        let store = try kind.store(in: folder)
        let caps = CacheCaps(total: 2_000, provider: 2_000)
        try store.put(.sample("a"), usedAt: 1, caps: caps)
        try store.put(.sample("b"), usedAt: 2, caps: caps)
        try store.put(.sample("b", length: 9), usedAt: 3, caps: caps)
        #expect(try present(store, "ab") == "ab")
    }

    @Test(
        arguments: StoreKind.allCases,
        [CacheCaps(total: 999, provider: .max), CacheCaps(total: .max, provider: 999)])
    func entryLargerThanACapIsNotKeptAndRemovesWhatWasThere(_ kind: StoreKind, _ caps: CacheCaps) throws {
        let store = try kind.store(in: folder)
        try store.put(.sample("a", size: 400), usedAt: 1, caps: caps)
        try store.put(.sample("b", size: 400), usedAt: 2, caps: caps)
        try store.put(.sample("a", size: 1_000), usedAt: 3, caps: caps)
        #expect(try present(store, "ab") == "b")
        #expect(try count(store) == PruneResult(entries: 1, bytes: 400))
        try store.put(.sample("a", size: 999), usedAt: 4, caps: caps)
        #expect(try present(store, "ab") == "a")
    }

    @Test(arguments: StoreKind.allCases, filters)
    func filterCountsAndRemovesWhatItMatches(_ kind: StoreKind, _ sample: FilterSample) throws {
        let store = try kind.store(in: folder)
        for entry in Self.entries { try store.put(entry, usedAt: 1, caps: .none) }
        let (matching, others) = (
            Self.entries.filter { sample.keys.contains($0.key) }, Self.entries.filter { !sample.keys.contains($0.key) }
        )
        let bytes = matching.reduce(0) { $0 + $1.size }
        #expect(try count(store, sample.filter) == PruneResult(entries: matching.count, bytes: bytes))
        #expect(try store.removeAll(sample.filter) == PruneResult(entries: matching.count, bytes: bytes))
        #expect(try count(store, sample.filter) == Self.nothing)
        #expect(try count(store) == PruneResult(entries: others.count, bytes: others.reduce(0) { $0 + $1.size }))
        for entry in others { #expect(try store.record(entry.key) == entry.record) }
    }

    @Test(arguments: StoreKind.allCases)
    func sweepGoesInSlicesAndLeavesWhatIsReplacedMeanwhile(_ kind: StoreKind) throws {
        let store = try kind.store(in: folder)
        func key(_ index: Int) -> String { "\(index)\(String(repeating: "0", count: 9))\(index)" }
        for index in 100..<140 { try store.put(.sample(key(index), length: 0), usedAt: 1, caps: .none) }
        var sweep = store.sweep(.expired, now: .start, bootID: "boot-1")
        #expect(try sweep.next() == .looked)
        #expect(try count(store).entries == 40)
        for index in 100..<140 where index % 4 == 0 { try store.put(.sample(key(index)), usedAt: 2, caps: .none) }
        try store.remove(key(101))
        var slices: [Int] = []
        while case .removed(let slice) = try sweep.next() { slices.append(slice.entries) }
        #expect(slices.count == 2 && slices.allSatisfy { $0 <= 32 } && slices.reduce(0, +) == 29)
        #expect(try sweep.next() == nil)
        #expect(try count(store) == PruneResult(entries: 10, bytes: 10_000))
        #expect(try store.departure(of: key(103)) == .expired && store.departure(of: key(101)) == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func withinABootTheBootClockDecides(_ kind: StoreKind) throws {
        let store = try kind.store(in: folder)
        try store.put(.sample("a", length: 1_000), usedAt: 1, caps: .none)
        for (wall, sinceBoot, expected) in [
            (0, 0, false), (0, 999, false), (0, 1_000, true), (86_400_000_000, 999, false),
            (-86_400_000_000, 999, false), (-86_400_000_000, 1_000, true), (999, -1, true),
        ] as [(Int64, Int64, Bool)] {
            let moment = Moment.start.moved(wall: wall, sinceBoot: sinceBoot)
            #expect(try isExpired(store, at: moment, bootID: "boot-1") == expected, "\(wall) \(sinceBoot)")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func acrossBootsTheWallClockDecides(_ kind: StoreKind) throws {
        let store = try kind.store(in: folder)
        try store.put(.sample("a", length: 1_000), usedAt: 1, caps: .none)
        for (wall, sinceBoot, expected) in [
            (0, 0, false), (999, 86_400_000_000, false), (999, -3_600_000_000, false), (1_000, 0, true),
            (1_000, -3_600_000_000, true), (-1, 1, true),
        ] as [(Int64, Int64, Bool)] {
            let moment = Moment.start.moved(wall: wall, sinceBoot: sinceBoot)
            #expect(try isExpired(store, at: moment, bootID: "boot-2") == expected, "\(wall) \(sinceBoot)")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func entryWithoutALengthExpiresOnlyWhenItIsFromTheFuture(_ kind: StoreKind) throws {
        let store = try kind.store(in: folder)
        try store.put(.sample("a", length: nil), usedAt: 1, caps: .none)
        for bootID in ["boot-1", "boot-2"] {
            let late = Moment.start.moved(wall: 1 << 60, sinceBoot: 1 << 60)
            #expect(try !isExpired(store, at: late, bootID: bootID))
            let early = Moment.start.moved(wall: -1, sinceBoot: -1)
            #expect(try isExpired(store, at: early, bootID: bootID))
        }
    }

    // MARK: - Listing

    /// Three entries, whose keys say nothing about their order.
    private func listed(_ kind: StoreKind) throws -> any CacheStore {
        let store = try kind.store(in: folder)
        let entries: [(entry: CacheEntry, usedAt: Int64)] = [
            (.sample("a", provider: "x", size: 700, stored: .start.moved(wall: -3, sinceBoot: -3)), 2),
            (.sample("b", provider: "y", size: 500, stored: .start.moved(wall: -1, sinceBoot: -1)), 1),
            (.sample("c", provider: "x", size: 600, stored: .start.moved(wall: -2, sinceBoot: -2)), 3),
        ]
        for (entry, usedAt) in entries { try store.put(entry, usedAt: usedAt, caps: .none) }
        return store
    }

    private func keys(
        _ store: any CacheStore, of provider: String? = nil, _ order: CacheOrder, from first: Int = 0,
        atMost count: Int = .max
    ) throws -> String {
        let entries = try store.entries(
            of: provider, sortedBy: order, from: first, atMost: count, now: .start, bootID: "boot-1")
        return entries.map(\.key).joined()
    }

    private func keys(_ store: any CacheStore, withPrefix prefix: String, atMost count: Int = .max) throws -> [String] {
        try store.entries(withPrefix: prefix, atMost: count, now: .start, bootID: "boot-1").map(\.key)
    }

    /// An entry with a whole answer.
    private func whole(_ key: String, length: Int64? = nil, isDamaged: Bool = false) throws -> CacheEntry {
        let kept = CachedAnswer(answer: .sample(), cost: try Money(dollars: "0.25"), storedAt: .start)
        let record = CacheRecord(kept, bootID: "boot-1", length: length)
        return CacheEntry(
            key: key, provider: "openai", model: "gpt-4o", lifetime: record.lifetime,
            record: isDamaged ? record.bytes.dropLast() : record.bytes)
    }

    @Test(arguments: StoreKind.allCases)
    func listIsInTheOrderThatIsAskedFor(_ kind: StoreKind) throws {
        let store = try listed(kind)
        #expect(try keys(store, .used) == "cab")
        #expect(try keys(store, .stored) == "bca")
        #expect(try keys(store, .size) == "acb")
        try store.touch(["b": 9])
        #expect(try keys(store, .used) == "bca")
        let other = try StoreShelf()
        #expect(try keys(kind.store(in: other), .used) == "")
        _ = other
    }

    @Test(arguments: StoreKind.allCases)
    func entriesThatTieAreListedByTheirKeys(_ kind: StoreKind) throws {
        let store = try kind.store(in: folder)
        for key in ["b", "c", "a"] { try store.put(.sample(key), usedAt: 1, caps: .none) }
        for order in CacheOrder.allCases { #expect(try keys(store, order) == "abc") }
    }

    @Test(arguments: StoreKind.allCases)
    func listHasPagesAndIsOfOneProviderOnDemand(_ kind: StoreKind) throws {
        let store = try listed(kind)
        #expect(try keys(store, .used, atMost: 2) == "ca")
        #expect(try keys(store, .used, from: 2, atMost: 2) == "b")
        #expect(try keys(store, .used, from: 3) == "")
        #expect(try keys(store, .used, atMost: 0) == "")
        #expect(try keys(store, of: "x", .size) == "ac")
        #expect(try keys(store, of: "x", .size, from: 1, atMost: 1) == "c")
        #expect(try keys(store, of: "z", .size) == "")
    }

    @Test(arguments: StoreKind.allCases)
    func listTellsWhatAnEntryHolds(_ kind: StoreKind) throws {
        let store = try kind.store(in: folder)
        let entry = try whole("a", length: 1_000)
        try store.put(entry, usedAt: 7, caps: .none)
        let expected = CachedEntry(
            key: "a", provider: "openai", model: "gpt-4o", storedAt: Moment.start.wall, usedAt: 7,
            expiresAt: Moment.start.wall + 1_000, isExpired: false, size: entry.size, isDamaged: false,
            cost: try Money(dollars: "0.25"), opening: "Once upon a time")
        #expect(try store.entries(withPrefix: "a", atMost: 1, now: .start, bootID: "boot-1") == [expected])
        #expect(
            try store.entries(of: nil, sortedBy: .used, from: 0, atMost: 1, now: .start, bootID: "boot-1") == [expected]
        )
        // The wall clock was set forth by an hour meanwhile, of which the boot clock knows nothing.
        let later = Moment.start.moved(wall: 3_600_000_400, sinceBoot: 400)
        let found = try store.entries(withPrefix: "a", atMost: 1, now: later, bootID: "boot-1")
        #expect(found.first?.expiresAt == later.wall + 600 && found.first?.isExpired == false)
        let late = Moment.start.moved(wall: 1_000, sinceBoot: 1_000)
        #expect(try store.entries(withPrefix: "a", atMost: 1, now: late, bootID: "boot-1").first?.isExpired == true)
    }

    @Test(arguments: StoreKind.allCases)
    func entryWithoutALengthIsListedWithoutAnEnd(_ kind: StoreKind) throws {
        let store = try kind.store(in: folder)
        try store.put(try whole("a"), usedAt: 1, caps: .none)
        let found = try store.entries(withPrefix: "a", atMost: 1, now: .start, bootID: "boot-1")
        #expect(found.count == 1 && found.first?.expiresAt == nil && found.first?.isExpired == false)
    }

    @Test(arguments: StoreKind.allCases)
    func damagedEntryIsListedAsDamaged(_ kind: StoreKind) throws {
        let store = try kind.store(in: folder)
        try store.put(try whole("a", isDamaged: true), usedAt: 1, caps: .none)
        try store.put(.sample("b"), usedAt: 1, caps: .none)
        try store.put(try whole("c"), usedAt: 1, caps: .none)
        let found = try store.entries(of: nil, sortedBy: .used, from: 0, atMost: .max, now: .start, bootID: "boot-1")
        #expect(found.map(\.isDamaged) == [true, true, false])
        #expect(found.map(\.opening) == ["", "", "Once upon a time"] && found.first?.cost == nil)
        #expect(found.map(\.provider) == ["openai", "openai", "openai"])
    }

    @Test(arguments: StoreKind.allCases)
    func entriesAreFoundByTheBeginningOfTheirKeys(_ kind: StoreKind) throws {
        let store = try kind.store(in: folder)
        for key in ["abd0", "abc1", "abc0", "ab", "b", "aa"] { try store.put(.sample(key), usedAt: 1, caps: .none) }
        #expect(try keys(store, withPrefix: "abc") == ["abc0", "abc1"])
        #expect(try keys(store, withPrefix: "abc1") == ["abc1"])
        #expect(try keys(store, withPrefix: "ab") == ["ab", "abc0", "abc1", "abd0"])
        #expect(try keys(store, withPrefix: "ab", atMost: 2) == ["ab", "abc0"])
        #expect(try keys(store, withPrefix: "ABC").isEmpty)
        #expect(try keys(store, withPrefix: "abc%").isEmpty)
        #expect(try keys(store, withPrefix: "").count == 6)
    }

    @Test(arguments: StoreKind.allCases)
    func writersAtOnceKeepTheCap(_ kind: StoreKind) async throws {
        let store = try kind.store(in: folder)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<20 {
                group.addTask {
                    let caps = CacheCaps(total: 5_000, provider: 5_000)
                    try store.put(.sample("\(index % 7)"), usedAt: Int64(index), caps: caps)
                }
            }
            try await group.waitForAll()
        }
        #expect(try count(store) == PruneResult(entries: 5, bytes: 5_000))
    }
}
