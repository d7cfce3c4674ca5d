#if Redis
    import Configuration
    import Core
    import Foundation
    import Synchronization
    import TestKit
    import Testing

    @testable import RedisStores

    extension RedisSettings {
        static func sample(_ server: RedisServer, _ change: (inout RedisSettings) -> Void = { _ in }) -> RedisSettings {
            var settings = RedisSettings()
            settings.port = server.port
            settings.project = "book"
            change(&settings)
            return settings
        }
    }

    extension RedisTimes {
        /// Long ones, for tests that are not about time: the machine may be busy.
        static let patient = RedisTimes(connect: 60_000, command: 60_000)
        /// Short ones, for tests in which the server goes away.
        static let short = RedisTimes(connect: 500, command: 300, idle: 50, backoff: 10...50)
    }

    /// Looks until something is so; says so when it is not within the deadline.
    func eventually(
        _ what: String, seconds: Double = 120, at location: SourceLocation = #_sourceLocation,
        _ isSo: () async throws -> Bool
    ) async rethrows {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            if try await isSo() { return }
            // Polls, and leaves the processor to the others.
            try? await Task.sleep(for: .milliseconds(2))
        }
        Issue.record("not so within \(seconds) s: \(what)", sourceLocation: location)
    }

    /// What a connection told of its health.
    final class HealthLog: Sendable {
        private let log = Mutex<[RedisHealth]>([])
        var states: [RedisHealth.State] { log.withLock { $0.map(\.state) } }
        func note(_ health: RedisHealth) { log.withLock { $0.append(health) } }
    }

    extension RedisHealth {
        var isConnected: Bool { state == .connected }
        var error: RedisError? { if case .away(_, let error) = state { error } else { nil } }
    }
#endif
