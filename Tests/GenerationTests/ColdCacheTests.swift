import Configuration
import Core
import Metering
import TestKit
import Testing

@testable import Generation

/// Sixteen identical requests, and nothing in the cache.
@Suite(.timeLimit(.minutes(10))) struct ColdCacheTests {
    private static let count = 16
    let turns = TurnTaking()

    private func start(_ fixture: GenerationFixture, _ count: Int = Self.count) -> [Task<Generated, any Error>] {
        (0..<count).map { _ in
            Task(executorPreference: turns) { try await fixture.generate(fixture.request("Say hello.")) }
        }
    }

    private func answers(_ tasks: some Sequence<Task<Generated, any Error>>) async throws -> [Generated] {
        var answers: [Generated] = []
        for task in tasks { answers.append(try await task.value) }
        return answers
    }

    @Test func allAtOnceMakeOneCall() async throws {
        for _ in 0..<20 {
            let fixture = try GenerationFixture()
            fixture.provider.whileCalled { _ in for _ in 0..<20 { await Task.yield() } }
            let answers = try await withThrowingTaskGroup(of: Generated.self) { group in
                for _ in 0..<Self.count { group.addTask { try await fixture.generate(fixture.request()) } }
                return try await group.reduce(into: [Generated]()) { $0.append($1) }
            }
            #expect(fixture.provider.calls.count == 1)
            #expect(answers.count == Self.count && answers.allSatisfy { $0.answer.text == "Hello there." })
            #expect(answers.count { $0.record.source == .provider } == 1)
            #expect(answers.map(\.record.cost).reduce(Money.zero) { $0 + ($1 ?? .zero) }.dollars == "0.000444")
            #expect(try fixture.rows().count == Self.count)
            #expect(try fixture.openAttempts().isEmpty)
        }
    }

    @Test func firstThatGivesUpBeforeItsCallLeavesOneCallToTheOthers() async throws {
        let fixture = try GenerationFixture(limits: { $0.global.requests[.second] = 1 })
        try await fixture.generate(fixture.request("Something else."))
        let tasks = start(fixture)
        await turns.settle()
        tasks[0].cancel()
        await turns.settle()
        await #expect(throws: GenerationError.self) { _ = try await tasks[0].value }
        #expect(fixture.provider.calls.count == 1)
        fixture.time.advance(seconds: 1)
        let answers = try await answers(tasks.dropFirst())
        #expect(fixture.provider.calls.count == 2)
        #expect(answers.map(\.record.source) == [.provider] + Array(repeating: .shared, count: 14))
        #expect(try fixture.openAttempts().isEmpty)
        #expect(try fixture.rows().compactMap(\.cost).reduce(Money.zero, +).dollars == "0.000888")
    }

    @Test func firstThatGivesUpInItsCallIsChargedAndTheOthersShareTheNextOne() async throws {
        let fixture = try GenerationFixture()
        let never = Signal()
        fixture.provider.whileCalled { number in if number == 1 { await never.wait() } }
        let tasks = start(fixture)
        await turns.settle()
        tasks[0].cancel()
        let answers = try await answers(tasks.dropFirst())
        await #expect(throws: GenerationError.self) { _ = try await tasks[0].value }
        #expect(fixture.provider.calls.count == 2)
        #expect(answers.map(\.record.source) == [.provider] + Array(repeating: .shared, count: 14))
        #expect(answers.allSatisfy { $0.answer.text == "Hello there." })
        let cost = try fixture.rows().compactMap(\.cost).reduce(Money.zero, +)
        // The worst case of the one, and what the other cost.
        #expect(cost.dollars == "0.001296")
        #expect(try fixture.openAttempts().isEmpty)
    }

    @Test(arguments: SeededRandom.seeds(20))
    func whoeverGivesUpWheneverTheOthersAreAnswered(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let fixture = try GenerationFixture()
        let hops = random.number(1...60)
        fixture.provider.whileCalled { _ in for _ in 0..<hops { await Task.yield() } }
        let tasks = (0..<Self.count).map { _ in Task { try await fixture.generate(fixture.request()) } }
        var cancelled: Set<Int> = []
        for _ in 0..<random.number(1...8) {
            for _ in 0..<random.number(0...30) { await Task.yield() }
            let index = random.number(0...Self.count - 1)
            tasks[index].cancel()
            cancelled.insert(index)
        }
        for (index, task) in tasks.enumerated() {
            switch await task.result {
            case .success(let generated): #expect(generated.answer.text == "Hello there.", "seed \(seed)")
            case .failure: #expect(cancelled.contains(index), "seed \(seed), \(index)")
            }
        }
        let answered = try fixture.rows().filter { $0.source == "provider" && $0.outcome == "answered" }
        #expect(answered.count <= 1, "seed \(seed)")
        #expect(try fixture.openAttempts().isEmpty, "seed \(seed)")
        // Nobody is left behind in the flight.
        #expect(try await fixture.generate(fixture.request()).answer.text == "Hello there.", "seed \(seed)")
    }
}
