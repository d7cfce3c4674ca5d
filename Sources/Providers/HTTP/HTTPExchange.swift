import Core
import Foundation
import Synchronization

/// One request and its response, as they come in from the network.
///
/// The events hold at most the request's ``HTTPOutgoing/byteLimit`` of body in all, and little more than ``unreadLimit``
/// that nobody has read yet, whatever the server sends and however slowly they are read.
final class HTTPExchange: Sendable {
    /// The largest response to a POST that is taken: 32 MiB, counted after decompression.
    static let byteLimit = 32 << 20
    /// How many bytes may wait to be read before the server has to.
    private static let unreadLimit = 1 << 20
    /// How long the end of a response may take that nobody reads on.
    private static let lingering = 0.25

    private struct State {
        var isBegun = false
        var received = 0
        var unread = 0
        var isHeldUp = false
        var lastArrival: Int64
        /// What has arrived and is not delivered yet.
        var arrived = Data()
        var pace = Pace()
    }

    /// How often bytes come.
    private struct Pace {
        /// So many arrivals make a pace, in microseconds at most where they are rapid; once they are, more of them gather.
        private static let (arrivals, rapid, gathered) = (32, Int64(100_000), Int64(640_000))

        private(set) var isRapid = false
        private var count = 0
        private var since: Int64 = 0

        mutating func note(at now: Int64) {
            if count == 0 { since = now }
            count += 1
            guard count == Self.arrivals else { return }
            isRapid = now - since < (isRapid ? Self.gathered : Self.rapid)
            count = 0
        }
    }

    let events: AsyncThrowingStream<HTTPEvent, any Error>
    let request: any HTTPOutgoing
    private let continuation: AsyncThrowingStream<HTTPEvent, any Error>.Continuation
    private let time: any TimeSource
    private let state: Mutex<State>

    init(_ request: any HTTPOutgoing, time: any TimeSource) {
        self.request = request
        self.time = time
        state = Mutex(State(lastArrival: time.now().sinceBoot))
        (events, continuation) = AsyncThrowingStream.makeStream()
    }

    func begin(status: Int, fields: [String: String]) {
        let now = time.now()
        state.withLock { state in
            state.isBegun = true
            state.lastArrival = now.sinceBoot
        }
        continuation.yield(.head(HTTPHead(status: status, fields: fields, receivedAt: now)))
    }

    /// What became of bytes that arrived.
    enum Taking { case taken, heldUp, tooLarge }

    /// Takes bytes of the body, to be delivered, or holds up the server when too much is unread: the same bytes then come
    /// again after ``noteRead(_:)`` has asked for them. A response larger than allowed ends here.
    func take(_ bytes: Data) -> Taking {
        let taking: Taking = state.withLock { state in
            guard state.unread <= Self.unreadLimit else {
                state.isHeldUp = true
                return .heldUp
            }
            state.received += bytes.count
            state.unread += bytes.count
            state.lastArrival = time.now().sinceBoot
            guard state.received <= request.byteLimit else { return .tooLarge }
            state.arrived += bytes
            return .taken
        }
        if taking == .tooLarge { end(throwing: .tooLarge) }
        return taking
    }

    /// Hands over what has arrived since the last time, as one event. Returns whether pieces come so often that more of
    /// them should gather first: each event wakes several threads.
    @discardableResult
    func deliver() -> Bool {
        let (arrived, isRapid) = state.withLock { state in
            defer { state.arrived = Data() }
            if !state.arrived.isEmpty { state.pace.note(at: state.lastArrival) }
            return (state.arrived, state.pace.isRapid)
        }
        guard !arrived.isEmpty else { return false }
        continuation.yield(.bytes(arrived))
        return isRapid
    }

    /// Notes that an event was read; returns whether the server, held up, may go on.
    func noteRead(_ event: HTTPEvent) -> Bool {
        guard case .bytes(let bytes) = event else { return false }
        return state.withLock { state in
            state.unread -= bytes.count
            guard state.isHeldUp, state.unread <= Self.unreadLimit / 2 else { return false }
            state.isHeldUp = false
            return true
        }
    }

    /// Ends the events after those that have come; only the first end counts.
    func end(throwing failure: HTTPFailure? = nil) {
        deliver()
        continuation.finish(throwing: failure)
    }

    func cancel() { continuation.finish(throwing: CancellationError()) }

    // MARK: - Time-outs

    /// Ends the exchange when no response has begun in time.
    func limitFirstByte(_ seconds: Double) async throws {
        try await time.sleep(microseconds: Self.microseconds(seconds))
        if !state.withLock({ $0.isBegun }) { end(throwing: .timedOut(.firstByte)) }
    }

    /// Ends the exchange when nothing has arrived for so long.
    func limitSilence(_ seconds: Double) async throws {
        while true {
            let due = state.withLock { $0.lastArrival } + Self.microseconds(seconds)
            let left = due - time.now().sinceBoot
            guard left > 0 else { return end(throwing: .timedOut(.idle)) }
            try await time.sleep(microseconds: left)
        }
    }

    func limitAll(_ seconds: Double) async throws {
        try await time.sleep(microseconds: Self.microseconds(seconds))
        end(throwing: .timedOut(.total))
    }

    /// Ends the exchange soon: long enough for a response whose last word has come to end by itself.
    func limitLingering() async throws {
        try await time.sleep(microseconds: Self.microseconds(Self.lingering))
        end()
    }

    /// Longer than thirty years counts as thirty years.
    private static func microseconds(_ seconds: Double) -> Int64 { Int64(min(max(seconds, 0), 1e9) * 1e6) }
}
