public import Testing

/// Lets tests that keep the whole machine busy take turns, so that the others, which wait for servers in this process, are
/// not kept from theirs.
///
/// A test's time limit counts its wait as well: give it a long one.
public struct OneAtATime: SuiteTrait, TestTrait, TestScoping {
    private static let line = Line()

    public var isRecursive: Bool { true }

    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        await Self.line.enter()
        do {
            try await function()
        } catch {
            await Self.line.leave()
            throw error
        }
        await Self.line.leave()
    }

    private actor Line {
        private var isBusy = false
        private var waiting: [CheckedContinuation<Void, Never>] = []

        func enter() async {
            guard isBusy else {
                isBusy = true
                return
            }
            await withCheckedContinuation { waiting.append($0) }
        }

        func leave() {
            guard !waiting.isEmpty else {
                isBusy = false
                return
            }
            waiting.removeFirst().resume()
        }
    }
}

extension Trait where Self == OneAtATime {
    /// Takes turns with all other tests that keep the whole machine busy.
    public static var oneAtATime: OneAtATime { OneAtATime() }
}
