public import Foundation

/// A moment, told by two clocks at once.
///
/// The wall clock names it for people and calendars, and may be set back or forth. The boot clock only ever
/// moves forward, counts through suspension, and starts anew with each boot of the machine.
public struct Moment: Hashable, Codable, Sendable {
    /// Microseconds since 1 January 1970, UTC.
    public var wall: Int64
    /// Microseconds since the machine started.
    public var sinceBoot: Int64

    public init(wall: Int64, sinceBoot: Int64) {
        self.wall = wall
        self.sinceBoot = sinceBoot
    }

    public var date: Date { Date(timeIntervalSince1970: Double(wall) / 1e6) }
}

/// Where the program takes the time from, so that tests can move it.
public protocol TimeSource: Sendable {
    /// Names the current boot of the machine; boot times of two boots cannot be compared.
    var bootID: String { get }
    func now() -> Moment
    /// Returns when the boot clock has moved on by that many microseconds, at once when it is not positive.
    ///
    /// Throws `CancellationError` as soon as the task is cancelled.
    func sleep(microseconds: Int64) async throws
}

/// The machine's own clocks.
public struct SystemTime: TimeSource {
    public let bootID: String

    public init() {
        let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        bootID = text.map { $0.filter { !$0.isWhitespace } } ?? "unknown"
    }

    public func now() -> Moment {
        Moment(wall: Self.read(CLOCK_REALTIME), sinceBoot: Self.read(CLOCK_BOOTTIME))
    }

    public func sleep(microseconds: Int64) async throws {
        try await Task.sleep(for: .microseconds(max(0, microseconds)))
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }
}
