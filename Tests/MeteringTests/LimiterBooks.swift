import Configuration
import Core
import Synchronization
import TestKit

@testable import Metering

/// Where a limiter may keep its levels. What holds for one has to hold for each.
enum LimiterBooks: String, CaseIterable, Sendable {
    case file, memory
    #if Redis
        /// On a server, with the rows in a file.
        case redis
    #endif
}

/// Limiters over the same books, one after another or side by side.
final class LimiterBench: Sendable {
    let settings: RateLimitSettings
    private let books: LimiterBooks
    private let folder: TemporaryFolder
    private let time: any TimeSource
    private let kept: Ledger
    private let shelf = RedisShelf()

    init(_ books: LimiterBooks, _ settings: RateLimitSettings, time: any TimeSource) throws {
        self.books = books
        self.settings = settings
        self.time = time
        folder = try TemporaryFolder()
        kept = Ledger(inMemoryWith: time)
    }

    /// What the limiter shares with others, where it does.
    private var shared: (any SharedLevels)? {
        #if Redis
            books == .redis ? try? shelf.levels(time: time) : nil
        #else
            nil
        #endif
    }

    /// A limiter as another process has it, or this one after a restart.
    func limiter() -> (limiter: RateLimiter, ledger: Ledger) {
        let ledger =
            switch books {
            case .memory: kept
            default: Ledger(path: folder.file("ledger.db"), time: time)
            }
        return (RateLimiter(ledger: ledger, settings: settings, shared: shared), ledger)
    }
}

/// Clocks that a test sets as it likes, each by itself.
final class SteppedTime: TimeSource {
    private struct State {
        var moment = Moment(wall: 1_795_521_600_000_000, sinceBoot: 3_600_000_000)
        var boot = 1
    }

    private let state = Mutex(State())

    var bootID: String { state.withLock { "boot-\($0.boot)" } }

    func now() -> Moment { state.withLock { $0.moment } }

    /// Nobody waits on these clocks.
    func sleep(microseconds: Int64) async throws {}

    func step(wall: Int64 = 0, sinceBoot: Int64 = 0) {
        state.withLock { state in
            state.moment.wall += wall
            state.moment.sinceBoot += sinceBoot
        }
    }

    /// Starts the machine anew; meanwhile the wall clock went on, or was set back.
    func reboot(wall: Int64) {
        state.withLock { state in
            state.boot += 1
            state.moment = Moment(wall: state.moment.wall + wall, sinceBoot: 5_000_000)
        }
    }
}
