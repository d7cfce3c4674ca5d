import Testing

@testable import Core

@Suite struct SystemTimeTests {
    @Test func bootHasAName() {
        let name = SystemTime().bootID
        #expect(!name.isEmpty)
        #expect(name.filter(\.isWhitespace).isEmpty)
        #expect(SystemTime().bootID == name)
    }

    @Test func bootClockMovesForward() {
        let time = SystemTime()
        let first = time.now().sinceBoot
        #expect(first > 0)
        var last = first
        for _ in 0..<1_000_000 where last == first {
            last = time.now().sinceBoot
        }
        #expect(last > first)
    }

    @Test(arguments: [0, -1, -3_600_000_000, Int64.min])
    func sleepOfNoTimeReturnsAtOnce(_ microseconds: Int64) async throws {
        try await SystemTime().sleep(microseconds: microseconds)
    }

    @Test func cancelledSleepThrows() async {
        let sleeper = Task { try await SystemTime().sleep(microseconds: 3_600_000_000) }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }
}
